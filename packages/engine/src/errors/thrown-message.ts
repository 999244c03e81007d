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

/** First line of what was thrown, for a state's message. */
export function errorLine(thrown: unknown): string {
  return (thrownMessage(thrown).split('\n', 1)[0] ?? '').slice(0, 300);
}
