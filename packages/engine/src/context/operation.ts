/**
 * What code that belongs to a run may ask of it: one union, written once.
 *
 * The authoring functions (`task`, `flow`, `reduce`, `run.*`, `qa` …) each turn into one operation. Where the code
 * runs in the flow's own thread the operation is performed at once; where it runs elsewhere, the same operation
 * crosses as a message, and is performed on the flow's side. What differs between those places (a definition is an
 * address on the wire, a future a reference) is the {@link OperationSide}; the rest is the same text.
 *
 * Who performs operations does so with a table that has an entry for every kind ({@link OperationHandlers}): a new
 * kind breaks the build until every place handles it.
 */
import type { EntryKind } from '@sidereal/core';
import type { CallOverrides } from '../definitions/call-overrides.ts';
import type { FlowDefinition } from '../definitions/flow-definition.ts';
import type { TaskDefinition } from '../definitions/task-definition.ts';

/** How the parts of an operation are written in one place. */
export interface OperationSide {
  readonly task: unknown;
  readonly flow: unknown;
  /** What the call site adds. */
  readonly site: unknown;
  readonly mapSource: unknown;
  /** A run whose end is of interest. */
  readonly future: unknown;
  /** Code to be executed inside a container. */
  readonly body: unknown;
  /** Reads something from the outside world. */
  readonly read: unknown;
}

/** The operations, by kind. */
export interface Operations<Side extends OperationSide> {
  /** Submits a task run. Gives its future. */
  readonly call: {
    readonly task: Side['task'];
    readonly args: readonly unknown[];
    readonly site: Side['site'];
  };
  /** Submits a flow as a stage. Gives its future. */
  readonly stage: { readonly flow: Side['flow']; readonly input: unknown; readonly site: Side['site'] };
  /** Submits one run an item. Gives the future of all. */
  readonly map: {
    readonly target: Side['task'] | Side['flow'];
    readonly source: Side['mapSource'];
    readonly site: Side['site'];
  };
  /** Combines items as a tree. Gives the future of the root. */
  readonly reduce: {
    readonly task: Side['task'];
    readonly source: ReduceSource;
    readonly site: Side['site'];
  };
  /** Gives a future of how another ends, which never rejects. */
  readonly settled: { readonly future: Side['future'] };
  /** Executes code inside a container of its own: what it submits is shown, counted and keyed there. Gives its future. */
  readonly container: {
    readonly container: ContainerKind;
    readonly name: string;
    /** What tells it from its siblings beyond kind and name: a cycle's number. */
    readonly identity: readonly unknown[];
    readonly body: Side['body'];
  };
  /** Records something said or made. With `once`, it is keyed: a resumed flow does not record it again. */
  readonly say: {
    readonly entry: EntryKind;
    readonly body: Readonly<Record<string, unknown>>;
    readonly once: string | undefined;
  };
  /** Gives what the outside world gives (the time, a random number): recorded, and the same again on resume. */
  readonly effect: { readonly call: string; readonly read: Side['read'] };
}

export type OperationKind = keyof Operations<OperationSide>;
export type ContainerKind = 'group' | 'loop' | 'cycle';

/** One operation, of the given kinds. */
export type Operation<Side extends OperationSide = AuthorSide, Kind extends OperationKind = OperationKind> = {
  readonly [K in Kind]: { readonly kind: K } & Operations<Side>[K];
}[Kind];

/** What an operation gives to who asks for it. */
export interface OperationResults {
  readonly call: PromiseLike<unknown>;
  readonly stage: PromiseLike<unknown>;
  readonly map: PromiseLike<unknown>;
  readonly reduce: PromiseLike<unknown>;
  readonly settled: PromiseLike<unknown>;
  readonly container: PromiseLike<unknown>;
  readonly say: void;
  readonly effect: unknown;
}

/** How each kind of operation is performed for a performer of one class. */
export type OperationHandlers<P> = {
  readonly [K in OperationKind]: (performer: P, operation: Operation<AuthorSide, K>) => OperationResults[K];
};

/** Performs an operation by a table. */
export function performBy<P, K extends OperationKind>(
  handlers: OperationHandlers<P>,
  performer: P,
  operation: Operation<AuthorSide, K>,
): OperationResults[K] {
  return handlers[operation.kind](performer, operation);
}

/** Who performs operations: the run that code belongs to, or a container in it. */
export interface OperationPerformer {
  readonly info: ScopeInfo;
  /** Aborted when this run should stop: cancelled or timed out. */
  readonly signal: AbortSignal;
  perform<K extends OperationKind>(operation: Operation<AuthorSide, K>): OperationResults[K];
}

/** Operations as authors' code writes them. */
export interface AuthorSide extends OperationSide {
  readonly task: TaskDefinition;
  readonly flow: FlowDefinition;
  readonly site: CallSite;
  readonly mapSource: MapSource;
  readonly future: PromiseLike<unknown>;
  /** Called once the container has begun, with what performs the operations of the code inside. */
  readonly body: (inner: OperationPerformer) => Promise<unknown>;
  readonly read: () => unknown;
}

/** What code may know of the run that it belongs to. Plain data: it crosses to other threads. */
export interface ScopeInfo {
  readonly runId: string;
  /** Task key of the current run, 32 hexadecimal digits: stable across attempts and resumes. */
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
  /** A list, something iterable, or the future of a list. */
  readonly items: unknown;
  readonly arity: number;
  /** Where the items were gathered elsewhere: they were pulled one by one. */
  readonly isPulled?: boolean;
  readonly initial: { readonly value: unknown } | undefined;
}
