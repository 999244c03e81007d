import { VALUE_STORAGE, type Journal } from '@sidereal/core';
import type { ResultFiles } from './result-files.ts';
import { decodeValue } from './value-codec.ts';

/**
 * The value that a run's record holds for a node, or undefined if it holds none. Throws `VALUE_CORRUPT`,
 * `RESULT_MISSING`, `RESULT_DAMAGED`.
 */
export async function readStoredValue(
  journal: Journal,
  files: ResultFiles,
  idx: number,
): Promise<{ readonly value: unknown } | undefined> {
  const stored = await journal.readValue(idx);
  if (stored === undefined || stored.storage === VALUE_STORAGE.none) return undefined;
  if (stored.storage === VALUE_STORAGE.inline) return { value: decodeValue(stored.bytes) };
  return { value: await files.read(Buffer.from(stored.bytes).toString('utf8')) };
}
