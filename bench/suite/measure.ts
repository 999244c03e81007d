import { countText } from '../report/number-text.ts';
import type { Limits } from './foresee.ts';
import { faultOf } from './judge.ts';
import type { Planned, Result } from './measurement.ts';
import { parseOutcome } from './parse-outcome.ts';
import { runProcess, type ProcessEnd } from './run-process.ts';
import { findSystem } from './system.ts';

/** Starting a cluster and warming it up is not measured, and may take this long. */
const SET_UP_SECONDS = 90;

export interface MeasureOptions {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly onStart: (pid: number) => void;
}

/** Runs one case on its system and says what came of it. Throws only if it is stopped by the signal. */
export async function measure(planned: Planned, options: MeasureOptions): Promise<Result> {
  const { limits, signal, onStart } = options;
  const system = findSystem(planned.system);
  const end = await runProcess({
    command: [...system.command, JSON.stringify(planned.asked)],
    cwd: system.folder,
    services: system.services,
    limitSeconds: limits.budgetSeconds + SET_UP_SECONDS,
    limitBytes: limits.memoryBytes,
    signal,
    onStart,
  });
  signal.throwIfAborted();
  return resultOf(planned, limits, end);
}

function resultOf(planned: Planned, { budgetSeconds, memoryBytes }: Limits, end: ProcessEnd): Result {
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  if (end.ended === 'time')
    return {
      kind: 'over budget',
      words: `it was ended: it took more than ${countText(budgetSeconds)} s and ${SET_UP_SECONDS} s to set up`,
    };
  if (end.ended === 'memory') {
    const words = `it was ended at ${gib(end.usage?.peakBytes ?? end.bytes)} of memory, of ${gib(memoryBytes)} allowed`;
    return { kind: 'over memory', words };
  }
  if (end.exitCode !== 0) return { kind: 'failed', words: `exit code ${end.exitCode}: ${end.stderr.trim()}` };
  try {
    const outcome = parseOutcome(end.stdout);
    if ('cannot' in outcome) return { kind: 'cannot', words: outcome.cannot };
    const fault = faultOf(planned, outcome);
    if (fault !== undefined) return { kind: 'failed', words: fault };
    return { kind: 'measured', outcome, ...(end.usage === undefined ? {} : { usage: end.usage }) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', words: `${words}\n${end.stderr.trim()}`.trim() };
  }
}
