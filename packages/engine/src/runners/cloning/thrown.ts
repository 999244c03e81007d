import type { ErrorRecord } from '@sidereal/core';
import { SiderealError } from '@sidereal/core/errors';
import { recordOf, type ErrorBounds } from '../../errors/error-record.ts';
import { canClone, findUncloneable } from './uncloneable.ts';

/** Whoever catches the error elsewhere gets all of it. */
const MESSAGE: ErrorBounds = {
  depth: 16,
  grouped: 256,
  characters: Infinity,
  keeps: canClone,
  lineOf: () => undefined,
};

/** What was thrown, as plain data that always survives a structured clone. */
export function encodeThrown(thrown: unknown): ErrorRecord {
  if (thrown instanceof Error || canClone(thrown)) return recordOf(thrown, MESSAGE);
  const found = findUncloneable(thrown);
  const error = new SiderealError(
    'UNCLONEABLE_RESULT',
    `the task threw ${found?.what ?? 'something'}${found?.path ? ` (at ${found.path})` : ''}, which cannot leave its thread`,
    { remedy: 'Throw an Error.' },
  );
  return recordOf(error, MESSAGE);
}

/** Back to what `catch` expects. */
export { thrownOf as decodeThrown } from '../../errors/error-record.ts';
