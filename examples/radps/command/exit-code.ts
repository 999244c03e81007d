import { isSiderealError, type RunOutcome } from 'sidereal';

/** What the process ends with; the same numbers as `sidereal run`. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  cancelled: 3,
  store: 6,
  journalFull: 7,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Of a run that has ended, or that this process had to give up. */
export function exitCodeOf({ state, error }: RunOutcome): ExitCode {
  if (state === 'completed') return EXIT.ok;
  if (state === 'cancelled') return EXIT.cancelled;
  if (state !== undefined) return EXIT.failed;
  if (!isSiderealError(error)) return EXIT.failed;
  if (error.code === 'INVALID_INPUT' || error.code === 'RUN_NOT_FOUND') return EXIT.usage;
  if (error.code === 'JOURNAL_FULL') return EXIT.journalFull;
  return /^(STORE|JOURNAL|RUN|NO_STORE)/.test(error.code) ? EXIT.store : EXIT.failed;
}
