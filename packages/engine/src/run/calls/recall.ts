import type { FlowDefinition } from '../../definitions/flow-definition.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { StateCode } from '@sidereal/core';
import type { RunLoop } from '../loop/run-loop.ts';
import { completionOf, madeAfter } from '../nodes/completion.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { RESUME, type RecordedNode, type ResumeIndex } from '../record/resume-index.ts';
import type { IdentifiedCall } from './call-identity.ts';
import type { Call } from './call.ts';
import type { Repeats } from './repeats.ts';
import { decideReuse, type ReuseDecision } from './reuse.ts';

/** What earlier attempts know of a call. `why`: in words, why what they did is not taken. */
export type Recalled =
  /** An earlier attempt in this process has done it. */
  | { readonly type: 'same'; readonly node: RunNode }
  /** The record holds what it gave. */
  | {
      readonly type: 'reused';
      readonly idx: number;
      readonly attempts: number;
      readonly recorded: RecordedNode;
      /** What has changed in its code since, in words. */
      readonly changed: string | undefined;
    }
  /** An earlier attempt in this process has begun it, and it is to run again. */
  | {
      readonly type: 'again';
      readonly idx: number;
      readonly attempts: number;
      readonly state: StateCode;
      readonly why: string;
    }
  /** The same of an earlier execution of the run. */
  | {
      readonly type: 'recorded';
      readonly idx: number;
      readonly attempts: number;
      readonly recorded: RecordedNode;
      readonly why: string;
    }
  /** Nothing, or what has the author's key was called with other arguments: that is another call. */
  | {
      readonly type: 'new';
      readonly idx: number;
      readonly attempts: 0;
      readonly recorded: RecordedNode | undefined;
      readonly why: string;
    };

export interface RecallParts {
  readonly loop: RunLoop;
  readonly resume: ResumeIndex | undefined;
  readonly repeats: Repeats;
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
    if (recorded === undefined) return this.#new('');
    if (isOtherCall(call, identity, recorded)) return this.#new(OTHER_ARGUMENTS, recorded);
    resume?.touch(recorded.idx);
    const { idx, attempt: attempts } = recorded;
    const decision = this.#decide(call, identity, { recorded });
    if (decision.reuse) return { type: 'reused', idx, attempts, recorded, changed: decision.changed };
    return { type: 'recorded', idx, attempts, recorded, why: decision.why };
  }

  #repeated(call: Call, identity: IdentifiedCall, again: RunNode): Recalled {
    if (isOtherCall(call, identity, again)) return this.#new(OTHER_ARGUMENTS);
    const { scheduler } = this.#parts.loop;
    const decision = this.#decide(call, identity, { again });
    if (decision.reuse) return { type: 'same', node: again };
    const state = scheduler.stateOf(again.id);
    const attempts = scheduler.attemptOf(again.id);
    return { type: 'again', idx: again.idx, attempts, state, why: decision.why };
  }

  #new(why: string, recorded?: RecordedNode): Recalled {
    return { type: 'new', idx: this.#parts.loop.nodes.nextIdx(), attempts: 0, recorded, why };
  }

  #decide(
    call: Call,
    { unstable, hidden }: IdentifiedCall,
    { again, recorded }: { readonly again?: RunNode; readonly recorded?: RecordedNode },
  ): ReuseDecision {
    const { loop, resume, repeats, changeIn } = this.#parts;
    const hasSucceeded = again === undefined || loop.scheduler.hasSucceeded(again.id);
    const isKept = isLeaf(call) && (again === undefined ? recorded?.isReusable === true : hasSucceeded);
    if (!isKept) return { reuse: false, why: '' };
    const completion = again === undefined ? 0 : completionOf(again);
    const changed =
      call.definition === undefined || recorded === undefined
        ? undefined
        : changeIn(call.definition, recorded.idx);
    return decideReuse({
      isKept,
      // In one process a definition is itself, however it was made.
      untold:
        hidden ??
        (again !== undefined && repeats.isSameDefinition(again, call.definition) ? undefined : unstable),
      madeSince: madeAfter(call.consumes, completion)?.name,
      endedSince: again === undefined ? madeAfter(call.after, completion)?.name : undefined,
      changed,
      rules: again === undefined ? (resume?.rules ?? RESUME) : RESUME,
    });
  }
}

const OTHER_ARGUMENTS = 'its arguments are not those that were recorded under its key';

/** Groups are opened again: their code submits children, which are found by their own keys. */
function isLeaf({ kind }: Call): boolean {
  return kind === 'task' || kind === 'stage';
}

/**
 * Was what has the key of a call called with other arguments? Then it is another call, with a node of its own:
 * the arguments that a node is recorded with are those that gave its value.
 */
function isOtherCall(
  call: Call,
  { argumentDigest: now }: IdentifiedCall,
  { argumentDigest: before }: Pick<RecordedNode, 'argumentDigest'>,
): boolean {
  if (!isLeaf(call) || now === before) return false;
  return now === undefined || before === undefined || Buffer.compare(now, before) !== 0;
}
