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
  readonly afterJob: (job: RemoteJob) => void;
}

interface OpenJob {
  readonly job: ThreadJob;
  readonly remote: RemoteJob;
  readonly scope: RemoteScope;
  /** The user's line of the task, once it is found. */
  at: string | undefined;
  beganMs: number | undefined;
}

/**
 * Runs the jobs of one thread. Each begins at once, but for those that were sent ahead: they stand behind the others,
 * and one of them begins whenever a job ends. Each result is sent at once: no other job can hold it up.
 */
export class JobLoop {
  readonly #tickets: Tickets;
  readonly #lookup: TaskLookup;
  readonly #names: ClassNames;
  readonly #send: SendFromThread;
  readonly #afterJob: (job: RemoteJob) => void;
  /** Sent ahead, and not begun. */
  readonly #behind: ThreadJob[] = [];
  /** Jobs that have given the thread back and will go on, or whose module is being imported; by their tickets. */
  readonly #suspended = new Map<number, OpenJob>();
  /** The job whose code is on the stack. */
  #running: OpenJob | undefined;
  /** Jobs that have begun and not ended. */
  #begun = 0;
  /** Jobs that have ended since one from behind began. */
  #places = 0;
  #isAdvancing = false;

  constructor(options: JobLoopOptions) {
    this.#tickets = options.tickets;
    this.#lookup = options.lookup;
    this.#names = options.names;
    this.#send = options.send;
    this.#afterJob = options.afterJob;
  }

  /** Are there jobs that have begun and not ended? */
  get hasJobs(): boolean {
    return this.#begun > 0;
  }

  receive(message: Exclude<ToThread, { type: 'end' }>): void {
    switch (message.type) {
      case 'jobs':
        this.#lookup.add(message.tasks);
        for (const job of message.jobs) {
          if (job.isBehind === true) this.#behind.push(job);
          else if (this.#tickets.take(job.ticket)) this.#begin(job);
        }
        if (this.#begun === 0) this.#advance();
        break;
      case 'told': {
        const open = this.#suspended.get(message.ticket);
        if (open !== undefined) tell(open, message.message);
        break;
      }
    }
  }

  /** Ends a job from within its own code. False if it has ended. */
  abort(remote: RemoteJob, error: unknown): boolean {
    const isIt = (open: OpenJob | undefined): boolean => open?.remote === remote;
    const open = isIt(this.#running) ? this.#running : [...this.#suspended.values()].find(isIt);
    if (open === undefined) return false;
    this.#behind.length = 0;
    this.#threw(open, error);
    return true;
  }

  /** A place is free: the next of the jobs behind begins. Synchronous ones follow one another here: no stack grows. */
  #advance(): void {
    this.#places += 1;
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#places > 0) {
      const job = this.#behind.shift();
      if (job === undefined) {
        this.#places = 0;
      } else if (this.#tickets.take(job.ticket)) {
        this.#places -= 1;
        this.#begin(job);
      }
    }
    this.#isAdvancing = false;
  }

  #begin(job: ThreadJob): void {
    const { ticket } = job;
    const link = new JobLink((message) => this.#send({ type: 'asked', ticket, message }), this.#names);
    const remote = new RemoteJob(job.info, link, job.idx);
    const scope = new RemoteScope(remote);
    const open: OpenJob = { job, remote, scope, at: undefined, beganMs: undefined };
    this.#begun += 1;
    const task = this.#lookup.find(job.task);
    if (task !== undefined) return this.#run(open, task);
    this.#suspended.set(ticket, open);
    this.#lookup.load(job.task).then(
      (loaded) => this.#run(open, loaded),
      (error: unknown) => this.#threw(open, error),
    );
  }

  #run(open: OpenJob, task: TaskDefinition): void {
    const { job, remote, scope } = open;
    const beganMs = epochMs();
    open.at = task.at;
    remote.at = task.at;
    open.beganMs = beganMs;
    this.#tickets.began(job.ticket, beganMs);
    try {
      const args = openParcel(job.args, this.#names, task.at);
      this.#running = open;
      const value: unknown = ambient.storage.run(scope, callTask, task, args);
      this.#running = undefined;
      if (!isThenable(value) && scope.finish() === undefined) {
        const contents = contentsOf(value);
        if (!contents.mayHoldFutures) return this.#returned(open, value, contents);
      }
      this.#suspended.set(job.ticket, open);
      if (job.isAsync !== true) this.#send({ type: 'suspended', ticket: job.ticket });
      this.#settle(open, value).catch((error: unknown) => this.#threw(open, error));
    } catch (error) {
      this.#running = undefined;
      this.#threw(open, error);
    }
  }

  async #settle(open: OpenJob, value: unknown): Promise<void> {
    const settled = await value;
    await open.scope.finish();
    const contents = contentsOf(settled);
    if (!contents.mayHoldFutures) return this.#returned(open, settled, contents);
    const whole = await withoutFutures(settled, 'result', open.at);
    this.#returned(open, whole, contentsOf(whole));
  }

  #returned(open: OpenJob, value: unknown, contents: ValueContents): void {
    const parcel = parcelOf(value, this.#names, contents);
    if (parcel === undefined) return this.#threw(open, this.#uncloneable(open, value, undefined));
    this.#end(open, { type: 'returned', parcel }, contents.buffers);
  }

  #threw(open: OpenJob, error: unknown): void {
    this.#end(open, encodeThrew(error, this.#names), []);
  }

  #end(open: OpenJob, outcome: EncodedOutcome, transfer: readonly ArrayBuffer[]): void {
    const { job, remote } = open;
    this.#suspended.delete(job.ticket);
    this.#begun -= 1;
    remote.close();
    this.#afterJob(remote);
    try {
      this.#sendResult(open, outcome, transfer);
    } catch (cause) {
      const error = this.#uncloneable(open, outcome.parcel.value, cause);
      this.#sendResult(open, encodeThrew(error, this.#names), []);
    }
    this.#advance();
  }

  #uncloneable({ job, at }: OpenJob, value: unknown, cause: unknown): SiderealError {
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

  #sendResult({ job, beganMs }: OpenJob, outcome: EncodedOutcome, transfer: readonly ArrayBuffer[]): void {
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
function tell({ remote, scope }: OpenJob, message: ToJob): void {
  if (message.type !== 'abort') return remote.link.receive(message);
  const reason = openParcel(message.reason, remote.link.names);
  // Listeners are the task's own code: they run in its scope.
  ambient.storage.run(scope, () => remote.abort(reason));
}

function callTask(task: TaskDefinition, args: unknown): unknown {
  // The registry erases parameter types; the authoring functions have checked them.
  return Reflect.apply(task.fn, undefined, Array.isArray(args) ? args : [args]);
}
