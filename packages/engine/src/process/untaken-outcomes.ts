/**
 * The exit code of a program that does not take the outcome of its run: it awaits its flow, the flow rejects, nothing
 * catches that, and Node ends the process with the error, and 1. What a run that was cancelled or has crashed ends the
 * process with under the command line, it ends it with here.
 */
import type { State } from '@sidereal/core';

const EXIT_CODES: Partial<Readonly<Record<State, number>>> = { cancelled: 3, crashed: 4 };

const exitCodes = new WeakMap<Error, number>();
let isListening = false;

/** A run has ended without a value, which is told by this error. */
export function endedBy(error: Error, state: State | undefined): void {
  const code = state === undefined ? undefined : EXIT_CODES[state];
  if (code === undefined) return;
  exitCodes.set(error, code);
  if (isListening) return;
  isListening = true;
  process.on('uncaughtExceptionMonitor', (uncaught) => {
    const exitCode = exitCodes.get(uncaught);
    if (exitCode === undefined) return;
    process.once('exit', () => {
      process.exitCode = exitCode;
    });
  });
}
