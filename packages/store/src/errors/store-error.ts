import { SiderealError } from '@sidereal/core';

/** Codes of the errors that a store raises. */
export type StoreErrorCode =
  | 'STORE_UNWRITABLE'
  | 'STORE_NOT_FOUND'
  | 'STORE_ON_NETWORK_FS'
  | 'STORE_TOO_NEW'
  | 'STORE_TOO_OLD'
  | 'STORE_CORRUPT'
  | 'STORE_FOREIGN'
  | 'STORE_FULL'
  | 'STORE_FAILED'
  | 'STORE_CLOSED'
  | 'RUN_EXISTS'
  | 'RUN_NOT_FOUND'
  | 'RUN_AMBIGUOUS'
  | 'RUN_LIVE'
  | 'NODE_NOT_FOUND'
  | 'NODE_AMBIGUOUS'
  | 'NODE_ENDED'
  | 'JOURNAL_FENCED'
  | 'JOURNAL_GAP'
  | 'JOURNAL_INVALID'
  | 'JOURNAL_CORRUPT'
  | 'JOURNAL_CLOSED'
  | 'JOURNAL_ABANDONED';

/** An error of the store, with what to do about it. */
export function storeError(
  code: StoreErrorCode,
  message: string,
  remedy: string,
  cause?: unknown,
): SiderealError<StoreErrorCode> {
  return new SiderealError(code, message, { remedy, cause });
}
