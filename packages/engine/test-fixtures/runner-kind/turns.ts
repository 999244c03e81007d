/**
 * A kind of runner as somebody else would bring it: one folder that imports what the package exports, and
 * nothing else. Each job is executed in a turn of the event loop of its own, so that a long list of short jobs
 * never keeps timers and sockets waiting.
 */
import {
  inMemory,
  ownInputs,
  registerRunner,
  type Job,
  type JobOutcome,
  type LateOutcome,
  type Runner,
  type RunnerChoice,
  type RunnerHost,
} from '../../src/index.ts';

const NAME = 'turns';
const DEFAULT_SIZE = 4;

registerRunner({
  name: NAME,
  defaultChoice: () => turns(),
  problemOf: ({ pauseMs }) =>
    pauseMs === undefined || (typeof pauseMs === 'number' && pauseMs >= 0)
      ? undefined
      : { value: `turns with a pauseMs of ${String(pauseMs)}`, wanted: 'one of 0 or more milliseconds' },
  make: (host, { size, pauseMs }) => new TurnsRunner(host, size, typeof pauseMs === 'number' ? pauseMs : 0),
});

/** Each task in a turn of its own, `pauseMs` after it was started; `size` of them at once. */
export function turns(size = DEFAULT_SIZE, pauseMs = 0): RunnerChoice {
  return { runner: NAME, size, pauseMs };
}

interface TurnsJob {
  readonly job: Job;
  readonly timer: NodeJS.Timeout;
  beganMs: number | undefined;
  reason: Error | undefined;
  late: ((outcome: LateOutcome) => void) | undefined;
}

export class TurnsRunner implements Runner {
  readonly name = NAME;
  readonly capacity: number;
  readonly prefetch = 0;
  readonly #host: RunnerHost;
  readonly #pauseMs: number;
  readonly #jobs = new Map<number, TurnsJob>();

  constructor(host: RunnerHost, size = DEFAULT_SIZE, pauseMs = 0) {
    this.#host = host;
    this.capacity = size;
    this.#pauseMs = pauseMs;
  }

  mayGoAhead(): boolean {
    return false;
  }

  start(job: Job): void {
    const timer = setTimeout(() => void this.#run(waiting), this.#pauseMs);
    const waiting: TurnsJob = { job, timer, beganMs: undefined, reason: undefined, late: undefined };
    this.#jobs.set(job.id, waiting);
  }

  beganAt(id: number): number | undefined {
    return this.#jobs.get(id)?.beganMs;
  }

  interrupt(id: number, reason: Error): void {
    const running = this.#jobs.get(id);
    if (running !== undefined) running.reason ??= reason;
  }

  abandon(id: number, reason: Error, late: (outcome: LateOutcome) => void): void {
    const running = this.#jobs.get(id);
    if (running === undefined) return;
    clearTimeout(running.timer);
    running.late = late;
    this.#tell(running, { type: 'forced', error: reason });
  }

  async close(): Promise<void> {
    for (const { timer } of this.#jobs.values()) clearTimeout(timer);
    this.#jobs.clear();
  }

  async #run(running: TurnsJob): Promise<void> {
    const { id, task, inputs } = running.job;
    if (running.reason !== undefined) return this.#end(running, { type: 'threw', error: running.reason });
    running.beganMs = performance.timeOrigin + performance.now();
    try {
      const args = ownInputs(inputs);
      const value: unknown = await this.#host.inScope(id, async () =>
        Reflect.apply(task.fn, undefined, args),
      );
      this.#end(running, { type: 'returned', value: inMemory(value) });
    } catch (error) {
      this.#end(running, { type: 'threw', error: running.reason ?? error });
    }
  }

  #end(running: TurnsJob, outcome: LateOutcome): void {
    if (running.late === undefined) this.#tell(running, outcome);
    else running.late(outcome);
  }

  #tell({ job, beganMs }: TurnsJob, outcome: JobOutcome): void {
    if (!this.#jobs.delete(job.id)) return;
    const endedMs = performance.timeOrigin + performance.now();
    this.#host.ended(job.id, outcome, beganMs === undefined ? undefined : { beganMs, endedMs });
  }
}
