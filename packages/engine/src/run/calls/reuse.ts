/**
 * Whether what an earlier attempt recorded, or did in this process, is taken instead of running a call. It is only
 * where it can be proven to belong to the call: a repeated task is a cost, a wrong value is a defect.
 */
import type { ReuseRules } from '../record/resume-index.ts';

/** A call that has the key of a node of an earlier attempt. */
export interface ReuseQuestion {
  /** What has its key ended in a state that the rules keep. */
  readonly isKept: boolean;
  /** Why its task or its arguments cannot be told from others; undefined if they can. */
  readonly untold: string | undefined;
  /** Name of something that it consumes and that was made since. */
  readonly madeSince: string | undefined;
  /** The same of what it only comes after. */
  readonly endedSince: string | undefined;
  /** What has changed in its code since, in words. */
  readonly changed: string | undefined;
  readonly rules: ReuseRules;
}

export type ReuseDecision =
  /** `changed`: what has changed in its code since, in words; it is kept all the same. */
  | { readonly reuse: true; readonly changed: string | undefined }
  /** `why`: in words for the record; empty if there was nothing to be kept. */
  | { readonly reuse: false; readonly why: string };

/** Keep it, or run the call again, and why. */
export function decideReuse(question: ReuseQuestion): ReuseDecision {
  const { isKept, untold, madeSince, endedSince, changed, rules } = question;
  if (!isKept) return again('');
  if (untold !== undefined) return again(untold);
  if (madeSince !== undefined) return again(`${madeSince}, which it consumes, was made anew`);
  if (rules.rerunChanged && changed !== undefined) return again(changed);
  const isStrictOrder = rules.retryFailed || rules.from.length > 0 || rules.rerunChanged;
  if (isStrictOrder && endedSince !== undefined)
    return again(`${endedSince}, which it comes after, ran again`);
  return { reuse: true, changed };
}

function again(why: string): ReuseDecision {
  return { reuse: false, why };
}
