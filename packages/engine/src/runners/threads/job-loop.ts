import { SiderealError } from '@sidereal/core/errors';
import type { Transferable } from 'node:worker_threads';
import { ambient } from '../../ambient.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import { isThenable } from '../../future.ts';
import { epochMs } from '../clock.ts';
import type { Claims } from './claims.ts';
import { packErrors, unpackErrors } from './packed-errors.ts';
import type { FromThread, ThreadJob, ThreadOutcome, ToThread } from './protocol.ts';
import { survey } from './survey.ts';
import type { TaskLookup } from './task-lookup.ts';
import { ThreadScope } from './thread-scope.ts';
import { decodeThrown, encodeThrown } from './thrown.ts';
import { findUncloneable } from './uncloneable.ts';

export type SendFromThread = (message: FromThread, transfer?: readonly Transferable[]) => void;

export interface JobLoopOptions {
  readonly claims: Claims;
  readonly lookup: TaskLookup;
  readonly send: SendFromThread;
  /** Called after a job's code and before its result is sent. */
  readonly afterJob: () => void;
}

interface CurrentJob {
  readonly job: ThreadJob;
  readonly scope: ThreadScope;
  /** The user's line of the task, once it is found. */
  at: string | undefined;
  beganMs: number | undefined;
}

/** Runs the jobs of one thread, one after another. Each result is sent at once: no later job can hold it up. */
export class JobLoop {
  readonly #claims: Claims;
  readonly #lookup: TaskLookup;
  readonly #send: SendFromThread;
  readonly #afterJob: () => void;
  readonly #queue: ThreadJob[] = [];
  #current: CurrentJob | undefined;
  #isAdvancing = false;

  constructor(options: JobLoopOptions) {
    this.#claims = options.claims;
    this.#lookup = options.lookup;
    this.#send = options.send;
    this.#afterJob = options.afterJob;
  }

  receive(message: Exclude<ToThread, { type: 'end' }>): void {
    switch (message.type) {
      case 'jobs':
        this.#lookup.add(message.tasks);
        this.#queue.push(...message.jobs);
        this.#advance();
        break;
      case 'abort':
        this.#scopeOf(message.ticket)?.abort(decodeThrown(message.reason));
        break;
      case 'settled':
        this.#scopeOf(message.ticket)?.settle(message.wait, message.outcome);
        break;
    }
  }

  #scopeOf(ticket: number): ThreadScope | undefined {
    return this.#current?.job.ticket === ticket ? this.#current.scope : undefined;
  }

  /** Begins the next job that is still this thread's. Synchronous jobs follow one another here: no stack grows. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#current === undefined) {
      const job = this.#queue.shift();
      if (job === undefined) break;
      if (this.#claims.claim(job.ticket)) this.#begin(job);
    }
    this.#isAdvancing = false;
  }

  #begin(job: ThreadJob): void {
    const scope = new ThreadScope(job.ticket, job.info, this.#send);
    const current: CurrentJob = { job, scope, at: undefined, beganMs: undefined };
    this.#current = current;
    const task = this.#lookup.find(job.task);
    if (task !== undefined) return this.#run(current, task);
    this.#lookup.load(job.task).then(
      (loaded) => this.#run(current, loaded),
      (error: unknown) => this.#threw(current, error),
    );
  }

  #run(current: CurrentJob, task: TaskDefinition): void {
    const { job, scope } = current;
    const beganMs = epochMs();
    current.at = task.at;
    current.beganMs = beganMs;
    this.#claims.began(job.ticket, beganMs);
    try {
      const args: unknown = job.isPacked ? unpackErrors(job.args) : job.args;
      const value: unknown = ambient.storage.run(scope, callTask, task, args);
      if (!isThenable(value) && scope.finish() === undefined) return this.#returned(current, value);
      this.#settle(current, value).catch((error: unknown) => this.#threw(current, error));
    } catch (error) {
      this.#threw(current, error);
    }
  }

  async #settle(current: CurrentJob, value: unknown): Promise<void> {
    const settled = await value;
    await current.scope.finish();
    this.#returned(current, settled);
  }

  #returned(current: CurrentJob, value: unknown): void {
    const { hasErrors, buffers } = survey(value);
    const outcome: ThreadOutcome = hasErrors
      ? { type: 'returned', value: packErrors(value), isPacked: true }
      : { type: 'returned', value, isPacked: false };
    this.#end(current, outcome, buffers);
  }

  #threw(current: CurrentJob, error: unknown): void {
    this.#end(current, { type: 'threw', error: encodeThrown(error) }, []);
  }

  #end(current: CurrentJob, outcome: ThreadOutcome, transfer: readonly ArrayBuffer[]): void {
    this.#current = undefined;
    current.scope.close();
    this.#afterJob();
    try {
      this.#sendResult(current, outcome, transfer);
    } catch (cause) {
      const value = outcome.type === 'returned' ? outcome.value : undefined;
      const error = encodeThrown(uncloneableResult(current, value, cause));
      this.#sendResult(current, { type: 'threw', error }, []);
    }
    this.#advance();
  }

  #sendResult({ job, beganMs }: CurrentJob, outcome: ThreadOutcome, transfer: readonly ArrayBuffer[]): void {
    const message: FromThread = { type: 'ended', ticket: job.ticket, beganMs, endedMs: epochMs(), outcome };
    if (transfer.length === 0) return this.#send(message);
    try {
      this.#send(message, transfer);
    } catch {
      // Some memory, such as WebAssembly's, cannot be handed over.
      this.#send(message);
    }
  }
}

function callTask(task: TaskDefinition, args: unknown): unknown {
  // The registry erases parameter types; the authoring functions have checked them.
  return Reflect.apply(task.fn, undefined, Array.isArray(args) ? args : [args]);
}

function uncloneableResult({ job, at }: CurrentJob, value: unknown, cause: unknown): SiderealError {
  const found = findUncloneable(value);
  const where = found === undefined || found.path === '' ? 'the result' : `result${found.path}`;
  return new SiderealError(
    'UNCLONEABLE_RESULT',
    `${where} of task '${job.info.name}' is ${found?.what ?? 'something'}, which cannot leave its thread`,
    { at, cause, remedy: "Return plain data, or run the task on the flow's own thread: on: 'inline'." },
  );
}
