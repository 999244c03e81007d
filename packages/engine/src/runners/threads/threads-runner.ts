import type { ResourceLimits } from 'node:worker_threads';
import type { SiderealError } from '@sidereal/core/errors';
import { ambient, registryKey } from '../../context/ambient.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import { isImportable } from '../../identity/definition-registry.ts';
import { inMemory } from '../../handles/value-handle.ts';
import { decodeOutcome, thrownParcel } from '../cloning/encoded-outcome.ts';
import { openParcel, type Parcel } from '../cloning/parcel.ts';
import { answerJob, type JobChannel } from '../remote/job-answers.ts';
import type { ToJob } from '../remote/job-messages.ts';
import type {
  Job,
  JobOutcome,
  JobTiming,
  LateOutcome,
  Runner,
  RunnerFactory,
  RunnerHost,
} from '../runner.ts';
import { MOST_AHEAD, type PooledJob, type PoolThread } from './pool-thread.ts';
import type { PoolThreadMessage, ThreadResult } from './protocol.ts';
import { RunTimes } from './run-times.ts';
import { loadedClasses as names } from './loaded-classes.ts';
import { runningJob } from './running-job.ts';
import { refusedArguments } from './thread-job.ts';
import { TaskTable } from './task-table.ts';
import { calledTooDeep, closureOnThreads } from './thread-errors.ts';
import { ThreadPool } from './thread-pool.ts';

/**
 * Task code on worker threads, found there by module and name: one synchronous task at a time on each, or many
 * asynchronous ones.
 *
 * Arguments are cloned, except shared memory, which is shared. A task gives away what it returns: large buffers
 * that a returned value covers whole are handed over instead of copied, so a task must not keep them.
 */
export interface ThreadsOptions {
  /** Tasks at once. Those that wait for tasks that they have called do not count, nor do those that are `isBeyond`. */
  readonly size: number;
  /** Start all threads at once, instead of as jobs need them; default false. */
  readonly prewarm?: boolean;
  /** How long an interrupted job has to end by itself before its thread is ended; default half a second. */
  readonly graceMs?: number;
  /** How long a thread that is one too many stays idle before it ends; default ten seconds. */
  readonly idleMs?: number;
  /** Threads that waiting jobs may hold beyond `size`; default: what is left of 64 in all. */
  readonly surplus?: number;
  /** Memory of each thread; default: Node's. */
  readonly resourceLimits?: ResourceLimits;
}

/** Makes runners that execute tasks on worker threads. */
export function threadsRunner(options: ThreadsOptions): RunnerFactory {
  return (host) => new ThreadsRunner(host, options);
}

const DEFAULT_GRACE_MS = 500;
const DEFAULT_IDLE_MS = 10_000;
/** Threads of a pool in all, those included whose job waits: each has a heap and modules of its own. */
const MOST_THREADS = 64;

class ThreadsRunner implements Runner {
  readonly name = 'threads';
  readonly capacity: number;
  readonly #host: RunnerHost;
  readonly #graceMs: number;
  /** How deep jobs may call jobs: as deep as if each kept a thread while it waits. */
  readonly #deepest: number;
  readonly #pool: ThreadPool;
  readonly #tasks = new TaskTable();
  readonly #runTimes = new RunTimes();
  readonly #jobs = new Map<number, PooledJob>();
  #closing: Promise<void> | undefined;

  constructor(host: RunnerHost, options: ThreadsOptions) {
    const {
      size,
      graceMs = DEFAULT_GRACE_MS,
      idleMs = DEFAULT_IDLE_MS,
      surplus = Math.max(MOST_THREADS - size, 0),
    } = options;
    this.#host = host;
    this.capacity = size;
    this.#graceMs = graceMs;
    this.#deepest = size + surplus;
    const owner = {
      received: (thread: PoolThread, message: PoolThreadMessage) => this.#received(thread, message),
      failed: (running: PooledJob, outcome: JobOutcome) => this.#endSoon(running, outcome),
    };
    const { resourceLimits } = options;
    this.#pool = new ThreadPool(owner, { size, surplus, idleMs, resourceLimits, names });
    if (options.prewarm === true) this.#pool.prewarm();
  }

  get prefetch(): number {
    return this.#runTimes.areShort ? this.capacity * MOST_AHEAD : 0;
  }

  overlaps(task: TaskDefinition): boolean {
    return this.#tasks.of(task).isAsync;
  }

  mayGoAhead(task: TaskDefinition): boolean {
    return this.#tasks.of(task).runTimes.areShort;
  }

  refusal(
    task: TaskDefinition,
    args: readonly unknown[],
    at: () => string | undefined,
  ): SiderealError | undefined {
    return refusedArguments(task, args, names, at);
  }

  start(job: Job): void {
    if (this.#closing !== undefined) return;
    const { task } = job;
    // By the time that a thread is up, the classes of the task's module are at hand.
    void names.load(task.module);
    const caller = job.calledBy === undefined ? undefined : this.#jobs.get(job.calledBy);
    const running: PooledJob = runningJob(job, this.#tasks.of(task), (caller?.depth ?? 0) + 1);
    this.#jobs.set(job.id, running);
    if (!isImportable(ambient.registry, registryKey(task.module, task.name), task))
      this.#endSoon(running, { type: 'threw', error: closureOnThreads(task) });
    else if (running.depth > this.#deepest)
      this.#endSoon(running, { type: 'threw', error: calledTooDeep(job, this.#deepest) });
    else this.#pool.add(running);
  }

  beganAt(id: number): number | undefined {
    const running = this.#jobs.get(id);
    return running?.thread?.beganAt(running);
  }

  interrupt(id: number, reason: Error): void {
    const running = this.#jobs.get(id);
    if (running === undefined || running.isOver || running.interruptedBy !== undefined) return;
    running.interruptedBy = reason;
    const { thread } = running;
    if (this.#pool.withdraw(running) || thread === undefined) {
      return this.#endSoon(running, { type: 'threw', error: reason });
    }
    const message: ToJob = { type: 'abort', reason: thrownParcel(reason, names) };
    thread.send({ type: 'told', ticket: running.ticket, message });
    // A result that has come meanwhile is read first: messages are, before immediates.
    running.grace = setTimeout(() => setImmediate(() => this.#force(running, thread)), this.#graceMs);
  }

  abandon(id: number, reason: Error, late: (outcome: LateOutcome) => void): void {
    const running = this.#jobs.get(id);
    if (running === undefined || running.isOver) return;
    // Others get its place once it has ended, or its thread has: both within the grace.
    running.late = late;
    this.interrupt(id, reason);
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      for (const running of this.#jobs.values()) clearTimeout(running.grace);
      this.#jobs.clear();
      this.#closing = this.#pool.close();
    }
    return this.#closing;
  }

  /** The job has not ended within its grace: its thread goes. */
  #force(running: PooledJob, thread: PoolThread): void {
    if (running.isOver || running.thread !== thread) return;
    thread.remove(running);
    const why = `task '${running.job.task.name}', with which it shared a thread, did not stop when it was asked to`;
    this.#pool.replace(thread, why);
    const { interruptedBy } = running;
    if (interruptedBy !== undefined) this.#end(running, { type: 'forced', error: interruptedBy }, undefined);
  }

  #received(thread: PoolThread, message: PoolThreadMessage): void {
    switch (message.type) {
      case 'up':
      case 'still':
        break;
      case 'ended':
        this.#ended(thread, message);
        break;
      case 'printed':
        process[message.stream].write(message.text);
        break;
      case 'suspended': {
        const running = thread.jobs.get(message.ticket);
        if (running !== undefined) this.#suspended(running, thread);
        break;
      }
      case 'strayed':
        this.#host.strayed({
          of: message.of,
          where: thread.name,
          error: openThrown(message.thrown),
        });
        break;
      case 'exiting':
        this.#pool.replace(
          thread,
          `task '${message.task}', with which it shared a thread, called process.exit`,
        );
        break;
      case 'asked': {
        const running = thread.jobs.get(message.ticket);
        if (running !== undefined) answerJob(this.#host, this.#channelOf(running, thread), message.message);
        break;
      }
    }
  }

  #ended(thread: PoolThread, { ticket, beganMs, endedMs, outcome: encoded }: ThreadResult): void {
    const running = thread.jobs.get(ticket);
    if (running === undefined) return;
    thread.remove(running);
    const timing = beganMs === undefined ? undefined : { beganMs, endedMs };
    if (timing !== undefined) {
      running.task.runTimes.add(endedMs - timing.beganMs);
      this.#runTimes.add(endedMs - timing.beganMs);
    }
    const decoded = decodeOutcome(encoded, names, running.job.task.at);
    const outcome: LateOutcome =
      decoded.type === 'returned' ? { type: 'returned', value: inMemory(decoded.value, true) } : decoded;
    running.late?.(outcome);
    this.#end(running, outcome, timing);
    this.#pool.freed(thread);
  }

  /** A task that counted as synchronous is not: its runs share threads from now on, this one among them. */
  #suspended(running: PooledJob, thread: PoolThread): void {
    running.task.isAsync = true;
    if (running.job.isAlone === true) return;
    for (const { job } of [running, ...this.#pool.shares(running, thread)]) this.#host.suspended(job.id);
  }

  /** Where a job's requests come from and its answers go. */
  #channelOf(running: PooledJob, thread: PoolThread): JobChannel {
    const pool = this.#pool;
    const { ticket } = running;
    return {
      job: running.job,
      names,
      fail: (error) => this.interrupt(running.job.id, error),
      get isOpen() {
        return !running.isOver && running.thread === thread;
      },
      send: (message) => thread.send({ type: 'told', ticket, message }),
      waits: () => {
        if (running.waits++ === 0) pool.waits(running, thread);
      },
      goesOn: () => {
        if (--running.waits === 0) pool.goesOn(running, thread);
      },
    };
  }

  /** Later in this tick: the owner is never called back out of its own call. */
  #endSoon(running: PooledJob, outcome: JobOutcome): void {
    if (running.isOver) return;
    running.isOver = true;
    queueMicrotask(() => this.#tell(running, outcome, undefined));
  }

  #end(running: PooledJob, outcome: JobOutcome, timing: JobTiming | undefined): void {
    if (running.isOver) return;
    running.isOver = true;
    this.#tell(running, outcome, timing);
  }

  #tell(running: PooledJob, outcome: JobOutcome, timing: JobTiming | undefined): void {
    clearTimeout(running.grace);
    if (!this.#jobs.delete(running.job.id)) return;
    this.#host.ended(running.job.id, asStopped(running, outcome), timing);
  }
}

/** What was thrown, or why it cannot be put together again. */
function openThrown(thrown: Parcel): unknown {
  try {
    return openParcel(thrown, names);
  } catch (error) {
    return error;
  }
}

/** How a job ended, as its owner is told: if it was asked to stop, that is why, whatever it threw. */
function asStopped({ interruptedBy, late }: PooledJob, outcome: JobOutcome): JobOutcome {
  if (interruptedBy === undefined || outcome.type === 'forced') return outcome;
  if (late !== undefined) return { type: 'forced', error: interruptedBy };
  return outcome.type === 'returned' ? outcome : { type: 'threw', error: interruptedBy };
}
