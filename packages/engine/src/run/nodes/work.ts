import type { CallerContext } from '../../context/caller-context.ts';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { CapturedArguments } from '../../data/captured-arguments.ts';
import type { Shortage } from './shortage.ts';
import type { StageContext } from './stage-context.ts';

/** What a task run executes. */
export interface TaskWork {
  readonly type: 'task';
  readonly definition: TaskDefinition;
  readonly inputs: CapturedArguments;
  readonly caller: CallerContext | undefined;
  /** Arguments whose runs were skipped are left out; a single one that is left is the value. */
  readonly leavesOutSkipped: boolean;
  /** The user's own line of the call, where it was known when the call came: of calls from elsewhere. */
  readonly calledAt?: string | undefined;
}

/** What a stage (or the flow run itself) executes. */
export interface FlowWork {
  readonly type: 'flow';
  readonly definition: FlowDefinition;
  /** Its input as the one argument; none if it takes none. */
  readonly inputs: CapturedArguments;
  readonly caller: CallerContext | undefined;
  /** The stage's own context: defaults and pools for what it submits. */
  readonly context: StageContext;
}

/** What a group, loop, cycle, map or reduce does when it begins. */
export interface ContainerWork<Node> {
  readonly type: 'container';
  /** Of one that executes code. */
  readonly caller?: CallerContext;
  readonly begin: (node: Node) => void;
  /** Resolves once code of the flow's body that executes in it is over, or never will be. */
  readonly body?: Promise<void>;
  /** Makes its value again from its parts, if it has one. */
  readonly assemble: (() => Promise<unknown>) | undefined;
  /** It has ended: says what it is made of. */
  readonly ended?: (node: Node) => void;
  /** Why it failed, better than the general words. */
  readonly explain?: () => Error | undefined;
  /** The value of a child has left memory: nothing needs it there. */
  readonly dropped?: (child: Node) => void;
  /** Nobody holds its future any more. */
  readonly unretained?: () => void;
  /** It must stop: nothing of its own may keep it from ending. */
  readonly interrupt?: (reason: Error) => void;
}

/** What a node executes; `Node` is what its callbacks are given. */
export type Work<Node> = TaskWork | FlowWork | ContainerWork<Node>;

/** Of a node whose value is only ever read from the record. */
export const RECORDED_WORK: ContainerWork<unknown> = {
  type: 'container',
  begin: () => undefined,
  assemble: undefined,
};

/**
 * Why a node fails without running: a promise among its arguments has rejected, one of them cannot go to where it
 * executes, or it needs more than there is.
 */
export interface Refusal {
  readonly reason: 'input_rejected' | 'uncloneable_argument' | Shortage['reason'];
  readonly error: unknown;
}
