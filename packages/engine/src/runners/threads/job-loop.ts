import { SiderealError } from '@sidereal/core/errors';
import type { Transferable } from 'node:worker_threads';
import { ambient } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { isThenable } from '../../future/future.ts';
import { epochMs } from '../clock.ts';
import type { ClassNames } from '../../data/packed-object.ts';
import { encodeThrew, untransferable, type EncodedOutcome } from '../cloning/encoded-outcome.ts';
import { openParcel, parcelOf } from '../cloning/parcel.ts';
import { contentsOf, type ValueContents } from '../cloning/value-contents.ts';
import { JobLink } from '../remote/job-link.ts';
import type { ToJob } from '../remote/job-messages.ts';
import { RemoteJob } from '../remote/remote-job.ts';
import { RemoteScope } from '../remote/remote-scope.ts';
import { withoutFutures } from '../remote/returned-futures.ts';
import type { PoolThreadMessage, ThreadJob, ToThread } from './protocol.ts';
import type { TaskLookup } from './task-lookup.ts';
import type { Tickets } from './tickets.ts';

export type SendFromThread = (message: PoolThreadMessage, transfer?: readonly Transferable[]) => void;

export interface JobLoopOptions {
  readonly tickets: Tickets;
  readonly lookup: TaskLookup;
  readonly names: ClassNames;
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
  readonly #names: ClassNames;
  readonly #send: SendFromThread;
  readonly #afterJob: () => void;
  readonly #queue: ThreadJob[] = [];
  #current: CurrentJob | undefined;
  #isAdvancing = false;

  constructor(options: JobLoopOptions) {
    this.#tickets = options.tickets;
    this.#lookup = options.lookup;
    this.#names = options.names;
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
    const link = new JobLink((message) => this.#send({ type: 'asked', ticket, message }), this.#names);
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
      const args = openParcel(job.args, this.#names, task.at);
      const value: unknown = ambient.storage.run(scope, callTask, task, args);
      if (!isThenable(value) && scope.finish() === undefined) {
        const contents = contentsOf(value);
        if (!contents.mayHoldFutures) return this.#returned(current, value, contents);
      }
      this.#settle(current, value).catch((error: unknown) => this.#threw(current, error));
    } catch (error) {
      this.#threw(current, error);
    }
  }

  async #settle(current: CurrentJob, value: unknown): Promise<void> {
    const settled = await value;
    await current.scope.finish();
    const contents = contentsOf(settled);
    if (!contents.mayHoldFutures) return this.#returned(current, settled, contents);
    const whole = await withoutFutures(settled, 'result', current.at);
    this.#returned(current, whole, contentsOf(whole));
  }

  #returned(current: CurrentJob, value: unknown, contents: ValueContents): void {
    const parcel = parcelOf(value, this.#names, contents);
    if (parcel === undefined) return this.#threw(current, this.#uncloneable(current, value, undefined));
    this.#end(current, { type: 'returned', parcel }, contents.buffers);
  }

  #threw(current: CurrentJob, error: unknown): void {
    this.#end(current, encodeThrew(error, this.#names), []);
  }

  #end(current: CurrentJob, outcome: EncodedOutcome, transfer: readonly ArrayBuffer[]): void {
    this.#current = undefined;
    current.remote.close();
    this.#afterJob();
    try {
      this.#sendResult(current, outcome, transfer);
    } catch (cause) {
      const error = this.#uncloneable(current, outcome.parcel.value, cause);
      this.#sendResult(current, encodeThrew(error, this.#names), []);
    }
    this.#advance();
  }

  #uncloneable({ job, at }: CurrentJob, value: unknown, cause: unknown): SiderealError {
    const { path, what } = untransferable(value, 'result', this.#names);
    return new SiderealError(
      'UNCLONEABLE_RESULT',
      `${path} of task '${job.info.name}' is ${what}, which cannot leave its thread`,
      {
        at,
        cause,
        remedy:
          'Return plain data, or instances of classes that are nothing but their fields and that a module exports; ' +
          "or run the task on the flow's own thread: on: 'inline'.",
      },
    );
  }

  #sendResult({ job, beganMs }: CurrentJob, outcome: EncodedOutcome, transfer: readonly ArrayBuffer[]): void {
    const message: PoolThreadMessage = {
      type: 'ended',
      ticket: job.ticket,
      beganMs,
      endedMs: epochMs(),
      outcome,
    };
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
  const reason = openParcel(message.reason, remote.link.names);
  // Listeners are the task's own code: they run in its scope.
  ambient.storage.run(scope, () => remote.abort(reason));
}

function callTask(task: TaskDefinition, args: unknown): unknown {
  // The registry erases parameter types; the authoring functions have checked them.
  return Reflect.apply(task.fn, undefined, Array.isArray(args) ? args : [args]);
}
