import { ambient } from '../../ambient.ts';
import { isThenable } from '../../future.ts';
import type { Scope } from '../../scope.ts';
import { epochMs } from '../clock.ts';
import type { Job, JobOutcome, Runner, RunnerFactory, RunnerHost } from '../runner.ts';

/**
 * Task code on the flow's own thread, one after another; async tasks overlap while they wait.
 *
 * Started jobs wait in a queue that a microtask empties, so that a fan-out of any size grows no stack and
 * `ended` never comes before `start` has returned. After a slice of busy time the queue goes on in the next
 * turn of the event loop: timers, signals and the journal get theirs.
 */
export interface InlineOptions {
  /** Async tasks at once; default 64. */
  readonly size?: number | undefined;
  /** The run that a job's code belongs to; its owner makes it, aborts its signal and closes it. */
  readonly scopeOf: (id: number) => Scope;
}

/** Makes runners that execute tasks on this thread. */
export function inlineRunner(options: InlineOptions): RunnerFactory {
  return (host) => new InlineRunner(host, options);
}

const DEFAULT_SIZE = 64;
const SLICE_MS = 8;

interface InlineJob {
  readonly job: Job;
  beganMs: number | undefined;
  interruptedBy: Error | undefined;
}

class InlineRunner implements Runner {
  readonly name = 'inline';
  readonly capacity: number;
  readonly prefetch = 0;
  readonly #host: RunnerHost;
  readonly #scopeOf: (id: number) => Scope;
  readonly #held = new Map<number, InlineJob>();
  #queue: InlineJob[] = [];
  #isDraining = false;
  #isClosed = false;

  constructor(host: RunnerHost, options: InlineOptions) {
    this.#host = host;
    this.#scopeOf = options.scopeOf;
    this.capacity = options.size ?? DEFAULT_SIZE;
  }

  mayGoAhead(): boolean {
    return false;
  }

  start(job: Job): void {
    if (this.#isClosed) return;
    const held: InlineJob = { job, beganMs: undefined, interruptedBy: undefined };
    this.#held.set(job.id, held);
    this.#queue.push(held);
    if (this.#isDraining) return;
    this.#isDraining = true;
    queueMicrotask(this.#drain);
  }

  beganAt(id: number): number | undefined {
    return this.#held.get(id)?.beganMs;
  }

  interrupt(id: number, reason: Error): void {
    const held = this.#held.get(id);
    if (held !== undefined) held.interruptedBy ??= reason;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue = [];
    this.#held.clear();
  }

  readonly #drain = (): void => {
    const sliceEnd = performance.now() + SLICE_MS;
    while (this.#queue.length > 0) {
      const jobs = this.#queue;
      this.#queue = [];
      for (const [index, held] of jobs.entries()) {
        if (performance.now() > sliceEnd) {
          this.#queue = [...jobs.slice(index), ...this.#queue];
          setImmediate(this.#drain);
          return;
        }
        if (this.#isClosed) return;
        this.#run(held);
      }
    }
    this.#isDraining = false;
  };

  #run(held: InlineJob): void {
    const { job, interruptedBy } = held;
    if (interruptedBy !== undefined) return this.#end(held, { type: 'threw', error: interruptedBy });
    held.beganMs = epochMs();
    try {
      const value: unknown = ambient.storage.run(this.#scopeOf(job.id), call, job);
      if (!(value instanceof Promise)) return this.#end(held, { type: 'returned', value });
      value.then(
        (settled: unknown) => this.#end(held, { type: 'returned', value: settled }),
        (error: unknown) => this.#end(held, { type: 'threw', error }),
      );
    } catch (error) {
      this.#end(held, { type: 'threw', error });
    }
  }

  #end(held: InlineJob, outcome: JobOutcome): void {
    const { job, beganMs, interruptedBy } = held;
    if (!this.#held.delete(job.id) || this.#isClosed) return;
    const timing = beganMs === undefined ? undefined : { beganMs, endedMs: epochMs() };
    const stopped = outcome.type === 'threw' && interruptedBy !== undefined;
    this.#host.ended(job.id, stopped ? { type: 'threw', error: interruptedBy } : outcome, timing);
  }
}

function call({ task, args }: Job): unknown {
  // The registry erases parameter types; the authoring functions have checked them.
  const value: unknown = Reflect.apply(task.fn, undefined, args);
  // A future that is returned is awaited by the job: in its scope, so that it is the job that waits.
  return isThenable(value) ? Promise.resolve(value) : value;
}
