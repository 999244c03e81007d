import { durationMs, type Duration } from '@sidereal/core';
import { currentScope } from './current-scope.ts';

/** Longest single timer of Node, ms. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Waits. The wake time is recorded: a flow that is resumed sleeps only what is left. Rejects when the run is
 * cancelled.
 */
export async function sleep(duration: Duration): Promise<void> {
  const scope = currentScope('sleep');
  const ms = durationMs(duration);
  const until = scope.effect('sleep', () => Date.now() + ms);
  const { signal } = scope;
  for (let left = until - Date.now(); left > 0; left = until - Date.now()) {
    await pauseFor(Math.min(left, LONGEST_MS), signal);
  }
}

function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
