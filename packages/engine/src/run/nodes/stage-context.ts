import type { FlowOptions } from '../../authoring/flow-definition.ts';
import type { TaskDefinition, TaskOptions } from '../../authoring/task-definition.ts';
import { defaultRunner } from '../../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../../runners/runner-choice.ts';
import { resolveOptions, type ResolvedOptions } from './resolved-options.ts';
import type { Pools } from './pools.ts';

/**
 * What a flow or stage gives to everything that it submits: defaults, runner, pools. Inherited by stages
 * within it, unless they say otherwise.
 */
export class StageContext {
  /** Journal number of the flow or stage. */
  readonly idx: number;
  readonly name: string;
  readonly #runners: Pools;
  readonly #choice: RunnerChoice;
  readonly #defaults: TaskOptions;
  /** Concurrency pool of this stage for each runner, or those of its parent. */
  readonly #poolOf: (choice: RunnerChoice) => number;
  readonly #resolved = new WeakMap<TaskOptions, WeakMap<object, ResolvedOptions>>();

  constructor(
    idx: number,
    name: string,
    options: FlowOptions,
    parent: StageContext | undefined,
    runners: Pools,
  ) {
    this.idx = idx;
    this.name = name;
    this.#runners = runners;
    this.#choice = options.runner ?? parent?.choice ?? defaultRunner();
    const persist = options.persist === undefined ? {} : { persist: options.persist };
    this.#defaults = { ...parent?.defaults, ...persist, ...options.taskDefaults };
    const { concurrency } = options;
    const above = parent === undefined ? runners.poolOf : parent.poolOf;
    this.#poolOf = concurrency === undefined ? above : runners.narrower(above, concurrency);
  }

  get choice(): RunnerChoice {
    return this.#choice;
  }

  get defaults(): TaskOptions {
    return this.#defaults;
  }

  get poolOf(): (choice: RunnerChoice) => number {
    return this.#poolOf;
  }

  /** Options of a task called here with these overrides; computed once for each combination. */
  optionsOf(definition: TaskDefinition, overrides: TaskOptions): ResolvedOptions {
    let byDefinition = this.#resolved.get(overrides);
    if (byDefinition === undefined) this.#resolved.set(overrides, (byDefinition = new WeakMap()));
    let options = byDefinition.get(definition);
    if (options === undefined) {
      options = resolveOptions(this.#defaults, definition.options, overrides);
      byDefinition.set(definition, options);
    }
    return options;
  }

  /** Runner choice for a task that asks for this runner, or for none. */
  choiceFor(on: string | undefined): RunnerChoice {
    if (on === undefined || on === this.#choice.runner) return this.#choice;
    return this.#runners.defaultChoice(on);
  }
}
