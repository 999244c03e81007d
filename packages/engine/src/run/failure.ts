import { isSiderealError, SiderealError, type ErrorRecord } from '@sidereal/core';
import { userFrame } from '../identity/stack-frame.ts';

const MAX_DEPTH = 5;
const MAX_GROUPED = 10;

/** An error as the journal keeps it; anything thrown counts as one. */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Thrown', message: String(error).slice(0, 10_000) };
  const at = isSiderealError(error) && error.at !== undefined ? error.at : userFrame(error.stack)?.at;
  const grouped = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return {
    name: error.name,
    message: error.message.slice(0, 10_000),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(isSiderealError(error) ? { remedy: error.remedy } : {}),
    ...(at === undefined ? {} : { at }),
    ...(error.stack === undefined ? {} : { stack: error.stack.slice(0, 10_000) }),
    ...(error.cause !== undefined && depth < MAX_DEPTH ? { cause: errorRecord(error.cause, depth + 1) } : {}),
    ...(grouped.length > 0 && depth < MAX_DEPTH
      ? { errors: grouped.slice(0, MAX_GROUPED).map((inner) => errorRecord(inner, depth + 1)) }
      : {}),
  };
}

/** An error again, from the journal: what awaiting a run that failed before the resume rejects with. */
export function errorOf(record: ErrorRecord): Error {
  const cause = record.cause === undefined ? undefined : errorOf(record.cause);
  let error: Error;
  if (record.remedy !== undefined && record.code !== undefined) {
    error = new SiderealError(record.code, record.message, { remedy: record.remedy, at: record.at, cause });
  } else if (record.errors !== undefined) {
    error = new AggregateError(record.errors.map(errorOf), record.message, { cause });
  } else {
    error = new Error(record.message, cause === undefined ? undefined : { cause });
    Object.defineProperty(error, 'name', { value: record.name, enumerable: false, configurable: true });
    if (record.code !== undefined) Object.assign(error, { code: record.code });
  }
  if (record.stack !== undefined) error.stack = record.stack;
  return error;
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/** First line of an error, for a state's message. */
export function errorLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 300);
}
