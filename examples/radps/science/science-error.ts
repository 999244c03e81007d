import { SiderealError } from 'sidereal';

/**
 * Every way in which the science library refuses its input.
 *
 * - `OBSERVATION_*`: an observation folder is missing, is something else, or is damaged.
 * - `FITS_*`: a file is not FITS, ends too early, or is FITS of another kind than the one asked for.
 * - `ARRAY_FILE_INVALID`: an `.npy` column is damaged or has another type or shape than the header says.
 * - `BAD_PARAMETER`: an argument makes no sense; the message has its name and value.
 * - `NO_USABLE_DATA`: everything is flagged, or has no weight, where some data is needed.
 * - `SOLVE_FAILED`: a least-squares fit has too little data or does not converge.
 */
export type ScienceErrorCode =
  | 'OBSERVATION_NOT_FOUND'
  | 'OBSERVATION_INVALID'
  | 'OBSERVATION_EXISTS'
  | 'OBSERVATION_WRITE_FAILED'
  | 'FITS_NOT_FOUND'
  | 'FITS_NOT_FITS'
  | 'FITS_TRUNCATED'
  | 'FITS_UNSUPPORTED'
  | 'FITS_WRITE_FAILED'
  | 'ARRAY_FILE_INVALID'
  | 'BAD_PARAMETER'
  | 'NO_USABLE_DATA'
  | 'SOLVE_FAILED';

/** An error of the science library: what happened, with which value, and what to do about it. */
export function scienceError(
  code: ScienceErrorCode,
  message: string,
  remedy: string,
  cause?: unknown,
): SiderealError<ScienceErrorCode> {
  return new SiderealError(code, message, { remedy, cause });
}

/** Throws `BAD_PARAMETER` unless `condition` holds. */
export function requireParameter(condition: boolean, message: string, remedy: string): asserts condition {
  if (!condition) throw scienceError('BAD_PARAMETER', message, remedy);
}
