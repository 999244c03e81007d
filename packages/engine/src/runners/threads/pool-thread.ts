import { Worker, type ResourceLimits } from 'node:worker_threads';
import { threadArguments, threadEnvironment } from '@sidereal/core';
import type { SiderealError } from '@sidereal/core/errors';
import { everyInput } from '../../handles/job-inputs.ts';
import { isScalar } from '../../data/copier.ts';
import type { ClassNames } from '../../data/packed-object.ts';
import type { ExportedClasses } from '../cloning/exported-classes.ts';
import { MessageGate } from '../cloning/message-gate.ts';
import {
  classesFrom,
  type PoolThreadMessage,
  type TaskAddress,
  type ThreadData,
  type ToThread,
} from './protocol.ts';
import type { RunningJob } from './running-job.ts';
import { threadJob, uncloneableArgument } from './thread-job.ts';
import { threadEntry } from './thread-location.ts';
import { MOST_OPEN, Tickets } from './tickets.ts';

/** Jobs that a thread may have behind the one that runs. */
export const MOST_AHEAD = 8;
/** By then a thread that starts is up, on any machine that works at all. */
const STARTUP_MS = 10_000;

/** What becomes of a thread, told to its pool. */
export interface ThreadEvents {
  received(thread: PoolThread, message: PoolThreadMessage): void;
  /** It has ended, not at its pool's wish. */
  lost(thread: PoolThread, error: unknown, exitCode: number): void;
}

/** A job of the pool. */
export type PooledJob = RunningJob<PoolThread>;

/** A job that cannot be sent, and why. */
export interface RefusedJob {
  readonly job: PooledJob;
  readonly error: SiderealError;
}

export interface PoolThreadOptions {
  readonly name: string;
  readonly events: ThreadEvents;
  readonly names: ExportedClasses;
  readonly resourceLimits: ResourceLimits | undefined;
}

/**
 * One worker thread, seen from the pool: the jobs that it has. Either they are asynchronous and share it, or one has it
 * to itself, perhaps with short ones sent ahead behind it.
 */
export class PoolThread {
  /** For people. */
  readonly name: string;
  /** Open tickets, in the order in which they were given. */
  readonly jobs = new Map<number, PooledJob>();
  /** Jobs to be sent with the next `flush`. */
  readonly unsent: PooledJob[] = [];
  isUp = false;
  /** When it last became idle, or when its first job became the first; `performance.now()`. */
  since = performance.now();
  /** When it was last sent a job. */
  sentMs = 0;
  /** Jobs that count among those that the pool runs at once: neither wait, nor are beyond its size. */
  slots = 0;
  readonly #names: ClassNames;
  readonly #worker: Worker;
  readonly #tickets = new Tickets();
  readonly #knownTasks = new Set<number>();
  /** Jobs that have it to themselves; that wait for others; that do both. */
  #alone = 0;
  #waiting = 0;
  #waitingAlone = 0;
  #longJobs = 0;
  #ticket = 0;
  /** Has it work? Is nothing alive in it? Does the process wait for it? */
  #hasWork = true;
  #isStill = false;
  #keepsProcess = true;
  /** Messages sent to it. */
  #posted = 0;
  #isCondemned = false;
  #error: unknown;

  constructor({ name, events, names, resourceLimits }: PoolThreadOptions) {
    this.name = name;
    this.#names = names;
    const { variables, added } = threadEnvironment(process.env);
    const execArgv = threadArguments(process.execArgv);
    const workerData: ThreadData = { tickets: this.#tickets.memory, startVariable: added };
    this.#worker = new Worker(threadEntry, {
      workerData,
      env: variables,
      name: 'sidereal',
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
      ...(execArgv === undefined ? {} : { execArgv }),
    });
    const gate = new MessageGate<PoolThreadMessage>({
      classesIn: classesFrom,
      prepare: (classes) => names.prepare(classes),
      // What was under way when it was told to end is nobody's concern any more, but what it said is.
      deliver: (message) => {
        if (message.type === 'still') {
          this.#setStill(message.received === this.#posted);
          return;
        }
        const isSaid = message.type === 'printed' || message.type === 'strayed';
        if (!this.#isCondemned || isSaid) events.received(this, message);
      },
    });
    this.#worker.on('message', (message: PoolThreadMessage) => gate.receive(message));
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
    return this.jobs.size + this.unsent.length;
  }

  /** Jobs that do not wait for others. */
  get active(): number {
    return this.load - this.#waiting;
  }

  /** Its job waits for others and has the thread to itself: nothing else may run here. */
  get isHeld(): boolean {
    return this.#waitingAlone > 0;
  }

  /** Does it have jobs, all of which share it? */
  get carries(): boolean {
    return this.#alone === 0 && this.load > 0;
  }

  /** May it get one more job to share it? */
  get hasRoom(): boolean {
    return this.carries && this.load < MOST_OPEN;
  }

  /** May a short job be sent ahead, behind those that it has? Only behind a few, all of them short. */
  get takesMore(): boolean {
    return this.isUp && this.#waiting === 0 && this.#longJobs === 0 && this.load <= MOST_AHEAD;
  }

  /** Does the process wait for this thread? Only while it has work, and something is alive in it that may do it. */
  keepProcess(hasWork: boolean): void {
    this.#hasWork = hasWork;
    this.#holdProcess();
  }

  #setStill(isStill: boolean): void {
    this.#isStill = isStill;
    this.#holdProcess();
  }

  #holdProcess(): void {
    const keeps = this.#hasWork && !this.#isStill;
    if (this.#keepsProcess === keeps) return;
    this.#keepsProcess = keeps;
    if (keeps) this.#worker.ref();
    else this.#worker.unref();
  }

  /** A message has been sent to it: it may go on. */
  #sent(): void {
    this.#posted += 1;
    if (this.#isStill) this.#setStill(false);
  }

  /** Puts a job into the unsent. */
  assign(running: PooledJob): void {
    running.thread = this;
    running.isShort = running.task.runTimes.areShort;
    if (!running.isShort) this.#longJobs++;
    if (running.isAlone) this.#alone++;
    if (running.job.isBeyond !== true) this.slots++;
    if (this.load === 0) this.since = performance.now();
    this.unsent.push(running);
  }

  /** A job is this thread's no more. */
  remove(running: PooledJob): void {
    const [first] = this.jobs.keys();
    if (!this.jobs.delete(running.ticket)) return;
    if (first === running.ticket) this.since = performance.now();
    if (running.waits > 0) this.goesOn(running);
    if (!running.isShort) this.#longJobs--;
    if (running.isAlone) this.#alone--;
    if (running.job.isBeyond !== true) this.slots--;
    running.thread = undefined;
  }

  /** A job waits for others from now on. */
  waits(running: PooledJob): void {
    this.#waiting++;
    if (running.isAlone) this.#waitingAlone++;
    if (running.job.isBeyond !== true) this.slots--;
  }

  /** It waits no more. */
  goesOn(running: PooledJob): void {
    this.#waiting--;
    if (running.isAlone) this.#waitingAlone--;
    if (running.job.isBeyond !== true) this.slots++;
  }

  /** A job that had the thread to itself has turned out to be asynchronous. */
  share(running: PooledJob): void {
    if (!running.isAlone) return;
    running.isAlone = false;
    this.#alone--;
    if (running.waits > 0) this.#waitingAlone--;
  }

  /** True if the thread had not begun the job: it never will, and the job is free. Not if its arguments are gone. */
  takeBack(running: PooledJob): boolean {
    if (running.job.transfer !== undefined && running.job.transfer.length > 0) return false;
    if (!this.#tickets.takeBack(running.ticket)) return false;
    this.remove(running);
    return true;
  }

  beganAt(running: PooledJob): number | undefined {
    return this.#tickets.beganAt(running.ticket);
  }

  /** Sends the unsent in as few messages as can be. Jobs that cannot travel come back. */
  flush(): RefusedJob[] {
    const refused: RefusedJob[] = [];
    let batch: PooledJob[] = [];
    let holdsObjects = false;
    for (const running of this.unsent.splice(0)) {
      const isPlain = everyInput(running.job.inputs, isScalar);
      if (!isPlain && holdsObjects) {
        refused.push(...this.#sendJobs(batch));
        batch = [];
        holdsObjects = false;
      }
      holdsObjects ||= !isPlain;
      do this.#ticket = Tickets.next(this.#ticket);
      while (this.jobs.has(this.#tickets.before(this.#ticket)));
      running.ticket = this.#ticket;
      this.#tickets.open(running.ticket);
      this.jobs.set(running.ticket, running);
      batch.push(running);
    }
    if (batch.length > 0) refused.push(...this.#sendJobs(batch));
    if (this.carries) this.sentMs = performance.now();
    return refused;
  }

  send(message: ToThread): void {
    this.#worker.postMessage(message);
    this.#sent();
  }

  /**
   * Ends it; resolves once it is gone. It is not `lost` then. A thread is asked first and ended by force only
   * if it does not heed that within `graceMs` of being up: to stop one at any instant, above all while it
   * loads modules, can bring down the process.
   */
  async end(graceMs: number): Promise<void> {
    this.#isCondemned = true;
    for (const running of this.jobs.values()) this.#tickets.takeBack(running.ticket);
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

  #sendJobs(batch: readonly PooledJob[]): RefusedJob[] {
    const tasks: TaskAddress[] = [];
    for (const { task } of batch) if (!this.#knownTasks.has(task.address.index)) tasks.push(task.address);
    try {
      this.#post(
        { type: 'jobs', tasks, jobs: batch.map((running) => threadJob(running, this.#names)) },
        batch,
      );
      this.#sent();
      for (const { index } of tasks) this.#knownTasks.add(index);
      return [];
    } catch (cause) {
      if (batch.length > 1) return batch.flatMap((running) => this.#sendJobs([running]));
      return batch.map((running) => this.#refuse(running, cause));
    }
  }

  #post(message: ToThread, batch: readonly PooledJob[]): void {
    const transfer = new Set(batch.flatMap(({ job }) => job.transfer ?? []));
    if (transfer.size === 0) return this.#worker.postMessage(message);
    try {
      this.#worker.postMessage(message, [...transfer]);
    } catch {
      // Some memory, such as WebAssembly's, cannot be handed over.
      this.#worker.postMessage(message);
    }
  }

  #refuse(running: PooledJob, cause: unknown): RefusedJob {
    this.remove(running);
    return { job: running, error: uncloneableArgument(running.job, this.#names, cause) };
  }
}
