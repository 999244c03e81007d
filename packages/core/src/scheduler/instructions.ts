import type { ReasonName } from '../states/reason.ts';
import type { StateCode } from '../states/state.ts';

/**
 * What the scheduler asks of its shell, in the order in which it must be done. `transition` covers most: it is to
 * be recorded, and a node that enters `running` or `retrying` by it begins its next attempt, one that enters
 * `cancelling` is to be interrupted, one that has ended to be told to whoever waits for it. An attempt that had
 * begun and was `waiting` goes on by `continue`, never by `transition`.
 */
export type Instruction =
  | {
      readonly op: 'transition';
      readonly id: number;
      readonly from: StateCode;
      readonly to: StateCode;
      readonly reason: ReasonName;
      readonly message: string;
    }
  /** Nobody needs its value any more: free it. */
  | { readonly op: 'drop'; readonly id: number }
  /**
   * A task's attempt goes on where it waited: it has its slot again and enters `running` or `retrying`, which is to
   * be recorded; or it is `cancelling`, as has been said already, and needs no slot to learn that it must stop.
   */
  | { readonly op: 'continue'; readonly id: number; readonly from: StateCode; readonly to: StateCode }
  /** Send `woken(id)` after this time. */
  | { readonly op: 'wake'; readonly id: number; readonly delayMs: number }
  /**
   * A queued node lacks this claim; of a resource, which one. To be recorded as the reason of its state. Said
   * when it stays queued, and once more for each other thing that it lacks later.
   */
  | { readonly op: 'lacks'; readonly id: number; readonly claim: LackName; readonly resource: number }
  /** Nothing runs and nothing may start within the budget: free memory if you can, then send `spillDone()`. */
  | { readonly op: 'spill'; readonly bytes: number }
  /** A withheld node starts although the budget is exceeded: nothing else could make progress. */
  | { readonly op: 'overshoot'; readonly id: number; readonly bytes: number }
  /**
   * By this node's value, what is alive exceeds the budget by so much, headroom and all: it is larger than was
   * expected. Not said again before all is within the budget.
   */
  | { readonly op: 'exceeded'; readonly id: number; readonly bytes: number };

/** What a queued node may lack. */
export type LackName = Extract<ReasonName, 'slot' | 'memory' | 'resource'>;

/** How an attempt ended, as its shell tells the scheduler. */
export type AttemptOutcome =
  | { readonly type: 'completed'; readonly bytes: number }
  | { readonly type: 'skipped'; readonly message: string }
  | { readonly type: 'failed'; readonly reason: ReasonName; readonly message: string }
  | { readonly type: 'crashed'; readonly reason: ReasonName; readonly message: string }
  | { readonly type: 'cancelled'; readonly reason: 'cancelled' | 'abandoned'; readonly message: string }
  /** Failed or crashed, and will be tried again. */
  | {
      readonly type: 'retry';
      readonly delayMs: number;
      readonly reason: ReasonName;
      readonly message: string;
    };

/** A new node. */
export interface Submission {
  /** Node that submits it, or -1 for the flow run itself. */
  readonly parent: number;
  /** Pool whose slot it takes, or -1 for a container (flow, stage, map, loop …), which takes none. */
  readonly pool: number;
  /** Index into TRIGGER_RULES. */
  readonly rule: number;
  readonly priority: number;
  /** Depth that it has at least; the depth of what it consumes counts too. */
  readonly depth: number;
  /** What sizes are learned by. */
  readonly nameId: number;
  /** Declared size of its result in bytes, or -1 to learn it. */
  readonly declaredBytes: number;
  /** Set of named claims that it needs beside a slot (`Claims.setOf`); default none. */
  readonly claims?: number;
  /** Nodes that it consumes. */
  readonly consumes: readonly number[];
  /** Nodes that it only comes after. */
  readonly after: readonly number[];
  /** Attempts that it has had in earlier executions of the run; default none. */
  readonly attempts?: number;
  /** Failures of it are somebody's business already (it is awaited, or an item of an awaited map). */
  readonly handled: boolean;
}
