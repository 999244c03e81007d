import type { ByteSize, Duration } from '@sidereal/core';
import type { DefinitionOrigin } from '../identity/definition-site.ts';
import type { RunnerChoice } from './runner-choice.ts';
import type { RetryOptions, TaskOptions } from './task-definition.ts';
import type { FlowSchema } from './flow-schema.ts';

/** Options of a flow. */
export interface FlowOptions {
  /** Default: the function's name. */
  readonly name?: string;
  /** Validates the input. A flow without one is called with no argument. */
  readonly input?: FlowSchema;
  /** Where its tasks execute; default: its parent's, or `inline`. */
  readonly runner?: RunnerChoice;
  /**
   * Task runs of this flow (and its stages) at once; default: what the runner holds. It may be more than that: then
   * asynchronous tasks share threads while they wait, and those that compute are still as many as the runner holds.
   */
  readonly concurrency?: number;
  /** Budget for results alive; default: a quarter of the machine's memory. Only on a top-level run. */
  readonly memory?: ByteSize;
  /**
   * How much there is of named resources: `{ gpu: 2 }`. `cpu` defaults to the cores of the machine. Of what a flow around
   * a stage names, the tasks of the stage together hold at most so much.
   */
  readonly resources?: Readonly<Record<string, number>>;
  readonly retries?: number | RetryOptions;
  readonly timeout?: Duration;
  readonly persist?: boolean;
  /** Also on every task in it and in its stages, beside their own. */
  readonly tags?: readonly string[];
  readonly version?: string;
  /**
   * Text that stands for module and name in the key of the stage, for a flow that is defined inside a function
   * or was moved. Two flows that are not the same thing must not share it.
   */
  readonly identity?: string;
  /** Options that its tasks, and those of its stages, have unless they say otherwise. */
  readonly taskDefaults?: Pick<
    TaskOptions,
    'retries' | 'timeout' | 'priority' | 'persist' | 'durability' | 'onUnknown' | 'resources' | 'tags' | 'on'
  >;
}

/** A flow as the registry holds it. */
export interface FlowDefinition {
  readonly kind: 'flow';
  readonly name: string;
  readonly module: string;
  readonly at: string;
  readonly atModuleLevel: boolean;
  /** What proves that it is the same one in every process; absent if `flow()` has not made it. */
  readonly origin?: DefinitionOrigin;
  readonly options: FlowOptions;
  readonly fn: (input: never) => unknown;
}
