import { hasEnded, STATES, type State } from '@sidereal/core';
import { openStoreReader, type RunSummary, type StoreReader } from '@sidereal/store';
import type { Arguments } from '../command-line/arguments.ts';
import type { Execute } from '../command-line/command.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { EXIT } from '../errors/exit-code.ts';
import {
  holderDocument,
  isoTime,
  runStatus,
  runPeriod,
  statusMark,
  type RunStatus,
} from '../reading/run-status.ts';
import { storeFolder } from '../running/run-settings.ts';
import { formatAge, formatCount, formatDuration } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';

const DEFAULT_LIMIT = 20;
const PAGE = 500;

/** `sidereal runs`: lists runs, newest first. */
export const runs: Execute = (args, context) => {
  const folder = storeFolder(args, context);
  const limit = args.count('limit') ?? DEFAULT_LIMIT;
  using reader = openStoreReader(folder);
  const found = select(reader, args, limit + 1);
  const shown = found.slice(0, limit);
  const hasMore = found.length > shown.length;
  if (args.has('json')) {
    const runDocuments = shown.map((run) => runDocument(run, context.now()));
    writeJson(context, { schema: 'sidereal.runs/1', store: folder, runs: runDocuments, more: hasMore });
  } else {
    writeLines(context, runLines(shown, context));
    if (hasMore) context.err.write(`there are more: --limit ${limit * 5}\n`);
    if (shown.length === 0) context.err.write(`no runs in ${folder}\n`);
  }
  return EXIT.ok;
};

function select(reader: StoreReader, args: Arguments, limit: number): readonly RunSummary[] {
  const wanted = args.choices('state', [...STATES, 'interrupted']);
  const flow = args.text('flow');
  const states = wanted.length === 0 ? undefined : recordedStates(wanted);
  const found: RunSummary[] = [];
  let before: string | undefined;
  while (found.length < limit) {
    const page = reader.listRuns({
      limit: PAGE,
      ...(states === undefined ? {} : { states }),
      ...(flow === undefined ? {} : { flow }),
      ...(before === undefined ? {} : { before }),
    });
    found.push(...page.filter((run) => wanted.length === 0 || wanted.includes(runStatus(run))));
    before = page.at(-1)?.id;
    if (page.length < PAGE) break;
  }
  return found.slice(0, limit);
}

/** The states that the store may have recorded for runs of these statuses. */
function recordedStates(wanted: readonly RunStatus[]): State[] {
  const mayBeInterrupted = wanted.includes('interrupted');
  return STATES.filter((state) => wanted.includes(state) || (mayBeInterrupted && !hasEnded(state)));
}

function runLines(shown: readonly RunSummary[], { outStyle: style, out, now }: Context): string[] {
  if (shown.length === 0) return [];
  const nowMs = now();
  const rows = shown.map((run) => {
    const status = runStatus(run);
    const { symbol, colour } = statusMark(status, style);
    const { createdMs, durationMs } = runPeriod(run, nowMs);
    return [
      { text: run.id, colour: 'bold' },
      { text: oneLine(run.flow) },
      { text: `${symbol} ${status}`, colour },
      { text: formatAge(nowMs - createdMs) },
      { text: durationMs === undefined ? '' : formatDuration(durationMs) },
      { text: formatCount(run.nodes) },
      { text: oneLine(run.message ?? ''), colour: 'dim' },
    ] as const;
  });
  return tableLines(
    [
      { title: 'run' },
      { title: 'flow', shrink: 2 },
      { title: 'state' },
      { title: 'created', optional: true },
      { title: 'took', align: 'right', optional: true },
      { title: 'nodes', align: 'right', optional: true },
      { title: 'message', shrink: 3, optional: true },
    ],
    rows,
    { style, width: out.columns },
  );
}

function runDocument(run: RunSummary, nowMs: number): Readonly<Record<string, unknown>> {
  const { createdMs, startedMs, endedMs, durationMs } = runPeriod(run, nowMs);
  return {
    id: run.id,
    flow: run.flow,
    version: run.version,
    tags: run.tags,
    state: runStatus(run),
    recordedState: run.state,
    reason: run.reason ?? null,
    message: run.message ?? null,
    created: isoTime(createdMs),
    started: isoTime(startedMs),
    ended: isoTime(endedMs),
    durationMs: durationMs === undefined ? null : Math.round(durationMs),
    nodes: run.nodes,
    holder: holderDocument(run.liveness),
  };
}
