import { hasEnded, isSiderealError, unreachable, type State } from '@sidereal/core';

/** What the process ends with. Part of the interface: scripts rely on it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  cancelled: 3,
  crashed: 4,
  waiting: 5,
  store: 6,
  journalFull: 7,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** In the words of `sidereal --help`. */
export const EXIT_CODE_MEANINGS: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [EXIT.ok, 'done; of a run: completed or skipped'],
  [EXIT.failed, 'the run failed; of other commands: what was asked for did not come about'],
  [EXIT.usage, 'wrong usage, invalid input, or a module that defines no valid flow'],
  [EXIT.cancelled, 'the run was cancelled: by Ctrl-C, SIGTERM, SIGHUP, SIGUSR1 or `sidereal cancel`'],
  [
    EXIT.crashed,
    'the run crashed: its process, thread or machine failed it; or its code called process.exit, and `sidereal resume` goes on',
  ],
  [EXIT.waiting, 'the run waits for a human (reserved)'],
  [
    EXIT.store,
    'the store cannot be used: missing, unwritable, of another version, damaged, on a network file system, or the run is executed elsewhere',
  ],
  [EXIT.journalFull, 'the journal could not be written for lack of space; `sidereal resume` goes on'],
  [EXIT.internal, 'a defect in Sidereal'],
  [EXIT.interrupted, 'ended at once by a second Ctrl-C; `sidereal resume` goes on'],
  [EXIT.terminated, 'ended at once by a second SIGTERM, SIGHUP or SIGUSR1; `sidereal resume` goes on'],
];

/** Of a run that has ended in this state. */
export function exitCodeOfState(state: State): ExitCode {
  if (!hasEnded(state)) return EXIT.crashed;
  switch (state) {
    case 'completed':
    case 'cached':
    case 'skipped':
      return EXIT.ok;
    case 'failed':
    case 'upstream_failed':
    case 'rolled_back':
    case 'removed':
      return EXIT.failed;
    case 'cancelled':
      return EXIT.cancelled;
    case 'crashed':
      return EXIT.crashed;
    default:
      return unreachable(state, 'state');
  }
}

const USAGE = new Set([
  'USAGE',
  'INVALID_INPUT',
  'INVALID_OPTION',
  'INVALID_TASK',
  'INVALID_FLOW',
  'MODULE_NOT_FOUND',
  'MODULE_FAILED',
  'FLOW_NOT_FOUND',
  'FLOW_AMBIGUOUS',
  'FLOW_CALLED_ON_IMPORT',
  'UNKNOWN_CODE',
  'RUN_NOT_FOUND',
  'RUN_AMBIGUOUS',
  'NODE_NOT_FOUND',
  'NODE_AMBIGUOUS',
  'NODE_ENDED',
  'UNSUPPORTED_NODE',
]);
const STORE = new Set(['RUN_LIVE', 'RUN_TAKEN_OVER', 'RUN_EXISTS', 'NO_STORE', 'JOURNAL_ABANDONED']);
const FULL = new Set(['JOURNAL_FULL', 'STORE_FULL']);

/** Of a command that an error has ended: not of a run that failed. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (!isSiderealError(error)) return EXIT.internal;
  const { code } = error;
  if (USAGE.has(code)) return EXIT.usage;
  if (code === 'PROCESS_EXIT') return EXIT.crashed;
  if (FULL.has(code)) return EXIT.journalFull;
  if (STORE.has(code) || code.startsWith('STORE_') || code.startsWith('JOURNAL_')) return EXIT.store;
  return EXIT.internal;
}
