import { SiderealError } from '../../errors.ts';

/** The batch cannot be what a builder wrote. */
export function corrupt(why: string, cause?: unknown): SiderealError<'JOURNAL_CORRUPT'> {
  return new SiderealError('JOURNAL_CORRUPT', `a journal batch is damaged: ${why}`, {
    remedy: 'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
    cause,
  });
}

/** A field of a record does not fit its column. */
export function invalidField(what: string, value: unknown): SiderealError<'INVALID_RECORD'> {
  return new SiderealError('INVALID_RECORD', `a journal record cannot hold the ${what} ${String(value)}`, {
    remedy: 'This is a defect in Sidereal; report it with the message and the run id.',
  });
}
