import type { ClassNames } from '../../data/packed-object.ts';
import { thrownParcel } from '../cloning/encoded-outcome.ts';
import { currentJob } from './current-job.ts';
import type { SendFromThread } from './job-loop.ts';
import type { ModuleImports } from './module-imports.ts';

/**
 * Errors that nothing in this thread catches. Node.js calls its handlers in the async context in which the error was
 * thrown (a rejection: in which the promise was made), and that says whose it is. The thread goes on: it may carry
 * other jobs.
 */
export class UncaughtErrors {
  readonly #send: SendFromThread;
  readonly #names: ClassNames;
  /** Errors that were told already, whatever still becomes of them. */
  readonly #told = new WeakSet<object>();

  constructor(send: SendFromThread, names: ClassNames) {
    this.#send = send;
    this.#names = names;
  }

  install(modules: ModuleImports): void {
    process.on('uncaughtException', (error: unknown) => this.tell(error));
    process.on('unhandledRejection', (reason: unknown) => {
      if (!modules.takeRejection(reason)) this.tell(reason);
    });
  }

  /** Tells an error of the code that executes just now. */
  tell(thrown: unknown): void {
    if (typeof thrown === 'object' && thrown !== null) {
      if (this.#told.has(thrown)) return;
      this.#told.add(thrown);
    }
    const job = currentJob();
    this.#send({
      type: 'strayed',
      of: job && { idx: job.idx, attempt: job.info.attempt, name: job.info.name, at: job.at },
      thrown: thrownParcel(thrown, this.#names),
    });
  }
}
