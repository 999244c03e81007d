import { inspect } from 'node:util';

/**
 * What was thrown, in words: the message of an error, a text as it is, anything else as it looks. Never throws,
 * whatever its getters and its `toString` do.
 */
export function thrownMessage(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  try {
    return thrown instanceof Error ? thrown.message : inspect(thrown, { depth: 2, breakLength: Infinity });
  } catch {
    return 'something that cannot be shown';
  }
}
