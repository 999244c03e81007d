import { setTimeout as delay } from 'node:timers/promises';
import { userInfo } from 'node:os';
import { hasEnded, isActive, STATES } from '@sidereal/core';
import {
  openStoreReader,
  requestCancel,
  type CancelOutcome,
  type CancelTarget,
  type NodeSummary,
  type StoreReader,
} from '@sidereal/store';
import type { Execute } from '../command-line/command.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../errors/exit-code.ts';
import { findRun } from '../reading/find-run.ts';
import { taskAddress } from '../reading/task-address.ts';
import { isInterrupted } from '../reading/run-status.ts';
import { storeFolder } from '../running/run-settings.ts';
import { formatDuration, plural } from '../terminal/format.ts';

const DEFAULT_SECONDS = 15;
const LOOK_MS = 100;
/** Active tasks that are looked at for those in question. */
const MOST_LOOKED_AT = 1000;

/** What came of it. */
interface Cancelled {
  readonly run: string;
  /** What was to stop, if not the whole run. */
  readonly task: CancelTarget | null;
  /** `stopped`, `requested` (not waited for), `stopping` (not stopped in time), `ended` or `interrupted` (before). */
  readonly outcome: 'stopped' | 'requested' | 'stopping' | 'ended' | 'interrupted';
  /** Of the task, or else of the run. */
  readonly state: string;
  readonly waitedMs: number;
  /** Names of the task runs that have not stopped. */
  readonly running: readonly string[];
}

/** `sidereal cancel RUN [TASK]`: asks whichever process executes the run, through the store. */
export const cancel: Execute = async (args, context) => {
  const folder = storeFolder(args, context);
  using reader = openStoreReader(folder);
  const run = findRun(reader, args.operand(0));
  const task = args.operands[1];
  const asked = requestCancel(folder, run, {
    by: whoAmI(),
    task: task === undefined ? undefined : taskAddress(task),
  });
  const seconds = args.count('timeout') ?? DEFAULT_SECONDS;
  const result = await settle(asked, reader, args.has('no-wait') ? 0 : seconds * 1000, context);
  if (args.has('json')) writeJson(context, { schema: 'sidereal.cancel/1', ...result });
  else writeLines(context, [describe(result)]);
  return exitCodeOf(result);
};

async function settle(
  asked: CancelOutcome,
  reader: StoreReader,
  patienceMs: number,
  context: Context,
): Promise<Cancelled> {
  const { run, target } = asked;
  const task = target ?? null;
  const before = { run, task, state: stateNow(asked, reader).state, waitedMs: 0, running: [] };
  if (asked.outcome === 'ended') return { ...before, outcome: 'ended' };
  if (asked.outcome === 'not_live') return { ...before, outcome: 'interrupted' };
  if (patienceMs === 0) return { ...before, outcome: 'requested' };
  const beganMs = context.now();
  for (;;) {
    await delay(LOOK_MS);
    const { state, hasStopped } = stateNow(asked, reader);
    const waitedMs = context.now() - beganMs;
    if (hasStopped) return { run, task, outcome: 'stopped', state, waitedMs, running: [] };
    if (waitedMs >= patienceMs) {
      const running = [...new Set(activeTasks(asked, reader))];
      return { run, task, outcome: 'stopping', state, waitedMs, running };
    }
  }
}

/** In which state what was to stop is now. It has stopped, too, if nobody executes the run any more. */
function stateNow(
  { run, target }: CancelOutcome,
  reader: StoreReader,
): { readonly state: string; readonly hasStopped: boolean } {
  const summary = reader.run(run);
  const [node] = target === undefined ? [] : reader.nodes({ run, among: [target.idx], limit: 1 });
  const state = node?.state ?? summary.state;
  return { state, hasStopped: hasEnded(state) || isInterrupted(summary) };
}

/** Names of the tasks that are at work in what was to stop. */
function activeTasks({ run, target }: CancelOutcome, reader: StoreReader): string[] {
  const active = reader.nodes({
    run,
    kinds: ['task'],
    states: STATES.filter(isActive),
    limit: MOST_LOOKED_AT,
  });
  return active
    .filter((node) => target === undefined || isWithin(reader, run, node, target.idx))
    .map(({ name }) => name);
}

function isWithin(reader: StoreReader, run: string, node: NodeSummary, idx: number): boolean {
  for (let at: NodeSummary | undefined = node; at !== undefined;) {
    if (at.idx === idx) return true;
    if (at.parent < 0) return false;
    [at] = reader.nodes({ run, among: [at.parent], limit: 1 });
  }
  return false;
}

function describe({ run, task, outcome, state, waitedMs, running }: Cancelled): string {
  const what = task === null ? run : `${task.name} (${task.key.slice(0, 8)}) of ${run}`;
  switch (outcome) {
    case 'ended':
      return `${what} had ended before: ${state}`;
    case 'interrupted':
      return `${run} is interrupted: nobody executes it, so there is nothing to stop. Go on with: sidereal resume ${run}`;
    case 'requested':
      return `${what} is asked to stop`;
    case 'stopped':
      return `${what} has stopped after ${formatDuration(waitedMs)}: ${state}`;
    case 'stopping':
      return `${what} is asked to stop, and has not stopped after ${formatDuration(waitedMs)}${
        running.length === 0
          ? ''
          : `; still at work: ${plural(running.length, 'task')} (${running.slice(0, 5).join(', ')})`
      }. What has not stopped after five seconds is abandoned; code that holds the flow's own thread has to come to an end first.`;
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
