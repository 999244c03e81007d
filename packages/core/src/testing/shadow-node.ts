import type { AttemptOutcome, Submission } from '../scheduler/instructions.ts';
import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE, type StateCode } from '../states/state.ts';
import type { End } from './trigger-definitions.ts';

/** What a test knows of one dependency. */
export interface ShadowEdge {
  readonly from: ShadowNode;
  readonly to: ShadowNode;
  readonly isData: boolean;
  /** How the producer ended, once it has. */
  end: End | undefined;
  /** The value was lost after the consumer had been told of it: it must end once more. */
  isLost: boolean;
}

/** What a test knows of one node, kept from what it told the scheduler and was told by it. */
export class ShadowNode {
  readonly id: number;
  /** Order of submission; names the node in messages, as ids are reused. */
  readonly seq: number;
  readonly submission: Submission;
  readonly depth: number;
  parent: ShadowNode | undefined;
  inputs: ShadowEdge[] = [];
  state: StateCode = STATE_CODE.pending;
  attempt = 0;
  /** `gathering`: started, and an input is not in memory; `body`: its code executes; `done`: it has returned. */
  phase: 'none' | 'gathering' | 'body' | 'done' = 'none';
  outcome: AttemptOutcome | undefined;
  mustStop = false;
  /** Things that its code waits for, and whether it wants its slot back after the last of them. */
  waits = 0;
  isReacquiring = false;
  /** Stopped while it waited for its slot: it must be let go at once. */
  mustContinue = false;
  hasSlot = false;
  isHandled: boolean;
  /** Counts retries, so that failures beneath an earlier attempt are not held against a later one. */
  round = 0;
  /** The parent's round in which it ended. */
  roundOfParent = -1;
  holders = 0;
  isAlive = false;
  bytes = 0;
  reserved = 0;
  /** Withheld for memory, as one that adds little or as one that adds. */
  withheld: 'light' | 'heavy' | undefined;
  /** Nothing was known of its size when it started; of no meaning once it has ended. */
  wasUnknown = false;
  /** Its value is being brought back. */
  isLoading = false;
  /** What it has been said to lack since it is queued. */
  readonly lacks = new Set<string>();
  /** Wakes asked for and not yet sent. */
  wakes = 0;

  constructor(
    id: number,
    seq: number,
    parent: ShadowNode | undefined,
    submission: Submission,
    depth: number,
  ) {
    this.id = id;
    this.seq = seq;
    this.parent = parent;
    this.submission = submission;
    this.depth = depth;
    this.isHandled = submission.handled;
  }

  get isContainer(): boolean {
    return this.submission.pool < 0;
  }

  get hasEnded(): boolean {
    return this.state >= FIRST_ENDED;
  }

  get isActive(): boolean {
    return this.state >= FIRST_ACTIVE && this.state < FIRST_ENDED;
  }

  get hasSucceeded(): boolean {
    return this.state === STATE_CODE.completed || this.state === STATE_CODE.cached;
  }

  get hasFailed(): boolean {
    return this.hasEnded && !this.hasSucceeded && this.state !== STATE_CODE.skipped;
  }

  /** Its code runs and may submit, wait and return. */
  get isOpen(): boolean {
    return this.isActive && this.phase !== 'done';
  }

  /** May something be submitted under it, to be executed? */
  get acceptsChildren(): boolean {
    if (!this.isActive || this.mustStop) return false;
    return this.phase !== 'done' || this.outcome?.type === 'completed';
  }

  get end(): End {
    return this.hasSucceeded ? 'success' : this.state === STATE_CODE.skipped ? 'skip' : 'failure';
  }

  get name(): string {
    return `${this.isContainer ? 'container' : 'task'} #${this.seq} (id ${this.id})`;
  }
}
