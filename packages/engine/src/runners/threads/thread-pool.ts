import type { SiderealError } from '@sidereal/core/errors';
import type { JobOutcome } from '../runner.ts';
import type { PooledJob, PoolThread, RefusedJob, ThreadEvents } from './pool-thread.ts';
import type { PoolThreadMessage } from './protocol.ts';
import { STALLED_MS, stalledThreads, threadAhead } from './jobs-ahead.ts';
import { lostThread, tooDeepOnThreads } from './thread-errors.ts';
import { ThreadStarts } from './thread-starts.ts';
import { ThreadSet, type ThreadSetOptions } from './thread-set.ts';

/** What the pool tells its runner. */
export interface PoolOwner {
  received(thread: PoolThread, message: PoolThreadMessage): void;
  /** The job will not end by itself: it could not be sent, its thread was lost, no thread can be had. */
  failed(running: PooledJob, outcome: JobOutcome): void;
}

/** How long a job that failed for want of a thread has to free one, before the next fails. */
const UNWIND_MS = 10;
/** How long a thread whose job has not heeded its signal has to end by itself. */
const REPLACED_GRACE_MS = 50;

/**
 * Which job goes to which thread, and when one more is started.
 *
 * A job is **alone** on its thread, or it **shares** it. Alone is one whose task counts as synchronous, and one that
 * must not have neighbours (strict, or suspected of having brought down a thread): it waits, first in, first out, for a
 * thread that has nothing, and such threads are at most `size`. Only short ones go to a busy thread, behind other short
 * ones; if one of those turns out long, waits, or its thread is lost, what stands behind it is taken back.
 *
 * Asynchronous jobs share threads: each goes to one of its own as long as there are fewer than `size`, because it may
 * compute too, and beyond that to the one that has the fewest under way. A synchronous job never goes to a thread that
 * carries others, nor do they go to its: where both are at work the pool has up to `size` threads for each, so that
 * neither holds up the other, however long it takes.
 *
 * A job that waits for others leaves its thread to its neighbours. If it is alone its thread is held until it goes on, so
 * the pool adds one in its place. Threads that are too many end after a while. Placement happens once a tick, so that
 * jobs started together share messages.
 */
export class ThreadPool implements ThreadEvents {
  readonly #owner: PoolOwner;
  readonly #options: ThreadSetOptions;
  readonly #threads: ThreadSet;
  /** Jobs without a thread. */
  #alone: PooledJob[] = [];
  #shared: PooledJob[] = [];
  readonly #starts = new ThreadStarts();
  #isPlacing = false;
  #unwinding: NodeJS.Timeout | undefined;
  #stall: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(owner: PoolOwner, options: ThreadSetOptions) {
    this.#owner = owner;
    this.#options = options;
    this.#threads = new ThreadSet(this, options);
  }

  /** Starts all threads ahead of any job. */
  prewarm(): void {
    while (this.#threads.size < this.#options.size) this.#grow(false);
  }

  add(running: PooledJob): void {
    (running.isAlone ? this.#alone : this.#shared).push(running);
    this.#place();
  }

  /** True if the job had not begun, and now never will. */
  withdraw(running: PooledJob): boolean {
    const { thread } = running;
    if (thread === undefined) {
      const isOther = (other: PooledJob): boolean => other !== running;
      this.#alone = this.#alone.filter(isOther);
      this.#shared = this.#shared.filter(isOther);
      return true;
    }
    if (!thread.takeBack(running)) return false;
    this.freed(thread);
    return true;
  }

  /** A job of the thread is over. */
  freed(thread: PoolThread): void {
    if (thread.load === 0) this.#threads.becameIdle(thread);
    this.#place();
  }

  /** A job of the thread waits for others: they may need what was sent there and has not begun. */
  waits(running: PooledJob, thread: PoolThread): void {
    thread.waits(running);
    this.#takeBackAll(thread);
    this.#place();
  }

  /** It goes on. */
  goesOn(running: PooledJob, thread: PoolThread): void {
    thread.goesOn(running);
  }

  /**
   * A job that counted as synchronous waits: it shares its thread, and so do those of its task that have none yet. Gives
   * those.
   */
  shares(running: PooledJob, thread: PoolThread): readonly PooledJob[] {
    thread.share(running);
    const others = this.#alone.filter(({ job, task }) => task === running.task && job.isAlone !== true);
    for (const other of others) other.isAlone = false;
    this.#alone = this.#alone.filter(({ isAlone }) => isAlone);
    this.#shared.push(...others);
    this.#place();
    return others;
  }

  /**
   * Ends a thread whose running job has been taken from it, and puts another in its place at once. The other jobs there
   * begin again, once it is gone: no two executions of one overlap.
   */
  replace(thread: PoolThread, why: string): void {
    const neighbours = this.#forget(thread);
    const gone = this.#threads.end(thread, REPLACED_GRACE_MS);
    if (neighbours.length > 0) {
      void gone.then(() => {
        for (const running of neighbours)
          this.#owner.failed(running, { type: 'displaced', why, isSuspect: false });
      });
    }
    this.#refill();
    this.#place();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#stall);
    clearTimeout(this.#unwinding);
    this.#alone = [];
    this.#shared = [];
    await this.#threads.close();
  }

  received(thread: PoolThread, message: PoolThreadMessage): void {
    if (message.type === 'up') {
      this.#starts.succeeded();
      thread.isUp = true;
      this.freed(thread);
    } else this.#owner.received(thread, message);
  }

  lost(thread: PoolThread, error: unknown, exitCode: number): void {
    const left = this.#forget(thread);
    for (const running of left)
      this.#owner.failed(running, lostThread(running.job.task, { error, exitCode, jobs: left.length }));
    if (thread.isUp) this.#refill();
    else this.#giveUp(this.#starts.failed(error));
    this.#place();
  }

  /** Puts a thread in the place of one that has gone. */
  #refill(): void {
    if (this.#threads.usable < this.#options.size) this.#grow(false);
  }

  #place(): void {
    if (this.#isPlacing || this.#isClosed) return;
    this.#isPlacing = true;
    queueMicrotask(() => {
      this.#isPlacing = false;
      if (this.#isClosed) return;
      this.#assign();
      if (this.#alone.length + this.#shared.length > 0) this.#addThreads();
      if (this.#threads.hasIdle) this.#relieve();
    });
  }

  #assign(): void {
    const given = new Set<PoolThread>();
    for (const queue of [this.#alone, this.#shared]) {
      for (let running = queue[0]; running !== undefined; running = queue[0]) {
        const thread = running.isAlone ? this.#threadAlone(running) : this.#threadShared(running);
        if (thread === undefined) break;
        queue.shift();
        thread.keepProcess(true);
        thread.assign(running);
        given.add(thread);
      }
    }
    for (const thread of given) {
      for (const refused of thread.flush()) this.#refuse(thread, refused);
    }
  }

  /** A thread that has nothing, or one behind whose short jobs it may go. */
  #threadAlone(running: PooledJob): PoolThread | undefined {
    const threads = this.#threads;
    const { size } = this.#options;
    const isFree = threads.hasIdle && (threads.size <= size || threads.count().computing < size);
    running.isBehind = !isFree;
    return isFree ? threads.takeIdle() : threadAhead(running, threads);
  }

  /** A thread of its own while there are few; else the one that has the fewest jobs under way. */
  #threadShared(running: PooledJob): PoolThread | undefined {
    const threads = this.#threads;
    const { size } = this.#options;
    running.isBehind = false;
    if (threads.hasIdle && threads.size <= size) return threads.takeIdle();
    const { computing, carrying, starting, slots } = threads.count();
    const hasSpare = starting > this.#alone.length;
    if (computing + carrying < size) {
      if (threads.hasIdle) return threads.takeIdle();
      if (hasSpare) return threads.starting();
      if (computing + carrying + starting < size && this.#mayGrow()) return this.#grow(true);
    }
    const fewest = threads.fewest();
    // As many as the pool runs at once are under way: it may only stand behind one of them.
    if (running.job.isBeyond !== true && slots >= size && fewest?.active !== 0) {
      running.isBehind = true;
      return threadAhead(running, threads);
    }
    if (fewest !== undefined) return fewest;
    return (
      threads.takeIdle() ?? (hasSpare ? threads.starting() : this.#mayGrow() ? this.#grow(true) : undefined)
    );
  }

  #refuse(thread: PoolThread, { job, error }: RefusedJob): void {
    this.#owner.failed(job, { type: 'threw', error });
    this.freed(thread);
  }

  /** Starts threads for jobs that wait for one of their own, as far as the pool may. */
  #addThreads(): void {
    const { size } = this.#options;
    for (const thread of this.#threads) if (!thread.isUp) thread.keepProcess(true);
    const { computing, carrying, idle, ...counts } = this.#threads.count();
    let { starting } = counts;
    while (starting < this.#alone.length && computing + starting < size && this.#mayGrow()) {
      if (this.#grow(true) === undefined) return;
      starting++;
    }
    const isStuck = computing + starting + idle === 0 && (carrying === 0 || this.#alone.length > 0);
    if (isStuck) this.#unwind();
  }

  /** Jobs that wait may hold only so many threads. */
  #mayGrow(): boolean {
    return this.#threads.size - this.#threads.usable <= this.#options.surplus;
  }

  /** All threads wait for jobs that have none: one of those fails, so that those who called it can go on. */
  #unwind(): void {
    if (this.#unwinding !== undefined) return;
    const running = this.#alone.shift() ?? this.#shared.shift();
    if (running === undefined) return;
    const error = tooDeepOnThreads(running.job, this.#threads.size);
    this.#owner.failed(running, { type: 'threw', error });
    this.#unwinding = setTimeout(() => {
      this.#unwinding = undefined;
      this.#place();
    }, UNWIND_MS);
  }

  #grow(keepsProcess: boolean): PoolThread | undefined {
    try {
      return this.#threads.start(keepsProcess);
    } catch (error) {
      this.#giveUp(this.#starts.impossible(error));
      return undefined;
    }
  }

  /** No thread can be had: jobs that wait for one fail. */
  #giveUp(error: SiderealError | undefined): void {
    if (error === undefined) return;
    for (const running of [...this.#alone.splice(0), ...this.#shared.splice(0)])
      this.#owner.failed(running, { type: 'crashed', error });
  }

  /** Gives idle threads what stands behind jobs that turned out long. */
  #relieve(): void {
    const { stalled, others } = stalledThreads(this.#threads, () => {
      const { computing, carrying } = this.#threads.count();
      return computing + carrying < this.#options.size;
    });
    let isAnyFree = false;
    for (const thread of stalled) isAnyFree = this.#takeBackAll(thread) || isAnyFree;
    // Only for these: jobs that have no place though a thread is idle get one when another job ends, not by asking again.
    if (isAnyFree) this.#place();
    if (others === 0 || this.#stall !== undefined) return;
    this.#stall = setTimeout(() => {
      this.#stall = undefined;
      this.#place();
    }, STALLED_MS);
  }

  /** Back to the head of the queues with everything that the thread has not begun. False if that is nothing. */
  #takeBackAll(thread: PoolThread): boolean {
    const free = [...thread.jobs.values()].filter((running) => thread.takeBack(running));
    if (free.length === 0) return false;
    this.#alone.unshift(...free.filter(({ isAlone }) => isAlone));
    this.#shared.unshift(...free.filter(({ isAlone }) => !isAlone));
    return true;
  }

  /** The thread is the pool's no more. Gives the jobs that it had begun. */
  #forget(thread: PoolThread): readonly PooledJob[] {
    this.#threads.remove(thread);
    this.#takeBackAll(thread);
    const left = [...thread.jobs.values()];
    for (const running of left) thread.remove(running);
    return left;
  }
}
