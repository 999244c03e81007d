/** What a random walk chooses, from the numbers of its tape. */
import type { AttemptOutcome } from '../scheduler/instructions.ts';

const BYTES = [0, 10, 40, 100];

/** A size of a result. */
export function bytesOf(choice: number): number {
  return BYTES[choice % BYTES.length] ?? 0;
}

/** How an attempt ends; mostly well. */
export function outcome(a: number, b: number): AttemptOutcome {
  switch (a % 13) {
    case 0:
      return { type: 'failed', reason: 'error', message: 'failed in a test' };
    case 1:
      return { type: 'retry', delayMs: b % 3, reason: 'error', message: 'to be tried again' };
    case 2:
      return b % 2 === 0
        ? { type: 'crashed', reason: 'crashed', message: 'crashed in a test' }
        : { type: 'skipped', message: 'skipped in a test' };
    case 3:
      return b % 2 === 0
        ? { type: 'cancelled', reason: 'cancelled', message: 'gave up in a test' }
        : { type: 'retry', delayMs: 0, reason: 'crashed', message: 'to be tried again' };
    default:
      return { type: 'completed', bytes: bytesOf(b) };
  }
}

/** One of several, if there are any. */
export function pick<T>(from: readonly T[], choice: number): T | undefined {
  return from[choice % Math.max(from.length, 1)];
}

export function repeat<T>(times: number, item: T): T[] {
  return Array.from({ length: times }, () => item);
}
