import { SiderealError } from '@sidereal/core/errors';
import type { ResourceLimits } from 'node:worker_threads';
import { ambient, registryKey } from '../../ambient.ts';
import type { TaskDefinition } from '../../authoring/task-definition.ts';
import { isImportable } from '../../identity/definition-registry.ts';
import type { Job, JobOutcome, Runner, RunnerFactory, RunnerHost } from '../runner.ts';
import { heldJob, type HeldJob } from './held-job.ts';
import { packErrors, unpackErrors } from './packed-errors.ts';
import { MOST_AHEAD, type PoolThread } from './pool-thread.ts';
import type { FromThread, ThreadOutcome, ThreadResult } from './protocol.ts';
import { RunTimes } from './run-times.ts';
import { survey } from './survey.ts';
import { TaskTable } from './task-table.ts';
import { closureOnThreads } from './thread-errors.ts';
import { ThreadPool } from './thread-pool.ts';
import { decodeThrown, encodeThrown } from './thrown.ts';
import { findUncloneable } from './uncloneable.ts';

/**
 * Task code on worker threads, found there by module and name, one task at a time on each.
 *
 * Arguments are cloned, except shared memory, which is shared. A task gives away what it returns: large buffers
 * that a returned value covers whole are handed over instead of copied, so a task must not keep them.
 */
export interface ThreadsOptions {
  /** Tasks at once. Parked tasks, which wait for tasks that they have called, do not count. */
  readonly size: number;
  /** Start all threads at once, instead of as jobs need them; default false. */
  readonly prewarm?: boolean;
  /** How long an interrupted job has to end by itself before its thread is ended; default half a second. */
  readonly graceMs?: number;
  /** How long a thread that is one too many stays idle before it ends; default ten seconds. */
  readonly retireMs?: number;
  /** Threads that parked jobs may hold beyond `size`; default 256. */
  readonly surplus?: number;
  /** Memory of each thread; default: Node's. */
  readonly resourceLimits?: ResourceLimits;
}

/** Makes runners that execute tasks on worker threads. */
export function threadsRunner(options: ThreadsOptions): RunnerFactory {
  return (host) => new ThreadsRunner(host, options);
}

const DEFAULT_GRACE_MS = 500;
const DEFAULT_RETIRE_MS = 10_000;
const DEFAULT_SURPLUS = 256;

class ThreadsRunner implements Runner {
  readonly name = 'threads';
  readonly capacity: number;
  readonly #host: RunnerHost;
  readonly #graceMs: number;
  readonly #pool: ThreadPool;
  readonly #tasks = new TaskTable();
  readonly #runTimes = new RunTimes();
  readonly #held = new Map<number, HeldJob>();
  #closing: Promise<void> | undefined;

  constructor(host: RunnerHost, options: ThreadsOptions) {
    const {
      size,
      graceMs = DEFAULT_GRACE_MS,
      retireMs = DEFAULT_RETIRE_MS,
      surplus = DEFAULT_SURPLUS,
    } = options;
    this.#host = host;
    this.capacity = size;
    this.#graceMs = graceMs;
    const owner = {
      received: (thread: PoolThread, message: FromThread) => this.#received(thread, message),
      failed: (held: HeldJob, outcome: JobOutcome) => this.#endSoon(held, outcome),
    };
    this.#pool = new ThreadPool(owner, { size, surplus, retireMs, resourceLimits: options.resourceLimits });
    if (options.prewarm === true) this.#pool.prewarm();
  }

  get prefetch(): number {
    return this.#runTimes.areShort ? this.capacity * MOST_AHEAD : 0;
  }

  mayGoAhead(task: TaskDefinition): boolean {
    return this.#tasks.of(task).runTimes.areShort;
  }

  start(job: Job): void {
    if (this.#closing !== undefined) return;
    const { task } = job;
    const held = heldJob(job, this.#tasks.of(task));
    this.#held.set(job.id, held);
    if (isImportable(ambient.registry, registryKey(task.module, task.name), task)) this.#pool.add(held);
    else this.#endSoon(held, { type: 'threw', error: closureOnThreads(task) });
  }

  beganAt(id: number): number | undefined {
    const held = this.#held.get(id);
    return held?.thread?.beganAt(held);
  }

  interrupt(id: number, reason: Error): void {
    const held = this.#held.get(id);
    if (held === undefined || held.isOver || held.interruptedBy !== undefined) return;
    held.interruptedBy = reason;
    const { thread } = held;
    if (this.#pool.withdraw(held) || thread === undefined) {
      return this.#endSoon(held, { type: 'threw', error: reason });
    }
    thread.send({ type: 'abort', ticket: held.ticket, reason: encodeThrown(reason) });
    // A result that has come meanwhile is read first: messages are, before immediates.
    held.grace = setTimeout(() => setImmediate(() => this.#force(held, thread)), this.#graceMs);
  }

  close(): Promise<void> {
    if (this.#closing === undefined) {
      for (const held of this.#held.values()) clearTimeout(held.grace);
      this.#held.clear();
      this.#closing = this.#pool.close();
    }
    return this.#closing;
  }

  /** The job has not ended within its grace: its thread goes. */
  #force(held: HeldJob, thread: PoolThread): void {
    if (held.isOver || held.thread !== thread) return;
    thread.remove(held);
    this.#pool.replace(thread);
    this.#end(held, { type: 'threw', error: held.interruptedBy }, undefined);
  }

  #received(thread: PoolThread, message: FromThread): void {
    switch (message.type) {
      case 'up':
        break;
      case 'ended':
        this.#ended(thread, message);
        break;
      case 'printed':
        process[message.stream].write(message.text);
        break;
      case 'said': {
        const held = thread.jobs.get(message.ticket);
        if (held !== undefined) this.#host.said(held.job.id, message.kind, message.body, message.once);
        break;
      }
      case 'submitted': {
        const held = thread.jobs.get(message.ticket);
        const { call, isPacked } = message;
        if (isPacked) unpackErrors(call.args);
        if (held !== undefined) this.#host.submitted(held.job.id, call);
        break;
      }
      case 'awaited': {
        const held = thread.jobs.get(message.ticket);
        if (held !== undefined) void this.#await(held, thread, message.wait, message.call, message.item);
        break;
      }
    }
  }

  #ended(thread: PoolThread, { ticket, beganMs, endedMs, outcome }: ThreadResult): void {
    const held = thread.jobs.get(ticket);
    if (held === undefined) return;
    thread.remove(held);
    thread.isParked = false;
    const timing = beganMs === undefined ? undefined : { beganMs, endedMs };
    if (timing !== undefined) {
      held.task.runTimes.add(endedMs - timing.beganMs);
      this.#runTimes.add(endedMs - timing.beganMs);
    }
    this.#end(held, decodeOutcome(outcome), timing);
    this.#pool.freed(thread);
  }

  async #await(
    held: HeldJob,
    thread: PoolThread,
    wait: number,
    call: number,
    item: number | undefined,
  ): Promise<void> {
    if (held.waits++ === 0) this.#pool.parked(thread);
    let outcome: ThreadOutcome;
    try {
      outcome = returned(await this.#host.awaited(held.job.id, call, item));
    } catch (error) {
      outcome = { type: 'threw', error: encodeThrown(error) };
    }
    if (held.isOver || held.thread !== thread) return;
    if (--held.waits === 0) this.#pool.resumed(thread);
    const { ticket } = held;
    try {
      thread.send({ type: 'settled', ticket, wait, outcome });
    } catch (cause) {
      const error = encodeThrown(uncloneableChild(held, outcome, cause));
      thread.send({ type: 'settled', ticket, wait, outcome: { type: 'threw', error } });
    }
  }

  /** Later in this tick: the owner is never called back out of its own call. */
  #endSoon(held: HeldJob, outcome: JobOutcome): void {
    if (held.isOver) return;
    held.isOver = true;
    queueMicrotask(() => this.#tell(held, outcome, undefined));
  }

  #end(held: HeldJob, outcome: JobOutcome, timing: { beganMs: number; endedMs: number } | undefined): void {
    if (held.isOver) return;
    held.isOver = true;
    this.#tell(held, outcome, timing);
  }

  #tell(held: HeldJob, outcome: JobOutcome, timing: { beganMs: number; endedMs: number } | undefined): void {
    clearTimeout(held.grace);
    if (!this.#held.delete(held.job.id)) return;
    const { interruptedBy } = held;
    const isStopped = interruptedBy !== undefined && outcome.type !== 'returned';
    this.#host.ended(held.job.id, isStopped ? { type: 'threw', error: interruptedBy } : outcome, timing);
  }
}

function decodeOutcome(outcome: ThreadOutcome): JobOutcome {
  if (outcome.type === 'threw') return { type: 'threw', error: decodeThrown(outcome.error) };
  return { type: 'returned', value: outcome.isPacked ? unpackErrors(outcome.value) : outcome.value };
}

function returned(value: unknown): ThreadOutcome {
  const isPacked = survey(value).hasErrors;
  return { type: 'returned', value: isPacked ? packErrors(value) : value, isPacked };
}

function uncloneableChild({ job }: HeldJob, outcome: ThreadOutcome, cause: unknown): SiderealError {
  const found = outcome.type === 'returned' ? findUncloneable(outcome.value) : undefined;
  return new SiderealError(
    'UNCLONEABLE_RESULT',
    `a value that task '${job.task.name}' awaits${found?.path ? ` (its ${found.path})` : ''} is ${found?.what ?? 'something'}, which cannot go to another thread`,
    { at: job.task.at, cause, remedy: 'Return plain data from tasks whose values are awaited on threads.' },
  );
}
