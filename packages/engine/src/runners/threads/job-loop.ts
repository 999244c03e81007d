import { SiderealError } from '@sidereal/core/errors';
import type { Transferable } from 'node:worker_threads';
import { ambient } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { isThenable } from '../../future/future.ts';
import { epochMs } from '../clock.ts';
import { encodeThrew, type EncodedOutcome } from '../cloning/encoded-outcome.ts';
import { packErrors, unpackErrors } from '../cloning/packed-errors.ts';
import { decodeThrown } from '../cloning/thrown.ts';
import { findUncloneable } from '../cloning/uncloneable.ts';
import { contentsOf } from '../cloning/value-contents.ts';
import { JobLink } from '../remote/job-link.ts';
import type { ToJob } from '../remote/job-messages.ts';
import { RemoteJob } from '../remote/remote-job.ts';
import { RemoteScope } from '../remote/remote-scope.ts';
import type { FromThread, ThreadJob, ToThread } from './protocol.ts';
import type { TaskLookup } from './task-lookup.ts';
import type { Tickets } from './tickets.ts';

export type SendFromThread = (message: FromThread, transfer?: readonly Transferable[]) => void;

export interface JobLoopOptions {
  readonly tickets: Tickets;
  readonly lookup: TaskLookup;
  readonly send: SendFromThread;
  /** Called after a job's code and before its result is sent. */
  readonly afterJob: () => void;
}

interface CurrentJob {
  readonly job: ThreadJob;
  readonly remote: RemoteJob;
  readonly scope: RemoteScope;
  /** The user's line of the task, once it is found. */
  at: string | undefined;
  beganMs: number | undefined;
}

/** Runs the jobs of one thread, one after another. Each result is sent at once: no later job can hold it up. */
export class JobLoop {
  readonly #tickets: Tickets;
  readonly #lookup: TaskLookup;
  readonly #send: SendFromThread;
  readonly #afterJob: () => void;
  readonly #queue: ThreadJob[] = [];
  #current: CurrentJob | undefined;
  #isAdvancing = false;

  constructor(options: JobLoopOptions) {
    this.#tickets = options.tickets;
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
      case 'told':
        if (this.#current?.job.ticket === message.ticket) tell(this.#current, message.message);
        break;
    }
  }

  /** Begins the next job that is still this thread's. Synchronous jobs follow one another here: no stack grows. */
  #advance(): void {
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#current === undefined) {
      const job = this.#queue.shift();
      if (job === undefined) break;
      if (this.#tickets.take(job.ticket)) this.#begin(job);
    }
    this.#isAdvancing = false;
  }

  #begin(job: ThreadJob): void {
    const { ticket } = job;
    const link = new JobLink((message) => this.#send({ type: 'asked', ticket, message }));
    const remote = new RemoteJob(job.info, link);
    const scope = new RemoteScope(remote);
    const current: CurrentJob = { job, remote, scope, at: undefined, beganMs: undefined };
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
    this.#tickets.began(job.ticket, beganMs);
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
    const { hasErrors, buffers } = contentsOf(value);
    const outcome: EncodedOutcome = hasErrors
      ? { type: 'returned', value: packErrors(value), isPacked: true }
      : { type: 'returned', value, isPacked: false };
    this.#end(current, outcome, buffers);
  }

  #threw(current: CurrentJob, error: unknown): void {
    this.#end(current, encodeThrew(error), []);
  }

  #end(current: CurrentJob, outcome: EncodedOutcome, transfer: readonly ArrayBuffer[]): void {
    this.#current = undefined;
    current.remote.close();
    this.#afterJob();
    try {
      this.#sendResult(current, outcome, transfer);
    } catch (cause) {
      const value = outcome.type === 'returned' ? outcome.value : undefined;
      this.#sendResult(current, encodeThrew(uncloneableResult(current, value, cause)), []);
    }
    this.#advance();
  }

  #sendResult({ job, beganMs }: CurrentJob, outcome: EncodedOutcome, transfer: readonly ArrayBuffer[]): void {
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

/** Hands a message to the job that it is for. */
function tell({ remote, scope }: CurrentJob, message: ToJob): void {
  if (message.type !== 'abort') return remote.link.receive(message);
  const reason = decodeThrown(message.reason);
  // Listeners are the task's own code: they run in its scope.
  ambient.storage.run(scope, () => remote.abort(reason));
}

function callTask(task: TaskDefinition, args: unknown): unknown {
  // The registry erases parameter types; the authoring functions have checked them.
  return Reflect.apply(task.fn, undefined, Array.isArray(args) ? args : [args]);
}

function uncloneableResult({ job, at }: CurrentJob, value: unknown, cause: unknown): SiderealError {
  const uncloneable = findUncloneable(value);
  const where =
    uncloneable === undefined || uncloneable.path === '' ? 'the result' : `result${uncloneable.path}`;
  return new SiderealError(
    'UNCLONEABLE_RESULT',
    `${where} of task '${job.info.name}' is ${uncloneable?.what ?? 'something'}, which cannot leave its thread`,
    { at, cause, remedy: "Return plain data, or run the task on the flow's own thread: on: 'inline'." },
  );
}
