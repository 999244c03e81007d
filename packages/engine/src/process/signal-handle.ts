/**
 * What Node.js hears a signal with. Stopped, it leaves the signal to the system; started again, it hears what had
 * arrived before it was stopped as well. To take the listener away and add it again would lose that: a signal that
 * arrives while the thread computes waits in the handle's queue until the thread is free.
 */
import { createHook } from 'node:async_hooks';
import { constants } from 'node:os';

interface Handle {
  stop(): number;
  start(signal: number): number;
}

export class SignalHandle {
  readonly #handle: Handle;
  readonly #number: number;

  /** Adds a listener. Undefined where the signal has others: the handle is theirs. */
  static listen(signal: StoppableSignal, listener: NodeJS.SignalsListener): SignalHandle | undefined {
    let handle: Handle | undefined;
    const hook = createHook({
      init(_id, type, _trigger, resource) {
        if (type === 'SIGNALWRAP' && isHandle(resource)) handle = resource;
      },
    }).enable();
    try {
      process.on(signal, listener);
    } finally {
      hook.disable();
    }
    return handle === undefined ? undefined : new SignalHandle(handle, constants.signals[signal]);
  }

  private constructor(handle: Handle, number: number) {
    this.#handle = handle;
    this.#number = number;
  }

  stop(): void {
    this.#handle.stop();
  }

  start(): void {
    this.#handle.start(this.#number);
  }
}

export type StoppableSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

function isHandle(resource: object): resource is Handle {
  return (
    'stop' in resource &&
    typeof resource.stop === 'function' &&
    'start' in resource &&
    typeof resource.start === 'function'
  );
}
