import { availableParallelism } from 'node:os';
import { byteText, type Claims } from '@sidereal/core';
import type { CallSite } from '../../context/scope.ts';
import type { FlowOptions } from '../../definitions/flow-definition.ts';
import type { TaskDefinition, TaskOptions } from '../../definitions/task-definition.ts';
import { defaultRunner } from '../../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../../definitions/runner-choice.ts';
import { resolveOptions, type ResolvedOptions } from './resolved-options.ts';
import type { Pools, TaskPools } from './pools.ts';
import type { Shortage } from './shortage.ts';
import { StageResources, type Amounts } from './stage-resources.ts';

/**
 * What a flow or stage gives to everything that it submits: defaults, runner, pools. Inherited by stages
 * within it, unless they say otherwise.
 */
export class StageContext {
  /** Journal number of the flow or stage. */
  readonly idx: number;
  readonly name: string;
  /** How many flows it lies in. */
  readonly depth: number;
  readonly #runners: Pools;
  readonly #choice: RunnerChoice;
  readonly #defaults: TaskOptions;
  /** Of this flow or stage and of those around it: on each of its tasks, beside the task's own. */
  readonly #tags: readonly string[];
  /** Concurrency pools of this stage for each runner, or those of its parent. */
  readonly #poolsOf: (choice: RunnerChoice) => TaskPools;
  readonly #resources: StageResources;
  /** Priority of what it calls itself, if it says one; else that of its own call counts. */
  readonly priority: number | undefined;
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
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.#runners = runners;
    this.#choice = options.runner ?? parent?.choice ?? defaultRunner();
    const persist = options.persist === undefined ? {} : { persist: options.persist };
    // A priority goes from caller to what is called.
    const { priority, ...defaults } = options.taskDefaults ?? {};
    const resources = { ...parent?.defaults.resources, ...defaults.resources };
    this.#defaults = { ...parent?.defaults, ...persist, ...defaults, resources };
    this.#tags = union(parent?.tags ?? [], options.tags ?? []);
    const { concurrency } = options;
    const above = parent === undefined ? runners.poolsOf : parent.#poolsOf;
    this.#poolsOf = concurrency === undefined ? above : runners.narrower(above, concurrency);
    this.#resources = resourcesOf(runners.claims, parent?.resources, options.resources);
    this.priority = priority;
  }

  get choice(): RunnerChoice {
    return this.#choice;
  }

  get defaults(): TaskOptions {
    return this.#defaults;
  }

  get tags(): readonly string[] {
    return this.#tags;
  }

  /** The pool in which a task called here takes its slot. */
  poolFor(definition: TaskDefinition, { on, strict }: ResolvedOptions): number {
    const pools = this.#poolsOf(this.choiceFor(on));
    const { computing, overlapping } = pools;
    if (computing === overlapping || strict || !this.#runners.overlaps(pools, definition)) return computing;
    return overlapping;
  }

  get resources(): StageResources {
    return this.#resources;
  }

  /**
   * Options of a task called here with these overrides; computed once for each combination. Throws `INVALID_OPTION` for
   * a resource that is not declared.
   */
  optionsOf(definition: TaskDefinition, { overrides, at }: CallSite): ResolvedOptions {
    let byDefinition = this.#resolved.get(overrides);
    if (byDefinition === undefined) this.#resolved.set(overrides, (byDefinition = new WeakMap()));
    let options = byDefinition.get(definition);
    if (options === undefined) {
      const own = resolveOptions(this.#defaults, definition.options, overrides);
      options = {
        ...own,
        tags: this.#tags.length === 0 ? own.tags : union(this.#tags, own.tags),
        claims: this.#resources.claimSet(own.resources, definition.name, at),
        shortage:
          memoryShortage(own.memoryBytes, this.#runners.memoryBudget) ??
          this.#resources.shortage(own.resources),
      };
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

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])];
}

function resourcesOf(
  claims: Claims,
  above: StageResources | undefined,
  declared: Amounts | undefined,
): StageResources {
  if (above === undefined)
    return new StageResources(claims, above, { cpu: availableParallelism(), ...declared });
  return declared === undefined ? above : new StageResources(claims, above, declared);
}

function memoryShortage(bytes: number, budget: number): Shortage | undefined {
  if (bytes <= budget) return undefined;
  return {
    reason: 'memory',
    needs: `${byteText(bytes)} of memory`,
    there: `the flow may use ${byteText(budget)}`,
    remedy:
      "Give the flow more: flow({ memory: '…' }, …); without it a flow may use a quarter of the machine's.",
  };
}
