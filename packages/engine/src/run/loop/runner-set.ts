import type { Scheduler } from '@sidereal/core';
import { inline, threads, type RunnerChoice } from '../../runners/choice.ts';
import type { Runner, RunnerName } from '../../runners/runner.ts';
import type { Pools } from '../nodes/pools.ts';

/** Async tasks that the inline runner holds at once unless told otherwise. */
export const INLINE_SIZE = 64;

/** The runners of a run, made on first use, each with its pool of slots in the scheduler. */
export class RunnerSet implements Pools {
  readonly #scheduler: Scheduler;
  readonly #make: (choice: RunnerChoice) => Runner;
  readonly #byChoice = new Map<string, { readonly runner: Runner; readonly pool: number }>();
  readonly #byPool = new Map<number, Runner>();

  constructor(scheduler: Scheduler, make: (choice: RunnerChoice) => Runner) {
    this.#scheduler = scheduler;
    this.#make = make;
  }

  /** The choice for a task that names a runner which its flow does not use. */
  defaultChoice(on: RunnerName): RunnerChoice {
    return on === 'threads' ? threads() : inline();
  }

  /** Pool of the runner of this choice. */
  readonly poolOf = (choice: RunnerChoice): number => this.#entry(choice).pool;

  /** Pools of at most `concurrency` slots within those that `above` gives. */
  narrower(above: (choice: RunnerChoice) => number, concurrency: number): (choice: RunnerChoice) => number {
    const pools = new Map<number, number>();
    return (choice) => {
      const parent = above(choice);
      let pool = pools.get(parent);
      if (pool === undefined) {
        pool = this.#scheduler.addPool(concurrency, parent);
        pools.set(parent, pool);
        this.#byPool.set(pool, this.runnerOf(parent));
      }
      return pool;
    };
  }

  /** The runner of a node that is a task. */
  ofNode(id: number): Runner {
    return this.runnerOf(this.#scheduler.nodes.pool[id] ?? -1);
  }

  /** The runner that a pool's tasks execute on. */
  runnerOf(pool: number): Runner {
    const runner = this.#byPool.get(pool);
    if (runner === undefined) throw new RangeError(`pool ${pool} has no runner`);
    return runner;
  }

  /** Lets runners that execute very short jobs have a few ahead, and takes that back when they no longer do. */
  adjust(): void {
    for (const { runner, pool } of this.#byChoice.values()) {
      this.#scheduler.setAhead(pool, runner.prefetch);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byChoice.values()].map(({ runner }) => runner.close()));
  }

  #entry(choice: RunnerChoice): { readonly runner: Runner; readonly pool: number } {
    const key = `${choice.runner}:${choice.size ?? ''}`;
    let entry = this.#byChoice.get(key);
    if (entry === undefined) {
      const runner = this.#make(choice);
      entry = { runner, pool: this.#scheduler.addPool(runner.capacity) };
      this.#byChoice.set(key, entry);
      this.#byPool.set(entry.pool, runner);
    }
    return entry;
  }
}
