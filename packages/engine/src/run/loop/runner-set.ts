import type { Claims, Scheduler } from '@sidereal/core';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';
import { runnerKind } from '../../runners/runner-kinds.ts';
import type { Runner } from '../../runners/runner.ts';
import type { Pools, TaskPools } from '../nodes/pools.ts';

interface PooledRunner {
  readonly runner: Runner;
  readonly pools: TaskPools;
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
  /** Pools of tasks that compute, where those that overlap have another: that one. */
  readonly #overlapping = new Map<number, number>();
  /** Those others. */
  readonly #beyond = new Set<number>();

  constructor(scheduler: Scheduler, make: (choice: RunnerChoice) => Runner) {
    this.#scheduler = scheduler;
    this.#make = make;
  }

  get claims(): Claims {
    return this.#scheduler.claims;
  }

  get memoryBudget(): number {
    return this.#scheduler.memory.budget;
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

  /** Pools of the runner of this choice. */
  readonly poolsOf = (choice: RunnerChoice): TaskPools => this.#entry(choice).pools;

  /** Pools of at most `concurrency` slots within those that `above` gives. */
  narrower(
    above: (choice: RunnerChoice) => TaskPools,
    concurrency: number,
  ): (choice: RunnerChoice) => TaskPools {
    const made = new Map<number, TaskPools>();
    return (choice) => {
      const parent = above(choice);
      let pools = made.get(parent.computing);
      if (pools === undefined) made.set(parent.computing, (pools = this.#within(parent, concurrency)));
      return pools;
    };
  }

  overlaps({ computing }: TaskPools, task: TaskDefinition): boolean {
    return this.runnerOf(computing).overlaps?.(task) === true;
  }

  /**
   * Is a node that begins to execute this task beyond what its runner holds? One that was submitted before anybody knew
   * that its task overlaps takes its slot elsewhere from now on.
   */
  startsBeyond(id: number, task: TaskDefinition): boolean {
    if (this.#beyond.size === 0) return false;
    const pool = this.#scheduler.nodes.pool[id] ?? -1;
    const wider = this.#overlapping.get(pool);
    if (wider === undefined) return this.#beyond.has(pool);
    if (this.runnerOf(pool).overlaps?.(task) !== true) return false;
    this.#scheduler.move(id, wider);
    return true;
  }

  /** A node under way waits rather than computes. */
  suspended(id: number): void {
    const wider = this.#overlapping.get(this.#scheduler.nodes.pool[id] ?? -1);
    if (wider !== undefined) this.#scheduler.move(id, wider);
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
    for (const { runner, pools } of this.#byText.values()) {
      this.#scheduler.setAhead(pools.computing, runner.prefetch);
    }
    for (const pool of this.#overlapping.keys())
      this.#scheduler.setAhead(pool, this.#byPool.get(pool)?.prefetch ?? 0);
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
    const pool = this.#scheduler.addPool(runner.capacity);
    const entry = { runner, pools: { computing: pool, overlapping: pool } };
    this.#byText.set(text, entry);
    this.#byPool.set(pool, runner);
    return entry;
  }

  #within(parent: TaskPools, concurrency: number): TaskPools {
    const runner = this.runnerOf(parent.computing);
    const isWhole = parent.computing === this.#wholeOf(runner);
    const isWidened = parent.computing !== parent.overlapping;
    if (!isWidened && !(isWhole && concurrency > runner.capacity && runner.overlaps !== undefined)) {
      const pool = this.#addPool(runner, concurrency, parent.computing);
      return { computing: pool, overlapping: pool };
    }
    const overlapping = this.#addPool(runner, concurrency, isWidened ? parent.overlapping : -1);
    const computing = this.#addPool(runner, Math.min(concurrency, runner.capacity), overlapping);
    this.#overlapping.set(computing, overlapping);
    this.#beyond.add(overlapping);
    return { computing, overlapping };
  }

  #addPool(runner: Runner, capacity: number, parent: number): number {
    const pool = this.#scheduler.addPool(capacity, parent);
    this.#byPool.set(pool, runner);
    return pool;
  }

  /** The pool of all that a runner holds. */
  #wholeOf(runner: Runner): number {
    for (const entry of this.#byText.values()) if (entry.runner === runner) return entry.pools.computing;
    return -1;
  }
}
