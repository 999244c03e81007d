import type { MessagePort } from 'node:worker_threads';
import type { SendFromThread } from './job-loop.ts';

/** How often it is looked whether messages still come, ms. */
const LOOK_MS = 250;

export interface StillnessParts {
  readonly port: MessagePort;
  readonly send: SendFromThread;
  /** Are there jobs that have begun and not ended? */
  readonly hasJobs: () => boolean;
}

/**
 * Tells the pool when nothing in this thread is alive but its port, though jobs have not ended: what they wait for can
 * only come from outside. That is Node's own judgement: once the port keeps the thread no more, `beforeExit` comes if
 * nothing else does. It is asked for only when no message has come for a while, and once until the next one comes.
 */
export class ThreadStillness {
  readonly #parts: StillnessParts;
  #received = 0;
  #seen = 0;
  #told = -1;

  constructor(parts: StillnessParts) {
    this.#parts = parts;
  }

  install(): void {
    process.on('beforeExit', () => this.#nothingAlive());
    setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** A message has come. */
  received(): void {
    this.#received += 1;
  }

  #look(): void {
    const isQuiet = this.#seen === this.#received && this.#told !== this.#received;
    this.#seen = this.#received;
    if (isQuiet && this.#parts.hasJobs()) this.#parts.port.unref();
  }

  #nothingAlive(): void {
    const { port, send, hasJobs } = this.#parts;
    port.ref();
    if (!hasJobs()) return;
    this.#told = this.#received;
    send({ type: 'still', received: this.#received });
  }
}
