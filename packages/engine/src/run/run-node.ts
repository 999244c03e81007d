import { STATE_CODE, type NodeKind, type StateCode } from '@sidereal/core';
import type { FlowDefinition } from '../authoring/flow-definition.ts';
import type { TaskDefinition } from '../authoring/task-definition.ts';
import type { MainScope } from './main-scope.ts';
import type { ResolvedOptions } from './resolved-options.ts';
import type { StageContext } from './stage-context.ts';

/** What a task run executes. */
export interface TaskWork {
  readonly type: 'task';
  readonly definition: TaskDefinition;
  readonly args: readonly unknown[];
}

/** What a stage (or the flow run itself) executes. */
export interface FlowWork {
  readonly type: 'flow';
  readonly definition: FlowDefinition;
  readonly input: unknown;
  /** The stage's own context: defaults and pools for what it submits. */
  readonly context: StageContext;
}

/** What a group, loop, cycle, map or reduce does when it begins. */
export interface ContainerWork {
  readonly type: 'container';
  readonly begin: (node: RunNode) => void;
  /** Resolves once code of the flow's body that executes in it is over, or never will be. */
  readonly body?: Promise<void>;
  /** Makes its value again from its parts, if it has one. */
  readonly assemble: (() => Promise<unknown>) | undefined;
  /** Why it failed, better than the general words. */
  readonly explain?: () => Error | undefined;
  /** The value of a child has left memory: nothing needs it there. */
  readonly dropped?: (child: RunNode) => void;
  /** Nobody holds its future any more. */
  readonly unretained?: () => void;
  /** It must stop: nothing of its own may keep it from ending. */
  readonly interrupt?: (reason: Error) => void;
}

export type Work = TaskWork | FlowWork | ContainerWork;

/**
 * The shell's side of a scheduler node: identity, work, value and who waits for it. One object a node, always
 * of this shape: a run may have a million.
 */
export class RunNode {
  /** Scheduler id. */
  id = -1;
  /** Number in the journal; -1 for nodes that are only the engine's (settled futures). */
  readonly idx: number;
  /** Task key, hexadecimal. */
  readonly key: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly nameId: number;
  readonly parent: RunNode | undefined;
  /** Innermost stage that it counts under. */
  readonly stage: StageContext;
  readonly options: ResolvedOptions;
  work: Work;
  /** Place among the items of its map. */
  at = -1;
  /** What it consumes, until it has ended (longer if its value is not durable). */
  upstream: readonly RunNode[];
  /** Its future, while the value has not come. */
  future: WeakRef<object> | undefined = undefined;
  value: unknown = undefined;
  error: unknown = undefined;
  /** Called once it has ended. */
  waiters: (() => void)[] | undefined = undefined;
  /** Called when it has its slot again after waiting. */
  resumes: (() => void)[] | undefined = undefined;
  /** The scope that its code calls in, made on first need. */
  scope: MainScope | undefined = undefined;
  controller: AbortController | undefined = undefined;
  /** Failed attempts so far, and crashed ones. */
  failures = 0;
  crashes = 0;
  /** Distinguishes attempts, so that a late outcome of an earlier one is ignored. */
  token = 0;
  /** State code, as last performed. */
  state: StateCode = STATE_CODE.pending;
  bits = 0;

  constructor(
    identity: Readonly<{ idx: number; key: string; kind: NodeKind; name: string; nameId: number }>,
    place: Readonly<{ parent: RunNode | undefined; stage: StageContext; options: ResolvedOptions }>,
    work: Work,
    upstream: readonly RunNode[],
  ) {
    this.idx = identity.idx;
    this.key = identity.key;
    this.kind = identity.kind;
    this.name = identity.name;
    this.nameId = identity.nameId;
    this.parent = place.parent;
    this.stage = place.stage;
    this.options = place.options;
    this.work = work;
    this.upstream = upstream;
  }

  /** Its record is all that is needed of it: what it executed and consumed is let go. */
  letGo(): void {
    this.work = RECORDED;
    this.upstream = [];
  }

  has(bit: number): boolean {
    return (this.bits & bit) !== 0;
  }

  set(bit: number): void {
    this.bits |= bit;
  }

  clear(bit: number): void {
    this.bits &= ~bit;
  }
}

/** Of a node whose value is only ever read from the record. */
const RECORDED: ContainerWork = { type: 'container', begin: () => undefined, assemble: undefined };

/** Its value can be read back from the record. */
export const DURABLE = 1;
/** It has executed in this process, or something that it consumes has: its record was not simply reused. */
export const FRESH = 2;
/** A strict task whose outcome an earlier crash left unknown. */
export const OUTCOME_UNKNOWN = 8;
/** It has ended and the shell has done all that belongs to that: what others see of it is final. */
export const SETTLED = 32;
/** Held for futures that its caller may still use. */
export const RETAINED = 16;
/** A plain promise among its arguments has rejected: it fails without running. */
export const INPUT_REJECTED = 64;
/** Its value lies in a file, which may be lost: what made it is kept. */
export const IN_FILE = 512;
/** Its code may execute again in this process, or that around it: what it submitted is found by key then. */
export const REPEATABLE = 256;
/** Counts among the plain calls outstanding. */
export const OUTSTANDING = 128;
/** Its value was lost after it had ended: while it has not ended, it is being computed again. */
export const RECOMPUTED = 1024;
