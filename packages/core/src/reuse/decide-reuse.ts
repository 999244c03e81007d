/**
 * Whether what an earlier attempt gave is taken instead of running a call: the one function that decides. `resume`,
 * every verb of `retry`, later attempts of flows and stages, the making again of a value that was lost, and whatever
 * foretells any of them ask it.
 *
 * Recorded work is kept only where it can be proven to belong to the call: a repeated task is a cost, a wrong value
 * is a defect. A strict task is for an effect in the outside world. Once it has begun it is run again only if
 * somebody asks for that very task, or if it has failed and failures are run again; where anything else would have it
 * run, it is in doubt, and its `onUnknown` decides. One that has failed because it is in doubt stays so in later
 * attempts of what calls it: only a person's `retry` runs it.
 */
import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE, STATES, type StateCode } from '../states/state.ts';
import { DEMAND, type Demand } from './demands.ts';
import { countsOrder, RESUME, type ReuseRules } from './reuse-rules.ts';

/** Who asks. */
export type ReuseOccasion =
  /** The run is executed again, by these rules. */
  | { readonly type: 'execution'; readonly rules: ReuseRules; readonly demand: Demand }
  /** What calls it is tried again in one process. `isUnknown`: it has failed because nobody knows whether it had its effect. */
  | { readonly type: 'attempt'; readonly isUnknown: boolean }
  /** Its value is needed and is gone. */
  | { readonly type: 'value_lost' };

/** What is known of a task run or stage under a call's key, and of what has become of what it was made from. */
export interface ReuseQuestion {
  readonly state: StateCode;
  /** How many attempts it has had. */
  readonly attempts: number;
  readonly isStrict: boolean;
  readonly occasion: ReuseOccasion;
  /** Are its real arguments those that were recorded, where the author's key stands for them? */
  readonly hasSameArguments: boolean;
  /** Why its task or its arguments cannot be told from others; undefined if they can. */
  readonly untold: string | undefined;
  /** Name of something that it consumes and that was made anew since. */
  readonly madeSince: string | undefined;
  /** Name of something that it only comes after and that ran again since. */
  readonly endedSince: string | undefined;
  /** What has changed in its code since, in words. */
  readonly changed: string | undefined;
}

/** Why, as a literal. Part of what `--json` documents say: append, never rename. */
export type ReuseCode =
  | 'unchanged'
  | 'code_changed'
  | 'strict_order'
  | 'beneath_kept'
  | 'not_ended'
  | 'not_kept'
  | 'rule_asked'
  | 'asked'
  | 'around'
  | 'other_arguments'
  | 'untold'
  | 'input_made_anew'
  | 'order_ran_again'
  | 'contents_changed'
  | 'value_lost'
  | 'outcome_unknown'
  | 'removed'
  | 'still_unknown';

export interface ReuseDecision {
  /** Keep what it gave; run it again; or nobody can know whether its effect may happen again. */
  readonly decision: 'keep' | 'again' | 'doubt';
  readonly code: ReuseCode;
  /** In words that complete "it is kept: …", "it runs again: …". */
  readonly reason: string;
}

/** The first line that applies counts. */
export function decideReuse(question: ReuseQuestion): ReuseDecision {
  const { state, attempts, isStrict, occasion, hasSameArguments } = question;
  if (!hasSameArguments)
    return again('other_arguments', 'its arguments are not those that were recorded under its key');
  if (occasion.type === 'value_lost')
    return isStrict
      ? doubt('value_lost', 'its value is needed again and is gone')
      : again('value_lost', 'its value is needed again and was not kept');
  const demand = occasion.type === 'execution' ? occasion.demand : DEMAND.none;
  if (demand === DEMAND.asked) return again('asked', 'that was asked for');
  if (occasion.type === 'attempt' && occasion.isUnknown && isStrict)
    return doubt('still_unknown', 'nobody knows how an earlier attempt of it ended');
  const mayHaveHadEffect = isStrict && attempts > 0;
  if (isUnderWay(state) && isStrict) return doubt('outcome_unknown', 'it had started and had not ended');
  if (state === STATE_CODE.removed)
    return mayHaveHadEffect
      ? doubt('removed', 'an execution that completed did not call it')
      : again('removed', 'an execution that completed did not call it');
  if (state < FIRST_ENDED) return again('not_ended', `it was ${STATES[state] ?? 'not ended'}`);
  if (state === STATE_CODE.upstream_failed && demand === DEMAND.none && !isAnythingNew(question))
    return again('rule_asked', 'its trigger rule is asked again, of runs that stand as they stood');
  if (!isKeptState(state, occasion)) return again('not_kept', `it was ${STATES[state] ?? ''}`);
  return decideKept(question, demand, mayHaveHadEffect);
}

/** It ended in a state that is kept. */
function decideKept(question: ReuseQuestion, demand: Demand, mayHaveHadEffect: boolean): ReuseDecision {
  const { occasion, untold, madeSince, endedSince, changed } = question;
  const rules = occasion.type === 'execution' ? occasion.rules : RESUME;
  const againOrDoubt = mayHaveHadEffect ? doubt : again;
  if (demand === DEMAND.around) return againOrDoubt('around', 'something in it runs again');
  if (untold !== undefined) return againOrDoubt('untold', untold);
  if (madeSince !== undefined)
    return againOrDoubt('input_made_anew', `${madeSince}, which it consumes, was made anew`);
  if (rules.rerunChanged && changed !== undefined) return againOrDoubt('code_changed', changed);
  if (endedSince !== undefined && countsOrder(rules)) {
    const ranAgain = `${endedSince}, which it comes after, ran again`;
    return mayHaveHadEffect
      ? keep('strict_order', `${ranAgain}, and it is strict`)
      : again('order_ran_again', ranAgain);
  }
  if (changed !== undefined) return keep('code_changed', `${changed}; its value is kept`);
  return UNCHANGED;
}

/**
 * Does a node that had ended, and for which this was decided, count as made anew? One whose rule is asked again comes to
 * the same end, for what it needs has, and so does one that stays in doubt: what consumed it is not stale.
 */
export function isMadeAnew({ decision, code }: ReuseDecision): boolean {
  return decision !== 'keep' && code !== 'rule_asked' && code !== 'still_unknown';
}

/** What is known of a container (map, reduce, group, loop, cycle) whose children have all ended. */
export interface ContentsQuestion {
  /** What it is made of, or what its code gave, is what it was; it is known to be. */
  readonly areSame: boolean;
  /** Name of a child that ran again, or of one that was made anew itself. */
  readonly madeSince: string | undefined;
}

/** Containers are opened again, always, and decided by their children: `keep` says that one gives what it gave. */
export function decideContents({ areSame, madeSince }: ContentsQuestion): ReuseDecision {
  if (madeSince !== undefined) return again('input_made_anew', `${madeSince}, which lies in it, ran again`);
  return areSame
    ? UNCHANGED
    : again('contents_changed', 'it is not made of what it was made of, or its code gave another value');
}

/** What lies beneath a task or stage that is kept stays as it is: nobody calls it. */
export const BENEATH_KEPT: ReuseDecision = keep('beneath_kept', 'what called it is kept');

function isAnythingNew({ madeSince, endedSince }: ReuseQuestion): boolean {
  return madeSince !== undefined || endedSince !== undefined;
}

function isUnderWay(state: StateCode): boolean {
  return state >= FIRST_ACTIVE && state < FIRST_ENDED;
}

function isKeptState(state: StateCode, occasion: ReuseOccasion): boolean {
  if (state === STATE_CODE.completed || state === STATE_CODE.cached) return true;
  if (occasion.type !== 'execution') return false;
  return state === STATE_CODE.skipped || (state === STATE_CODE.failed && !occasion.rules.retryFailed);
}

function keep(code: ReuseCode, reason: string): ReuseDecision {
  return { decision: 'keep', code, reason };
}

function again(code: ReuseCode, reason: string): ReuseDecision {
  return { decision: 'again', code, reason };
}

function doubt(code: ReuseCode, reason: string): ReuseDecision {
  return { decision: 'doubt', code, reason };
}

const UNCHANGED = keep('unchanged', 'nothing that it was made from has changed');
