import { inspect } from 'node:util';
import { isSiderealError, type ErrorRecord } from '@sidereal/core';

/** Errors beneath an error that are looked at, in depth and, where several are grouped, in number. */
const MAX_DEPTH = 5;
const MAX_GROUPED = 5;
/** Characters of a message: more of it is of no use to anybody who reads. */
const MAX_MESSAGE = 10_000;

/** Finds the user's own line in a stack, `file:line:column`. */
export type FindLine = (stack: string | undefined) => string | undefined;

/**
 * An error in the shape that the journal keeps errors in, so that one at hand and one from the record are
 * shown alike. `findLine` names the user's line of errors that do not name it themselves.
 */
export function errorView(error: unknown, findLine: FindLine = () => undefined, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Thrown', message: wordsOf(error).slice(0, MAX_MESSAGE) };
  const at = isSiderealError(error) && error.at !== undefined ? error.at : findLine(error.stack);
  const grouped: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return {
    name: error.name,
    message: error.message.slice(0, MAX_MESSAGE),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(isSiderealError(error) ? { remedy: error.remedy } : {}),
    ...(at === undefined ? {} : { at }),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(error.cause !== undefined && depth < MAX_DEPTH
      ? { cause: errorView(error.cause, findLine, depth + 1) }
      : {}),
    ...(grouped.length > 0 && depth < MAX_DEPTH
      ? { errors: grouped.slice(0, MAX_GROUPED).map((inner) => errorView(inner, findLine, depth + 1)) }
      : {}),
  };
}

/** What was thrown and is no error, in words. Its own `toString` is not asked: it may throw. */
function wordsOf(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? thrown : inspect(thrown, { depth: 2, breakLength: Infinity });
  } catch {
    return 'something that cannot be shown';
  }
}

/** Reads an error out of the body of a journal entry; a body that is no error record is its own message. */
export function errorFromJournal(body: string): ErrorRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  return isErrorRecord(parsed) ? parsed : { name: 'Error', message: body };
}

function isErrorRecord(value: unknown): value is ErrorRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  );
}

/** An error as JSON documents tell it. */
export function withoutStack({
  stack: _stack,
  cause,
  errors,
  ...rest
}: ErrorRecord): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    ...(cause === undefined ? {} : { cause: withoutStack(cause) }),
    ...(errors === undefined ? {} : { errors: errors.map(withoutStack) }),
  };
}
