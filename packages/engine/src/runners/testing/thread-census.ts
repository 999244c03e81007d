import type { Worker } from 'node:worker_threads';

/** Counts the worker threads that this process starts and ends while it is in use. */
export class ThreadCensus implements Disposable {
  alive = 0;
  most = 0;
  /** Exit codes of those that have ended: 0 if by themselves, 1 if by force. */
  readonly exitCodes: number[] = [];
  readonly #whenChanged: (() => void)[] = [];

  constructor() {
    process.on('worker', this.#started);
  }

  /** Resolves once no more threads are alive. */
  async until(alive: number): Promise<void> {
    while (this.alive !== alive) await new Promise<void>((resolve) => this.#whenChanged.push(resolve));
  }

  [Symbol.dispose](): void {
    process.off('worker', this.#started);
  }

  readonly #started = (worker: Worker): void => {
    this.alive++;
    this.most = Math.max(this.most, this.alive);
    worker.once('exit', (exitCode) => {
      this.alive--;
      this.exitCodes.push(exitCode);
      for (const wake of this.#whenChanged.splice(0)) wake();
    });
  };
}
