import { inspect } from 'node:util';
import { hasSucceeded, isSiderealError, STATE_CODE, STATES } from '@sidereal/core';
import type { RunOutcome } from '@sidereal/engine';
import { writeJson, type Context } from '../context.ts';
import { errorView, withoutStack } from '../errors/error-view.ts';
import { EXIT, exitCodeOfError, exitCodeOfState, type ExitCode } from '../errors/exit-code.ts';
import { errorLines, errorSummary } from '../errors/render-error.ts';
import { userLine } from '../errors/user-line.ts';
import { symbolOf } from '../progress/progress-lines.ts';
import { drawCounts } from '../progress/segment.ts';
import { formatDuration, plural } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { totalsOf, type Ended } from './ended.ts';
import { jsonValue } from './json-value.ts';
import type { RunSettings } from './run-settings.ts';

/** Prints what came of a run: the result to stdout, a summary or what went wrong to stderr. */
export function reportOutcome(ended: Ended, settings: RunSettings, context: Context): ExitCode {
  const exitCode = exitCodeOf(ended.outcome);
  const { error } = ended.outcome;
  if (settings.json) writeJson(context, runDocument(ended, exitCode));
  else if (error === undefined) writeResult(ended.outcome.value, context);
  if (error !== undefined && isTrouble(ended.outcome)) writeError(error, exitCode, context);
  if (!settings.isSilent || exitCode !== EXIT.ok) {
    for (const line of summaryLines(ended, context)) context.err.write(`${line}\n`);
  }
  return exitCode;
}

/** Tells that the program has ended the process while the run was under way: all of it before this returns. */
export function reportExit(ended: Ended, settings: RunSettings, context: Context): void {
  const { error, runId } = ended.outcome;
  if (settings.json) writeJson(context, runDocument(ended, EXIT.crashed));
  const next = runId === '' ? 'nothing was recorded yet' : `go on with: sidereal resume ${runId}`;
  context.err.write(`${errorSummary(errorView(error, userLine), context.cwd)}; ${next}\n`);
}

/** Skipped and cancelled runs have ended as somebody wished: their error is only what awaiting them would reject with. */
function isTrouble({ state }: RunOutcome): boolean {
  return state !== 'skipped' && state !== 'cancelled';
}

function exitCodeOf({ state, error }: RunOutcome): ExitCode {
  return state === undefined ? exitCodeOfError(error) : exitCodeOfState(state);
}

/** As `console.log` prints a value; nothing for a flow that returns nothing. */
function writeResult(value: unknown, { out, outStyle }: Context): void {
  if (value === undefined) return;
  const text = typeof value === 'string' ? value : inspect(value, { colors: outStyle.hasColour, depth: 6 });
  out.write(`${text}\n`);
}

function writeError(error: Error, exitCode: ExitCode, context: Context): void {
  const { err, errStyle: style, cwd } = context;
  const debug = context.debug || exitCode === EXIT.internal;
  const lines = errorLines(errorView(error, userLine), { style, width: err.columns, cwd, debug });
  err.write(`${lines.join('\n')}\n`);
}

function summaryLines(ended: Ended, { errStyle: style, err }: Context): string[] {
  const { outcome, flow, stages, durationMs } = ended;
  const { state, runId } = outcome;
  if (runId === '') return [];
  const { symbol, colour } = symbolOf(state === undefined ? STATE_CODE.crashed : STATE_CODE[state], style);
  const counts = drawCounts(totalsOf(stages), Math.max(30, err.columns - 4), style);
  const what = state ?? 'given up';
  return [
    `${style.paint(colour, `${symbol} ${oneLine(flow)} ${what}`)} in ${formatDuration(durationMs)}${counts === '' ? '' : `: ${counts}`}`,
    ...strayLine(outcome.strayErrors ?? 0),
    ...nextSteps(outcome).map((step) => `  ${step}`),
  ];
}

/** Errors that nothing has caught end nothing; so they are told once more. */
function strayLine(count: number): readonly string[] {
  return count === 0 ? [] : [`  ${plural(count, 'error')} that nothing caught, recorded as notes`];
}

/** What can be done next, as commands. */
function nextSteps({ state, runId, error }: RunOutcome): string[] {
  if (state !== undefined && (hasSucceeded(state) || state === 'skipped')) return [`sidereal show ${runId}`];
  if (state === undefined) {
    return isSiderealError(error, 'RUN_TAKEN_OVER')
      ? [`sidereal show ${runId}`]
      : [`sidereal resume ${runId}`];
  }
  if (state === 'failed') return [`sidereal show ${runId}`, `sidereal retry ${runId}`];
  return [`sidereal show ${runId}`, `sidereal resume ${runId}`];
}

function runDocument(ended: Ended, exitCode: ExitCode): Readonly<Record<string, unknown>> {
  const { outcome, flow, stages, durationMs, store } = ended;
  const { runId, state, value, error } = outcome;
  return {
    schema: 'sidereal.outcome/1',
    run: runId === '' ? null : runId,
    flow,
    state: state ?? null,
    exitCode,
    durationMs,
    tasks: countsByState(stages),
    result: error === undefined ? (jsonValue(value) ?? null) : null,
    strayErrors: outcome.strayErrors ?? 0,
    error: error === undefined ? null : withoutStack(errorView(error, userLine)),
    store,
  };
}

/** How many task runs are in which state. */
function countsByState(stages: Ended['stages']): Readonly<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const [code, state] of STATES.entries()) {
    const count = stages.reduce((sum, { counts }) => sum + (counts[code] ?? 0), 0);
    if (count > 0) counted[state] = count;
  }
  return counted;
}
