import type { ByteSize, Duration, TriggerRule } from '@sidereal/core';
import type { DefinitionOrigin } from '../identity/definition-site.ts';

/** When and how often a failed attempt is tried again. */
export interface RetryOptions {
  /** Retries after the first attempt. */
  readonly limit: number;
  /** Wait before the first retry; default none. No longer than `maxDelay`. */
  readonly delay?: Duration;
  /** Each wait is this many times the one before; default 1. */
  readonly factor?: number;
  /** Upper bound of every wait; default one hour. */
  readonly maxDelay?: Duration;
  /** Fraction of the wait that is random, 0..1, so that retries of many do not march in step; default 0. */
  readonly jitter?: number;
  /** Retry only errors for which this holds; default all. Runs on the engine's side. */
  readonly retryIf?: (error: unknown) => boolean;
}

/**
 * What one execution of a task needs: memory for its result, and whole amounts of named resources. There is `cpu`, and
 * what the flow's `resources` names: `{ memory: '8MiB', gpu: 1 }`.
 */
export interface TaskResources {
  /** Size of the result; default: learned from earlier runs of the task. */
  readonly memory?: ByteSize;
  readonly [name: string]: ByteSize | undefined;
}

/** Options of a task; most also for `task.with(…)` at a call site and `taskDefaults` of a flow. */
export interface TaskOptions {
  /** Default: the function's name. */
  readonly name?: string;
  /** Kind of runner that it executes on, as registered; default: the runner of the flow. */
  readonly on?: string;
  readonly when?: TriggerRule;
  readonly retries?: number | RetryOptions;
  /** Bounds one attempt's running time. */
  readonly timeout?: Duration;
  /** What an execution needs beside a slot. */
  readonly resources?: TaskResources;
  /** Keep the value durably whatever its size; default: values up to 64 KiB encoded are. */
  readonly persist?: boolean;
  /** `strict` is for side effects: start and end are on stable storage before anyone acts on them. */
  readonly durability?: 'normal' | 'strict';
  /** What a resume does with a strict task whose outcome nobody knows; default `fail`. */
  readonly onUnknown?: 'fail' | 'rerun';
  /** Higher starts sooner; default that of what calls it, at the top 0. */
  readonly priority?: number;
  readonly tags?: readonly string[];
  /**
   * How arrays arrive. `own` (the default): each run may do with them what it likes, and nobody else sees it.
   * `borrow`: views of memory that others read too, free of copies; the task promises to change nothing in
   * them and to keep none of them after its end.
   */
  readonly arrays?: 'own' | 'borrow';
  /**
   * Text that stands for module and name in the task's key. It gives a task that is defined inside a function
   * an identity of its own, and lets one that is renamed or moved keep what is recorded of it. Two tasks that
   * are not the same thing must not share it.
   */
  readonly identity?: string;
}

/** A task as the registry holds it: what `task()` was given, and where. */
export interface TaskDefinition {
  readonly kind: 'task';
  readonly name: string;
  /** URL of the defining module; empty if unknown. */
  readonly module: string;
  /** `file:line:column` of the definition. */
  readonly at: string;
  /**
   * It stands at the top level of its module, or in a function that was called outside any run: a thread that imports
   * the module is expected to make it, too.
   */
  readonly atModuleLevel: boolean;
  /** What proves that it is the same one in every process; absent if `task()` has not made it. */
  readonly origin?: DefinitionOrigin;
  readonly options: TaskOptions;
  readonly fn: (...args: never[]) => unknown;
}
