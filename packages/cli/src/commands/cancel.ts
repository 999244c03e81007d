import { setTimeout as delay } from 'node:timers/promises';
import { userInfo } from 'node:os';
import { hasEnded, isActive, STATES } from '@sidereal/core';
import { openStoreReader, requestCancel, type StoreReader } from '@sidereal/store';
import type { Execute } from '../command-line/command.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { findRun } from '../reading/find-run.ts';
import { isInterrupted } from '../reading/run-status.ts';
import { storeFolder } from '../running/run-settings.ts';
import { formatDuration, plural } from '../terminal/format.ts';

const DEFAULT_SECONDS = 15;
const LOOK_MS = 100;

/** What came of it. */
interface Cancelled {
  readonly run: string;
  /** `stopped`, `requested` (not waited for), `stopping` (not stopped in time), `ended` or `interrupted` (before). */
  readonly outcome: 'stopped' | 'requested' | 'stopping' | 'ended' | 'interrupted';
  readonly state: string;
  readonly waitedMs: number;
  /** Names of the task runs that have not stopped. */
  readonly running: readonly string[];
}

/** `sidereal cancel RUN`: asks whichever process executes the run, through the store. */
export const cancel: Execute = async (args, context) => {
  const folder = storeFolder(args, context);
  using reader = openStoreReader(folder);
  const run = findRun(reader, args.operand(0));
  const asked = requestCancel(folder, run, whoAmI());
  const seconds = args.count('timeout') ?? DEFAULT_SECONDS;
  const result = await settle(asked.outcome, reader, run, args.has('no-wait') ? 0 : seconds * 1000, context);
  if (args.has('json')) writeJson(context, { schema: 'sidereal.cancel/1', ...result });
  else writeLines(context, [describe(result)]);
  return exitCodeOf(result);
};

async function settle(
  asked: 'requested' | 'ended' | 'not_live',
  reader: StoreReader,
  run: string,
  patienceMs: number,
  context: Context,
): Promise<Cancelled> {
  const { state } = reader.run(run);
  const before = { run, state, waitedMs: 0, running: [] };
  if (asked === 'ended') return { ...before, outcome: 'ended' };
  if (asked === 'not_live') return { ...before, outcome: 'interrupted' };
  if (patienceMs === 0) return { ...before, outcome: 'requested' };
  const beganMs = context.now();
  for (;;) {
    await delay(LOOK_MS);
    const summary = reader.run(run);
    const waitedMs = context.now() - beganMs;
    const hasStopped = hasEnded(summary.state) || isInterrupted(summary);
    if (hasStopped) return { run, outcome: 'stopped', state: summary.state, waitedMs, running: [] };
    if (waitedMs >= patienceMs) {
      const active = reader.nodes({
        run,
        kinds: ['task'],
        states: STATES.filter(isActive),
        limit: 20,
      });
      const running = [...new Set(active.map(({ name }) => name))];
      return { run, outcome: 'stopping', state: summary.state, waitedMs, running };
    }
  }
}

function describe({ run, outcome, state, waitedMs, running }: Cancelled): string {
  switch (outcome) {
    case 'ended':
      return `${run} had ended before: ${state}`;
    case 'interrupted':
      return `${run} is interrupted: nobody executes it, so there is nothing to stop. Go on with: sidereal resume ${run}`;
    case 'requested':
      return `${run} is asked to stop`;
    case 'stopped':
      return `${run} has stopped after ${formatDuration(waitedMs)}: ${state}`;
    case 'stopping':
      return `${run} is asked to stop, and has not stopped after ${formatDuration(waitedMs)}${
        running.length === 0
          ? ''
          : `; still at work: ${plural(running.length, 'task')} (${running.slice(0, 5).join(', ')})`
      }. Inline code cannot be interrupted: it has to listen to run.signal.`;
  }
}

function exitCodeOf({ outcome }: Cancelled): ExitCode {
  return outcome === 'stopping' ? EXIT.failed : EXIT.ok;
}

function whoAmI(): string {
  try {
    return `${userInfo().username} (sidereal cancel)`;
  } catch {
    return 'sidereal cancel';
  }
}
