import type { ResourceLimits } from 'node:worker_threads';
import type { ExportedClasses } from '../cloning/exported-classes.ts';
import { PoolThread, type ThreadEvents } from './pool-thread.ts';

/** Threads that are not held, by what they do. */
export interface ThreadCounts {
  /** They have a job to themselves. */
  readonly computing: number;
  /** They have jobs that share them. */
  readonly carrying: number;
  /** They come up, and have nothing yet. */
  readonly starting: number;
  readonly idle: number;
  /** Jobs on any thread that count in the pool's size. */
  readonly slots: number;
}

export interface ThreadSetOptions {
  /** Jobs at once, not counting those that wait for others and those that are beyond the size. */
  readonly size: number;
  /** Threads that waiting jobs may hold beyond that. */
  readonly surplus: number;
  /** How long a thread that is one too many stays idle before it ends. */
  readonly idleMs: number;
  readonly resourceLimits: ResourceLimits | undefined;
  readonly names: ExportedClasses;
}

/** How long a thread that nobody needs any more has to end by itself. */
const IDLE_GRACE_MS = 1000;

/**
 * The threads of a pool: started one by one, idle or at work, ended when they are too many. A thread that is told
 * to end is out of the set at once; `close` waits until all of those are gone.
 */
export class ThreadSet implements Iterable<PoolThread> {
  readonly #events: ThreadEvents;
  readonly #options: ThreadSetOptions;
  readonly #threads = new Set<PoolThread>();
  /** Warmest last. */
  #idle: PoolThread[] = [];
  readonly #ending = new Set<Promise<void>>();
  #shrinking: NodeJS.Timeout | undefined;
  #started = 0;

  constructor(events: ThreadEvents, options: ThreadSetOptions) {
    this.#events = events;
    this.#options = options;
  }

  [Symbol.iterator](): Iterator<PoolThread> {
    return this.#threads.values();
  }

  get size(): number {
    return this.#threads.size;
  }

  /** Threads that are not held by a job which waits for others. */
  get usable(): number {
    let usable = 0;
    for (const thread of this.#threads) if (!thread.isHeld) usable++;
    return usable;
  }

  /** What those are doing. */
  count(): ThreadCounts {
    const counts = { computing: 0, carrying: 0, starting: 0, idle: 0, slots: 0 };
    for (const thread of this.#threads) {
      counts.slots += thread.slots;
      if (thread.isHeld) continue;
      if (thread.carries) counts.carrying++;
      else if (thread.load > 0) counts.computing++;
      else if (thread.isUp) counts.idle++;
      else counts.starting++;
    }
    return counts;
  }

  get hasIdle(): boolean {
    return this.#idle.length > 0;
  }

  /** Starts a thread; it is idle once it is up, unless it has jobs by then. Throws if none can be had. */
  start(keepsProcess: boolean): PoolThread {
    const { names, resourceLimits } = this.#options;
    this.#started += 1;
    const name = `thread ${this.#started}`;
    const thread = new PoolThread({ name, events: this.#events, names, resourceLimits });
    thread.keepProcess(keepsProcess);
    this.#threads.add(thread);
    return thread;
  }

  /** A thread that is coming up and has nothing yet. */
  starting(): PoolThread | undefined {
    for (const thread of this.#threads) if (!thread.isUp && thread.load === 0) return thread;
    return undefined;
  }

  /** Of those that carry jobs, the one that has the fewest under way. */
  fewest(): PoolThread | undefined {
    let fewest: PoolThread | undefined;
    for (const thread of this.#threads) {
      if (thread.hasRoom && (fewest === undefined || thread.active < fewest.active)) fewest = thread;
    }
    return fewest;
  }

  /** The idle thread that worked last, which is idle no more. */
  takeIdle(): PoolThread | undefined {
    return this.#idle.pop();
  }

  /** The thread has nothing to do. */
  becameIdle(thread: PoolThread): void {
    if (!this.#threads.has(thread) || this.#idle.includes(thread)) return;
    thread.since = performance.now();
    thread.keepProcess(false);
    this.#idle.push(thread);
    this.#shrinkLater();
  }

  /** The thread is the pool's no more. */
  remove(thread: PoolThread): void {
    this.#threads.delete(thread);
    this.#idle = this.#idle.filter((other) => other !== thread);
  }

  /** Ends a thread, by force unless it ends by itself within its grace. Resolves once it is gone. */
  end(thread: PoolThread, graceMs: number): Promise<void> {
    const ending = thread.end(graceMs).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    return ending;
  }

  /** Ends all threads; resolves once they are gone. */
  async close(): Promise<void> {
    clearTimeout(this.#shrinking);
    for (const thread of this.#threads) void this.end(thread, IDLE_GRACE_MS);
    this.#threads.clear();
    this.#idle = [];
    await Promise.all(this.#ending);
  }

  #shrinkLater(): void {
    if (this.#shrinking !== undefined || this.usable <= this.#options.size) return;
    this.#shrinking = setTimeout(() => this.#shrink(), this.#options.idleMs).unref();
  }

  /** Ends threads that have been idle for long and are more than the pool needs, coldest first. */
  #shrink(): void {
    this.#shrinking = undefined;
    const before = performance.now() - this.#options.idleMs;
    let tooMany = this.usable - this.#options.size;
    this.#idle = this.#idle.filter((thread) => {
      if (tooMany <= 0 || thread.since > before) return true;
      tooMany--;
      this.#threads.delete(thread);
      void this.end(thread, IDLE_GRACE_MS);
      return false;
    });
    if (tooMany > 0) this.#shrinkLater();
  }
}
