import type { StandardSchema } from '../../../src/index.ts';

/** A schema that takes any input as it is. */
export function anything<T>(): StandardSchema<T> {
  return { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as T }) } };
}

/** The code of the error that this throws or rejects with, or its name if it has none; `none` if it does neither. */
export async function codeOf(attempt: () => unknown): Promise<unknown> {
  try {
    await attempt();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : String(error);
  }
  return 'none';
}
