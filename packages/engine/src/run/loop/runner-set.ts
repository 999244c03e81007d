import type { Scheduler } from '@sidereal/core';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';
import { runnerKind } from '../../runners/runner-kinds.ts';
import type { Runner } from '../../runners/runner.ts';
import type { Pools } from '../nodes/pools.ts';

interface PooledRunner {
  readonly runner: Runner;
  readonly pool: number;
}

/** The runners of a run, made on first use, each with its pool of slots in the scheduler. */
export class RunnerSet implements Pools {
  readonly #scheduler: Scheduler;
  readonly #make: (choice: RunnerChoice) => Runner;
  /** Equal choices share a runner. */
  readonly #byText = new Map<string, PooledRunner>();
  readonly #byChoice = new WeakMap<RunnerChoice, PooledRunner>();
  readonly #defaults = new Map<string, RunnerChoice>();
  readonly #byPool = new Map<number, Runner>();

  constructor(scheduler: Scheduler, make: (choice: RunnerChoice) => Runner) {
    this.#scheduler = scheduler;
    this.#make = make;
  }

  refusal(
    choice: RunnerChoice,
    task: TaskDefinition,
    args: readonly unknown[],
    at: () => string | undefined,
  ): Error | undefined {
    return this.#entry(choice).runner.refusal?.(task, args, at);
  }

  /** The choice for a task that names a kind of runner which its flow does not use. */
  defaultChoice(on: string): RunnerChoice {
    let choice = this.#defaults.get(on);
    if (choice === undefined) this.#defaults.set(on, (choice = runnerKind(on).defaultChoice()));
    return choice;
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
    for (const { runner, pool } of this.#byText.values()) {
      this.#scheduler.setAhead(pool, runner.prefetch);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#byText.values()].map(({ runner }) => runner.close()));
  }

  #entry(choice: RunnerChoice): PooledRunner {
    let entry = this.#byChoice.get(choice);
    if (entry === undefined) this.#byChoice.set(choice, (entry = this.#entryOf(choice)));
    return entry;
  }

  #entryOf(choice: RunnerChoice): PooledRunner {
    const text = JSON.stringify(choice, Object.keys(choice).toSorted());
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const runner = this.#make(choice);
    const entry = { runner, pool: this.#scheduler.addPool(runner.capacity) };
    this.#byText.set(text, entry);
    this.#byPool.set(entry.pool, runner);
    return entry;
  }
}
