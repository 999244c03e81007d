import { EXIT } from '../errors/exit-code.ts';

export interface StopHandlers {
  /** The first signal: ask the run to stop. */
  readonly ask: (signal: 'SIGINT' | 'SIGTERM') => void;
  /** A later one: whatever has to be said before the process ends at once. */
  readonly end: (signal: 'SIGINT' | 'SIGTERM') => void;
}

/**
 * While it is in use, the first SIGINT or SIGTERM asks the run to stop and the second ends the process at
 * once: what is recorded by then stays, and the run can be resumed.
 */
export function onStopSignals(handlers: StopHandlers): Disposable {
  let isAsked = false;
  const heard = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (!isAsked) {
      isAsked = true;
      handlers.ask(signal);
      return;
    }
    handlers.end(signal);
    process.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, heard);
  return {
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, heard);
    },
  };
}
