import { Worker, type ResourceLimits } from 'node:worker_threads';
import { threadArguments, threadEnvironment } from '@sidereal/core';
import { SiderealError } from '@sidereal/core/errors';
import type { JobInfo } from '../runner.ts';
import { Claims, MOST_TICKETS_AHEAD } from './claims.ts';
import type { HeldJob } from './held-job.ts';
import { packErrors } from './packed-errors.ts';
import type { FromThread, TaskAddress, ThreadData, ThreadJob, ToThread } from './protocol.ts';
import { isPrimitive, survey } from './survey.ts';
import { threadEntry } from './thread-location.ts';
import { findUncloneable } from './uncloneable.ts';

/** Jobs that a thread may have behind the one that runs. */
export const MOST_AHEAD = 8;
/** By then a thread that starts is up, on any machine that works at all. */
const STARTUP_MS = 10_000;

/** What becomes of a thread, told to its pool. */
export interface ThreadEvents {
  received(thread: PoolThread, message: FromThread): void;
  /** It has ended, not at its pool's wish. */
  lost(thread: PoolThread, error: unknown, exitCode: number): void;
}

/** A job that cannot be sent, and why. */
export interface RefusedJob {
  readonly held: HeldJob;
  readonly error: SiderealError;
}

/** One worker thread, seen from the pool: the jobs that it has, first the one that runs. */
export class PoolThread {
  /** Open tickets, in the order in which the thread takes them. */
  readonly jobs = new Map<number, HeldJob>();
  /** Jobs to be sent with the next `flush`. */
  readonly outbox: HeldJob[] = [];
  isUp = false;
  isParked = false;
  /** When it last became idle, or when its first job became the first; `performance.now()`. */
  since = performance.now();
  readonly #worker: Worker;
  readonly #claims = new Claims();
  readonly #knownTasks = new Set<number>();
  #longJobs = 0;
  #ticket = 0;
  #keepsProcess = true;
  #isCondemned = false;
  #error: unknown;

  constructor(events: ThreadEvents, resourceLimits: ResourceLimits | undefined) {
    const { variables, added } = threadEnvironment(process.env);
    const workerData: ThreadData = { claims: this.#claims.memory, startVariable: added };
    this.#worker = new Worker(threadEntry, {
      workerData,
      env: variables,
      name: 'sidereal',
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
      execArgv: threadArguments(process.execArgv),
    });
    this.#worker.on('message', (message: FromThread) => {
      // What was under way when it was told to end is nobody's concern any more, but what it printed is.
      if (!this.#isCondemned || message.type === 'printed') events.received(this, message);
    });
    this.#worker.on('messageerror', (error: unknown) => this.#fail(error));
    this.#worker.on('error', (error: unknown) => {
      this.#error ??= error;
    });
    this.#worker.on('exit', (exitCode) => {
      if (!this.#isCondemned) events.lost(this, this.#error, exitCode);
    });
  }

  /** Jobs that it has or is about to get. */
  get load(): number {
    return this.jobs.size + this.outbox.length;
  }

  /** May a short job be sent ahead, behind those that it has? Only behind a few, all of them short. */
  get takesMore(): boolean {
    if (!this.isUp || this.isParked || this.#longJobs > 0 || this.load > MOST_AHEAD) return false;
    const [first = this.#ticket] = this.jobs.keys();
    return Claims.distance(first, this.#ticket) < MOST_TICKETS_AHEAD - MOST_AHEAD;
  }

  /** Does the process wait for this thread? Only while it has work. */
  keepProcess(keeps: boolean): void {
    if (this.#keepsProcess === keeps) return;
    this.#keepsProcess = keeps;
    if (keeps) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Puts a job into the outbox. */
  assign(held: HeldJob): void {
    held.thread = this;
    held.isShort = held.task.runTimes.areShort;
    if (!held.isShort) this.#longJobs++;
    if (this.load === 0) this.since = performance.now();
    this.outbox.push(held);
  }

  /** A job is this thread's no more. */
  remove(held: HeldJob): void {
    const [first] = this.jobs.keys();
    if (!this.jobs.delete(held.ticket)) return;
    if (first === held.ticket) this.since = performance.now();
    if (!held.isShort) this.#longJobs--;
    held.thread = undefined;
  }

  /** True if the thread had not begun the job: it never will, and the job is free. Not if its arguments are gone. */
  takeBack(held: HeldJob): boolean {
    if (held.job.transfer !== undefined && held.job.transfer.length > 0) return false;
    if (!this.#claims.takeBack(held.ticket)) return false;
    this.remove(held);
    return true;
  }

  beganAt(held: HeldJob): number | undefined {
    return this.#claims.beganAt(held.ticket);
  }

  /** Sends the outbox in as few messages as can be. Jobs that cannot travel come back. */
  flush(): RefusedJob[] {
    const refused: RefusedJob[] = [];
    let batch: HeldJob[] = [];
    let holdsObjects = false;
    for (const held of this.outbox.splice(0)) {
      const isPlain = held.job.args.every(isPrimitive);
      if (!isPlain && holdsObjects) {
        refused.push(...this.#sendJobs(batch));
        batch = [];
        holdsObjects = false;
      }
      holdsObjects ||= !isPlain;
      this.#ticket = Claims.next(this.#ticket);
      held.ticket = this.#ticket;
      this.#claims.open(held.ticket);
      this.jobs.set(held.ticket, held);
      batch.push(held);
    }
    if (batch.length > 0) refused.push(...this.#sendJobs(batch));
    return refused;
  }

  send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  /**
   * Ends it; resolves once it is gone. It is not `lost` then. A thread is asked first and ended by force only
   * if it does not heed that within `graceMs` of being up: to stop one at any instant, above all while it
   * loads modules, can bring down the process.
   */
  async end(graceMs: number): Promise<void> {
    this.#isCondemned = true;
    for (const held of this.jobs.values()) this.#claims.takeBack(held.ticket);
    this.#worker.ref();
    this.send({ type: 'end' });
    const patienceMs = this.isUp ? graceMs : graceMs + STARTUP_MS;
    const force = setTimeout(() => void this.#worker.terminate(), patienceMs);
    await new Promise((resolve) => this.#worker.once('exit', resolve));
    clearTimeout(force);
  }

  #fail(error: unknown): void {
    this.#error ??= error;
    void this.#worker.terminate();
  }

  #sendJobs(batch: readonly HeldJob[]): RefusedJob[] {
    const tasks: TaskAddress[] = [];
    for (const { task } of batch) if (!this.#knownTasks.has(task.address.index)) tasks.push(task.address);
    try {
      this.#post({ type: 'jobs', tasks, jobs: batch.map(threadJob) }, batch);
      for (const { index } of tasks) this.#knownTasks.add(index);
      return [];
    } catch (cause) {
      if (batch.length > 1) return batch.flatMap((held) => this.#sendJobs([held]));
      return batch.map((held) => this.#refuse(held, cause));
    }
  }

  #post(message: ToThread, batch: readonly HeldJob[]): void {
    const transfer = new Set(batch.flatMap(({ job }) => job.transfer ?? []));
    if (transfer.size === 0) return this.#worker.postMessage(message);
    try {
      this.#worker.postMessage(message, [...transfer]);
    } catch {
      // Some memory, such as WebAssembly's, cannot be handed over.
      this.#worker.postMessage(message);
    }
  }

  #refuse(held: HeldJob, cause: unknown): RefusedJob {
    this.remove(held);
    return { held, error: uncloneableArgument(held, cause) };
  }
}

function threadJob({ job, task, ticket }: HeldJob): ThreadJob {
  const isPacked = survey(job.args).hasErrors;
  const { runId, key, name, attempt }: JobInfo = job.info;
  return {
    ticket,
    task: task.address.index,
    args: isPacked ? packErrors(job.args) : job.args,
    isPacked,
    info: { runId, key, name, attempt },
  };
}

function uncloneableArgument({ job }: HeldJob, cause: unknown): SiderealError {
  const index = job.args.findIndex((arg) => findUncloneable(arg) !== undefined);
  const found = findUncloneable(job.args[index]);
  const which = index < 0 ? 'an argument' : `argument ${index + 1}`;
  const inside = found === undefined || found.path === '' ? '' : ` (its ${found.path})`;
  return new SiderealError(
    'UNCLONEABLE_ARGUMENT',
    `${which}${inside} of task '${job.task.name}' is ${found?.what ?? 'something'}, which cannot go to another thread`,
    {
      at: job.task.at,
      cause,
      remedy:
        "Pass plain data and build the rest inside the task, or run it on the flow's own thread: on: 'inline'.",
    },
  );
}
