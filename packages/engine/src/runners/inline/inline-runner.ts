import { isThenable } from '../../future/future.ts';
import { readableThrown } from '../../errors/readable-error.ts';
import { ownInputs } from '../../handles/job-inputs.ts';
import { inMemory } from '../../handles/value-handle.ts';
import { epochMs } from '../clock.ts';
import type { Job, JobTiming, LateOutcome, Runner, RunnerHost } from '../runner.ts';

const DEFAULT_SIZE = 64;
const SLICE_MS = 8;

interface StartedJob {
  readonly job: Job;
  beganMs: number | undefined;
  interruptedBy: Error | undefined;
  /** It was given up: who is to be told what it comes to. */
  late: ((outcome: LateOutcome) => void) | undefined;
}

/**
 * Task code on the flow's own thread, one after another; async tasks overlap while they wait: `size` of them at
 * once, default 64 or what a flow's `concurrency` says.
 *
 * Started jobs wait in a queue that a microtask empties, so that a fan-out of any size grows no stack and
 * `ended` never comes before `start` has returned. After a slice of busy time the queue goes on in the next
 * turn of the event loop: timers, signals and the journal get theirs.
 */
export class InlineRunner implements Runner {
  readonly name = 'inline';
  readonly capacity: number;
  readonly prefetch = 0;
  readonly #host: RunnerHost;
  /** Nobody has said how many it runs at once: it is for flows to say. */
  readonly #isOpen: boolean;
  readonly #jobs = new Map<number, StartedJob>();
  #queue: StartedJob[] = [];
  #isDraining = false;
  #isClosed = false;

  constructor(host: RunnerHost, size?: number) {
    this.#host = host;
    this.#isOpen = size === undefined;
    this.capacity = size ?? DEFAULT_SIZE;
  }

  overlaps(): boolean {
    return this.#isOpen;
  }

  mayGoAhead(): boolean {
    return false;
  }

  start(job: Job): void {
    if (this.#isClosed) return;
    const running: StartedJob = { job, beganMs: undefined, interruptedBy: undefined, late: undefined };
    this.#jobs.set(job.id, running);
    this.#queue.push(running);
    if (this.#isDraining) return;
    this.#isDraining = true;
    queueMicrotask(this.#drain);
  }

  beganAt(id: number): number | undefined {
    return this.#jobs.get(id)?.beganMs;
  }

  interrupt(id: number, reason: Error): void {
    const running = this.#jobs.get(id);
    if (running !== undefined) running.interruptedBy ??= reason;
  }

  abandon(id: number, reason: Error, late: (outcome: LateOutcome) => void): void {
    const running = this.#jobs.get(id);
    if (running === undefined) return;
    running.late = late;
    this.#jobs.delete(id);
    this.#host.ended(id, { type: 'forced', error: reason }, timingOf(running));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue = [];
    this.#jobs.clear();
  }

  readonly #drain = (): void => {
    const sliceEnd = performance.now() + SLICE_MS;
    while (this.#queue.length > 0) {
      const jobs = this.#queue;
      this.#queue = [];
      for (const [index, running] of jobs.entries()) {
        if (performance.now() > sliceEnd) {
          this.#queue = [...jobs.slice(index), ...this.#queue];
          setImmediate(this.#drain);
          return;
        }
        if (this.#isClosed) return;
        this.#run(running);
      }
    }
    this.#isDraining = false;
  };

  #run(running: StartedJob): void {
    const { job, interruptedBy, late } = running;
    if (late !== undefined) return;
    if (interruptedBy !== undefined) return this.#end(running, { type: 'threw', error: interruptedBy });
    running.beganMs = epochMs();
    try {
      const value: unknown = this.#host.inScope(job.id, () => callTask(job));
      if (!(value instanceof Promise))
        return this.#end(running, { type: 'returned', value: inMemory(value) });
      value.then(
        (settled: unknown) => this.#end(running, { type: 'returned', value: inMemory(settled) }),
        (error: unknown) => this.#end(running, { type: 'threw', error: readableThrown(error) }),
      );
    } catch (error) {
      this.#end(running, { type: 'threw', error: readableThrown(error) });
    }
  }

  #end(running: StartedJob, outcome: LateOutcome): void {
    const { job, interruptedBy, late } = running;
    if (this.#isClosed) return;
    if (late !== undefined) return late(outcome);
    this.#jobs.delete(job.id);
    const isStopped = outcome.type === 'threw' && interruptedBy !== undefined;
    const told: LateOutcome = isStopped ? { type: 'threw', error: interruptedBy } : outcome;
    this.#host.ended(job.id, told, timingOf(running));
  }
}

function timingOf({ beganMs }: StartedJob): JobTiming | undefined {
  return beganMs === undefined ? undefined : { beganMs, endedMs: epochMs() };
}

function callTask({ task, inputs }: Job): unknown {
  // The registry erases parameter types; the authoring functions have checked them.
  const value: unknown = Reflect.apply(task.fn, undefined, ownInputs(inputs));
  // A future that is returned is awaited by the job: in its scope, so that it is the job that waits.
  return isThenable(value) ? Promise.resolve(value) : value;
}
