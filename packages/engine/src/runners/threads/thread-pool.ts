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
 * Jobs wait in one queue, first in, first out, and go to a thread that is idle. Only short jobs go to a busy
 * thread, behind other short ones; if one of those turns out long, waits, or its thread is lost, what stands
 * behind it is taken back. A thread whose job waits for others gets nothing else, so the pool adds one in its place;
 * threads that are too many later end after a while. Placement happens once a tick, so that jobs started
 * together share messages.
 */
export class ThreadPool implements ThreadEvents {
  readonly #owner: PoolOwner;
  readonly #options: ThreadSetOptions;
  readonly #threads: ThreadSet;
  #waiting: PooledJob[] = [];
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
    this.#waiting.push(running);
    this.#place();
  }

  /** True if the job had not begun, and now never will. */
  withdraw(running: PooledJob): boolean {
    const { thread } = running;
    if (thread === undefined) {
      this.#waiting = this.#waiting.filter((other) => other !== running);
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

  /** The thread's job waits for others: they may need what was sent behind it. */
  waits(thread: PoolThread): void {
    thread.isWaiting = true;
    this.#takeBackAll(thread);
    this.#place();
  }

  /** Its job goes on. */
  goesOn(thread: PoolThread): void {
    thread.isWaiting = false;
  }

  /** Ends a thread whose running job has been taken from it, and puts another in its place at once. */
  replace(thread: PoolThread): void {
    this.#forget(thread, undefined, 0);
    this.#threads.end(thread, REPLACED_GRACE_MS);
    if (this.#threads.usable < this.#options.size) this.#grow(false);
    this.#place();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#stall);
    clearTimeout(this.#unwinding);
    this.#waiting = [];
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
    this.#forget(thread, error, exitCode);
    if (!thread.isUp) this.#giveUp(this.#starts.failed(error));
    else if (this.#threads.usable < this.#options.size) this.#grow(false);
    this.#place();
  }

  #place(): void {
    if (this.#isPlacing || this.#isClosed) return;
    this.#isPlacing = true;
    queueMicrotask(() => {
      this.#isPlacing = false;
      if (this.#isClosed) return;
      this.#assign();
      if (this.#waiting.length > 0) this.#addThreads();
      else if (this.#threads.hasIdle) this.#relieve();
    });
  }

  #assign(): void {
    const given = new Set<PoolThread>();
    for (;;) {
      const running = this.#waiting[0];
      const thread =
        running === undefined ? undefined : (this.#threads.takeIdle() ?? threadAhead(running, this.#threads));
      if (running === undefined || thread === undefined) break;
      this.#waiting.shift();
      thread.keepProcess(true);
      thread.assign(running);
      given.add(thread);
    }
    for (const thread of given) {
      for (const refused of thread.flush()) this.#refuse(thread, refused);
    }
  }

  #refuse(thread: PoolThread, { job, error }: RefusedJob): void {
    this.#owner.failed(job, { type: 'threw', error });
    this.freed(thread);
  }

  /** Starts threads for jobs that wait, as far as the pool may. */
  #addThreads(): void {
    const { size, surplus } = this.#options;
    let starting = 0;
    for (const thread of this.#threads) {
      if (thread.isUp) continue;
      thread.keepProcess(true);
      starting++;
    }
    let usable = this.#threads.usable;
    while (starting < this.#waiting.length && usable < size && this.#threads.size < size + surplus) {
      if (!this.#grow(true)) return;
      starting++;
      usable++;
    }
    if (usable === 0) this.#unwind();
  }

  /** All threads wait for jobs that have none: one of those fails, so that those who called it can go on. */
  #unwind(): void {
    if (this.#unwinding !== undefined) return;
    const running = this.#waiting.shift();
    if (running === undefined) return;
    const error = tooDeepOnThreads(running.job, this.#threads.size);
    this.#owner.failed(running, { type: 'threw', error });
    this.#unwinding = setTimeout(() => {
      this.#unwinding = undefined;
      this.#place();
    }, UNWIND_MS);
  }

  #grow(keepsProcess: boolean): boolean {
    try {
      this.#threads.start(keepsProcess);
      return true;
    } catch (error) {
      this.#giveUp(this.#starts.impossible(error));
      return false;
    }
  }

  /** No thread can be had: jobs that wait for one fail. */
  #giveUp(error: SiderealError | undefined): void {
    if (error === undefined) return;
    for (const running of this.#waiting.splice(0)) this.#owner.failed(running, { type: 'crashed', error });
  }

  /** Gives idle threads what stands behind jobs that turned out long. */
  #relieve(): void {
    const { stalled, others } = stalledThreads(this.#threads);
    for (const thread of stalled) this.#takeBackAll(thread);
    if (this.#waiting.length > 0) this.#place();
    if (others === 0 || this.#stall !== undefined) return;
    this.#stall = setTimeout(() => {
      this.#stall = undefined;
      this.#place();
    }, STALLED_MS);
  }

  /** Back to the head of the queue with everything that the thread has not begun. */
  #takeBackAll(thread: PoolThread): void {
    const free = [...thread.jobs.values()].filter((running) => thread.takeBack(running));
    this.#waiting.unshift(...free);
  }

  #forget(thread: PoolThread, error: unknown, exitCode: number): void {
    this.#threads.remove(thread);
    this.#takeBackAll(thread);
    for (const running of thread.jobs.values()) {
      this.#owner.failed(running, lostThread(running.job.task, error, exitCode));
    }
    thread.jobs.clear();
  }
}
