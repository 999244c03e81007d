import { SiderealError } from '@sidereal/core';

/** Codes of the errors that the command line itself raises. */
export type CliErrorCode =
  | 'USAGE'
  | 'INVALID_INPUT'
  | 'MODULE_NOT_FOUND'
  | 'MODULE_FAILED'
  | 'FLOW_NOT_FOUND'
  | 'FLOW_AMBIGUOUS'
  | 'UNKNOWN_CODE'
  | 'RUN_NOT_FOUND'
  | 'RUN_AMBIGUOUS';

/** An error of the command line, with what to do about it. */
export function cliError(
  code: CliErrorCode,
  message: string,
  remedy: string,
  options: Readonly<{ cause?: unknown; at?: string | undefined }> = {},
): SiderealError<CliErrorCode> {
  return new SiderealError(code, message, { remedy, ...options });
}
