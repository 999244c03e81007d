/**
 * Errors that nothing in the program catches while runs are alive in it: a rejection that nobody awaits, a throw in a
 * timer or a listener, an `error` event that nobody hears. Node calls handlers for them in the async context in which
 * they were thrown (for a rejection: in which the promise was rejected), so that each is recorded at the task, stage or
 * flow whose code it was; it is said, and nothing else is touched by it. One without such a context is recorded at the
 * flow, and the process does not end with 0.
 *
 * A program that has handlers of its own is told as ever: then it is only recorded.
 */
import { isSiderealError } from '@sidereal/core';
import { ambient } from '../context/ambient.ts';
import { asError } from '../errors/journal-error.ts';
import { readableThrown } from '../errors/readable-error.ts';
import { isOfPackage } from '../identity/own-code.ts';
import { userFrame } from '../identity/stack-frame.ts';
import type { LiveRun } from './live-run.ts';

export class ProcessErrors {
  readonly #runs: ReadonlySet<LiveRun>;
  /** Errors heard of: one that several promises reject with is told once. */
  readonly #heardOf = new WeakSet<object>();
  /** Promises that rejected with nobody to take it, and were taken later. */
  readonly #takenLate = new WeakSet<Promise<unknown>>();
  #isPassingOn = false;

  constructor(runs: ReadonlySet<LiveRun>) {
    this.#runs = runs;
  }

  /** The first run begins. */
  open(): void {
    process.on('uncaughtException', this.#uncaught);
    process.on('unhandledRejection', this.#rejected);
    process.on('rejectionHandled', this.#taken);
  }

  /** The last run has ended. */
  close(): void {
    process.off('uncaughtException', this.#uncaught);
    process.off('unhandledRejection', this.#rejected);
    process.off('rejectionHandled', this.#taken);
  }

  readonly #uncaught = (error: unknown): void => {
    if (!this.#isPassingOn) this.#heard(error, process.listenerCount('uncaughtException') > 1);
  };

  readonly #taken = (promise: Promise<unknown>): void => {
    this.#takenLate.add(promise);
  };

  readonly #rejected = (reason: unknown, promise: Promise<unknown>): void => {
    const isTaken = process.listenerCount('unhandledRejection') > 1;
    // Node makes an uncaught exception of a rejection that no handler takes: so does this, for a program that hears these.
    const isPassedOn = !isTaken && process.listenerCount('uncaughtException') > 1;
    this.#heard(reason, isTaken || isPassedOn, () => this.#takenLate.has(promise));
    if (!isPassedOn) return;
    this.#isPassingOn = true;
    try {
      const emitter: NodeJS.EventEmitter = process;
      emitter.emit('uncaughtException', asError(reason), 'unhandledRejection');
    } finally {
      this.#isPassingOn = false;
    }
  };

  #heard(thrown: unknown, isTakenByProgram: boolean, isTakenLate = (): boolean => false): void {
    if (typeof thrown === 'object' && thrown !== null) {
      if (this.#heardOf.has(thrown)) return;
      this.#heardOf.add(thrown);
    }
    const error = readableThrown(thrown);
    const scope = ambient.storage.getStore();
    const owner = scope === undefined ? undefined : [...this.#runs].find((run) => run.owns(scope));
    const isFault = owner === undefined && isOfEngine(error);
    for (const run of owner === undefined ? this.#runs : [owner]) {
      run.strayed(owner === undefined ? undefined : scope, error, isTakenByProgram || isFault, isTakenLate);
      if (isFault) run.failed(error);
    }
    if (owner === undefined && !isTakenByProgram) process.exitCode ??= 1;
  }
}

/** Was it thrown by the engine, and by no code of the user's? */
function isOfEngine(error: unknown): boolean {
  if (!(error instanceof Error) || isSiderealError(error)) return false;
  const { stack } = error;
  return typeof stack === 'string' && userFrame(stack) === undefined && isOfPackage(stack);
}
