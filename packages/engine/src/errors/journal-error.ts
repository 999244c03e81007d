import type { ErrorRecord } from '@sidereal/core';
import { userFrame } from '../identity/stack-frame.ts';
import { thrownMessage } from './thrown-message.ts';
import { recordOf, thrownOf, type ErrorBounds } from './error-record.ts';

/** Parts within parts of a property that the journal keeps. */
const MAX_DEPTH = 4;
/** Parts of a property that the journal keeps. */
const MAX_PARTS = 100;

const JOURNAL: ErrorBounds = {
  depth: 5,
  grouped: 10,
  characters: 10_000,
  keeps: (value) => isSmallJson(value, { parts: MAX_PARTS }, 0),
  lineOf: (error) => userFrame(error.stack)?.at,
};

/** An error as the journal keeps it; anything thrown counts as one. */
export function errorRecord(error: unknown): ErrorRecord {
  return recordOf(error, JOURNAL);
}

/** An error again, from the journal: what awaiting a run that failed before the resume rejects with. */
export function errorOf(record: ErrorRecord): Error {
  return asError(thrownOf(record));
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(thrownMessage(thrown), { cause: thrown });
}

/** Does JSON say all of it, in little space? */
function isSmallJson(value: unknown, left: { parts: number }, depth: number): boolean {
  left.parts -= 1;
  if (left.parts < 0 || depth > MAX_DEPTH) return false;
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'string') return value.length <= JOURNAL.characters;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every((part: unknown) => isSmallJson(part, left, depth + 1));
}
