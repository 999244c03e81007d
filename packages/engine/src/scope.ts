import type { EntryKind } from '@sidereal/core';
import type { CallOverrides } from './authoring/call-options.ts';
import type { FlowDefinition } from './authoring/flow-definition.ts';
import type { TaskDefinition } from './authoring/task-definition.ts';

/**
 * The run that the calling code belongs to, found through async context. The authoring functions (`task`,
 * `flow`, `reduce`, `run.*`, `qa` …) turn into these calls; one implementation works in the flow's own
 * thread (`run/`), another forwards from worker threads (`runners/threads/`).
 */
export interface Scope {
  readonly info: ScopeInfo;
  /** Aborted when this run should stop: cancelled or timed out. */
  readonly signal: AbortSignal;
  call(task: TaskDefinition, args: readonly unknown[], call: CallSite): PromiseLike<unknown>;
  stage(flow: FlowDefinition, input: unknown, call: CallSite): PromiseLike<unknown>;
  map(target: TaskDefinition | FlowDefinition, source: MapSource, call: CallSite): PromiseLike<unknown>;
  reduce(task: TaskDefinition, source: ReduceSource, call: CallSite): PromiseLike<unknown>;
  /** A future that never rejects. */
  settled(future: PromiseLike<unknown>): PromiseLike<unknown>;
  loop<T>(name: string, options: LoopOptions, body: (cycle: CycleScope) => Promise<T>): PromiseLike<unknown>;
  group<T>(name: string, body: () => Promise<T>): PromiseLike<T>;
  /** Records something said or made. With `once`, it is keyed: a resumed flow does not record it again. */
  say(kind: EntryKind, body: Readonly<Record<string, unknown>>, once: string | undefined): void;
  /** A value that the outside world gives (the time, a random number): recorded, and the same again on resume. */
  effect<T>(call: string, read: () => T): T;
}

export interface ScopeInfo {
  readonly runId: string;
  /** Task key of the current run, hexadecimal. */
  readonly key: string;
  readonly name: string;
  readonly attempt: number;
}

/** What a call site adds to a definition. */
export interface CallSite {
  readonly overrides: CallOverrides;
  /** Runs to come after without consuming them. */
  readonly after: readonly PromiseLike<unknown>[];
  /** The user's own line `file:line:column`, computed only when needed. */
  readonly at: () => string | undefined;
}

export interface MapSource {
  readonly items: unknown;
  /** Arguments of one item's run; absent: the item itself. */
  readonly args: ((item: unknown, index: number) => readonly unknown[]) | undefined;
  readonly key: ((item: unknown, index: number) => string) | undefined;
  readonly failFast: boolean;
}

export interface ReduceSource {
  readonly items: unknown;
  readonly arity: number;
  readonly initial: { readonly value: unknown } | undefined;
}

export interface LoopOptions {
  readonly max: number;
}

/** One turn of a loop, as its body sees it. */
export interface CycleScope {
  readonly index: number;
  metric(name: string, value: number, unit?: string): void;
  exit(reason: string): void;
}
