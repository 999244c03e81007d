import {
  decideReuse,
  FIRST_ENDED,
  isMadeAnew,
  isSiderealError,
  RESUME,
  type ReuseDecision,
  type ReuseOccasion,
  type StateCode,
} from '@sidereal/core';
import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import { madeAfter } from '../nodes/completion.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RecordedNode, ResumeIndex } from '../record/resume-index.ts';
import type { IdentifiedCall } from './call-identity.ts';
import { givenTo, type Call } from './call.ts';
import type { Captures } from './captures.ts';
import type { Repeats } from './repeats.ts';

/** What earlier attempts know of a call. `decision`: why what they did is not taken; of groups there is none. */
export type Recalled =
  /** An earlier attempt in this process has done it. */
  | { readonly type: 'same'; readonly node: RunNode }
  /** The record holds what it gave. */
  | {
      readonly type: 'reused';
      readonly idx: number;
      readonly attempts: number;
      readonly recorded: RecordedNode;
      readonly decision: ReuseDecision;
    }
  /** An earlier attempt in this process has begun it, and it is to run again. */
  | {
      readonly type: 'again';
      readonly idx: number;
      readonly attempts: number;
      readonly state: StateCode;
      /** See {@link RunNode.remade}. */
      readonly remade: number;
      readonly decision: ReuseDecision | undefined;
    }
  /** The same of an earlier execution of the run. */
  | {
      readonly type: 'recorded';
      readonly idx: number;
      readonly attempts: number;
      readonly recorded: RecordedNode;
      readonly decision: ReuseDecision | undefined;
    }
  /** Nothing, or what has the author's key was called with other arguments: that is another call. */
  | {
      readonly type: 'new';
      readonly idx: number;
      readonly attempts: 0;
      readonly decision: ReuseDecision | undefined;
    };

export interface RecallParts {
  readonly loop: RunLoop;
  readonly resume: ResumeIndex | undefined;
  readonly repeats: Repeats;
  readonly captures: Captures;
  /** What has changed in the code of a task or flow since a node of an earlier execution ended. */
  readonly changeIn: (definition: TaskDefinition | FlowDefinition, idx: number) => string | undefined;
}

/** Looks up what earlier attempts did under the key of a call, and whether it is taken. */
export class Recall {
  readonly #parts: RecallParts;

  constructor(parts: RecallParts) {
    this.#parts = parts;
  }

  of(call: Call, identity: IdentifiedCall): Recalled {
    const { resume, repeats } = this.#parts;
    const again = repeats.previous(call.parent, identity.keyHex);
    if (again !== undefined) return this.#repeated(call, identity, again);
    const recorded = resume?.find(identity.key);
    if (recorded === undefined) return this.#new(undefined);
    const { idx, attempt: attempts } = recorded;
    const decision = this.#ofRecorded(call, identity, recorded);
    if (decision?.code === 'other_arguments') return this.#new(decision);
    resume?.touch(idx);
    return decision?.decision === 'keep'
      ? { type: 'reused', idx, attempts, recorded, decision }
      : { type: 'recorded', idx, attempts, recorded, decision };
  }

  #repeated(call: Call, identity: IdentifiedCall, again: RunNode): Recalled {
    const { scheduler } = this.#parts.loop;
    const state = scheduler.stateOf(again.id);
    const attempts = scheduler.attemptOf(again.id);
    const decision = this.#ofRepeated(call, identity, again);
    if (decision?.code === 'other_arguments') return this.#new(decision);
    if (decision?.decision === 'keep') return { type: 'same', node: again };
    return { type: 'again', idx: again.idx, attempts, state, remade: again.remade, decision };
  }

  #new(decision: ReuseDecision | undefined): Recalled {
    return { type: 'new', idx: this.#parts.loop.nodes.nextIdx(), attempts: 0, decision };
  }

  #ofRecorded(call: Call, identity: IdentifiedCall, recorded: RecordedNode): ReuseDecision | undefined {
    if (!isLeaf(call)) return undefined;
    const { resume, captures, changeIn } = this.#parts;
    const { idx, state, endedUs } = recorded;
    return decideReuse({
      state,
      attempts: recorded.attempt,
      isStrict: call.options.strict || recorded.isStrict,
      occasion: { type: 'execution', rules: resume?.rules ?? RESUME, demand: recorded.demand },
      hasSameArguments: hasSameArguments(identity, recorded),
      untold: identity.hidden ?? identity.unstable,
      madeSince: madeAfter(givenTo(call), endedUs)?.name ?? captures.madeAfter(idx, endedUs),
      endedSince: madeAfter(call.after, endedUs)?.name,
      // Code is looked at only where it may matter.
      changed:
        call.definition === undefined || state < FIRST_ENDED ? undefined : changeIn(call.definition, idx),
    });
  }

  #ofRepeated(call: Call, identity: IdentifiedCall, again: RunNode): ReuseDecision | undefined {
    if (!isLeaf(call)) return undefined;
    const { loop, repeats, captures } = this.#parts;
    // In one process a definition is itself, however it was made.
    const isSame = repeats.isSameDefinition(again, call.definition);
    const isUnknown = call.options.onUnknown === 'fail' && isSiderealError(again.error, 'OUTCOME_UNKNOWN');
    return decideReuse({
      state: loop.scheduler.stateOf(again.id),
      attempts: loop.scheduler.attemptOf(again.id),
      isStrict: call.options.strict,
      occasion: isUnknown ? STILL_UNKNOWN : LATER_ATTEMPT,
      hasSameArguments: hasSameArguments(identity, again),
      untold: identity.hidden ?? (isSame ? undefined : identity.unstable),
      madeSince:
        madeAfter(givenTo(call), again.completion)?.name ?? captures.madeAfter(again.idx, again.completion),
      endedSince: undefined,
      changed: undefined,
    });
  }
}

const LATER_ATTEMPT: ReuseOccasion = { type: 'attempt', isUnknown: false };
const STILL_UNKNOWN: ReuseOccasion = { type: 'attempt', isUnknown: true };

/** Groups are opened again: their code submits children, which are found by their own keys. */
function isLeaf({ kind }: Call): boolean {
  return kind === 'task' || kind === 'stage';
}

/**
 * Was what has the key of a call called with the same arguments? If not, it is another call, with a node of its own:
 * the arguments that a node is recorded with are those that gave its value.
 */
function hasSameArguments(
  { argumentDigest: now }: IdentifiedCall,
  { argumentDigest: before }: Pick<RecordedNode, 'argumentDigest'>,
): boolean {
  if (now === before) return true;
  return now !== undefined && before !== undefined && Buffer.compare(now, before) === 0;
}

/** Nobody can know whether it is right that the effect of a strict task happens again, and its author has it fail then. */
export function isInDoubt({ options }: Call, recalled: Recalled): recalled is Doubtful {
  if (recalled.type !== 'again' && recalled.type !== 'recorded') return false;
  return options.onUnknown === 'fail' && recalled.decision?.decision === 'doubt';
}

export type Doubtful = Extract<Recalled, { readonly type: 'again' | 'recorded' }> & {
  readonly decision: ReuseDecision;
};

/** Is it a task or stage that had ended under its key, and is made anew? What consumed it has another input then. */
export function isRemade(recalled: Exclude<Recalled, { type: 'same' }>): boolean {
  if (recalled.decision === undefined || !isMadeAnew(recalled.decision)) return false;
  return recalled.type !== 'recorded' || recalled.recorded.state >= FIRST_ENDED;
}
