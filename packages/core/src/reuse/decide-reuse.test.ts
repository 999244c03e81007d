import { describe, expect, it } from 'vitest';
import { STATE_CODE, STATES, type State } from '../states/state.ts';
import {
  decideContents,
  decideReuse,
  isMadeAnew,
  type ReuseOccasion,
  type ReuseQuestion,
} from './decide-reuse.ts';
import { DEMAND, type Demand } from './demands.ts';
import { RESUME, type ReuseRules } from './reuse-rules.ts';

const RETRY: ReuseRules = { ...RESUME, retryFailed: true };
const CHANGED: ReuseRules = { ...RESUME, rerunChanged: true };

const ATTEMPT: ReuseOccasion = { type: 'attempt', isUnknown: false };

const execution = (rules: ReuseRules, demand: Demand = DEMAND.none): ReuseOccasion => ({
  type: 'execution',
  rules,
  demand,
});

function ask(state: State, occasion: ReuseOccasion, what: Partial<ReuseQuestion> = {}): string {
  const { decision, code } = decideReuse({
    state: STATE_CODE[state],
    attempts: 1,
    isStrict: false,
    occasion,
    hasSameArguments: true,
    untold: undefined,
    madeSince: undefined,
    endedSince: undefined,
    changed: undefined,
    ...what,
  });
  return `${decision} ${code}`;
}

describe('a node of which nothing has changed', () => {
  const kept = (occasion: ReuseOccasion): State[] =>
    STATES.filter((state) => ask(state, occasion) === 'keep unchanged');

  it('is kept in the states that the verb keeps', () => {
    expect(kept(execution(RESUME))).toEqual(['completed', 'cached', 'skipped', 'failed']);
    expect(kept(execution(RETRY))).toEqual(['completed', 'cached', 'skipped']);
    expect(kept(ATTEMPT)).toEqual(['completed', 'cached']);
    expect(kept(execution(RETRY, DEMAND.asked))).toEqual([]);
    expect(kept(execution(RETRY, DEMAND.around))).toEqual([]);
  });

  it('asks its rule again if a run that it needs had failed, and counts as new only if one of them does', () => {
    const asked = (what: Partial<ReuseQuestion>): string => ask('upstream_failed', execution(RESUME), what);
    expect(asked({})).toBe('again rule_asked');
    expect(asked({ madeSince: 'f' })).toBe('again not_kept');
    expect(asked({ endedSince: 'f' })).toBe('again not_kept');
  });

  it('is never kept for its value once that is gone', () => {
    expect(ask('completed', { type: 'value_lost' })).toBe('again value_lost');
    expect(ask('completed', { type: 'value_lost' }, { isStrict: true })).toBe('doubt value_lost');
  });
});

describe('a node that had ended well', () => {
  it.each([
    ['other arguments', { hasSameArguments: false }, 'again other_arguments', 'again other_arguments'],
    ['a hidden argument', { untold: 'args[0] is a function' }, 'again untold', 'doubt untold'],
    ['a newer input', { madeSince: 'f' }, 'again input_made_anew', 'doubt input_made_anew'],
    ['other code', { changed: './a.ts has changed' }, 'keep code_changed', 'keep code_changed'],
  ] as const)('with %s', (_, what, plain, strict) => {
    expect(ask('completed', execution(RESUME), what)).toBe(plain);
    expect(ask('completed', execution(RESUME), { ...what, isStrict: true })).toBe(strict);
  });

  it('runs again for the order that it comes in only where work is chosen to run again, and not if it is strict', () => {
    const what = { endedSince: 'f' };
    expect(ask('completed', execution(RESUME), what)).toBe('keep unchanged');
    expect(ask('completed', execution(RETRY), what)).toBe('again order_ran_again');
    expect(ask('completed', execution({ ...RESUME, tasks: [3] }), what)).toBe('again order_ran_again');
    expect(ask('completed', execution(RETRY), { ...what, isStrict: true })).toBe('keep strict_order');
    expect(ask('completed', ATTEMPT, what)).toBe('keep unchanged');
  });

  it('runs again for changed code if that is asked for; a strict one is in doubt', () => {
    const what = { changed: './a.ts has changed' };
    expect(ask('completed', execution(CHANGED), what)).toBe('again code_changed');
    expect(ask('completed', execution(CHANGED), { ...what, isStrict: true })).toBe('doubt code_changed');
  });
});

describe('a strict task', () => {
  const strict = { isStrict: true };

  it('is in doubt if it was under way, and was not if it had not begun', () => {
    for (const state of ['running', 'retrying', 'waiting', 'cancelling'] as const)
      expect(ask(state, execution(RESUME), strict)).toBe('doubt outcome_unknown');
    expect(ask('queued', execution(RESUME), { ...strict, attempts: 0 })).toBe('again not_ended');
  });

  it('is in doubt if an execution that completed did not call it, once it had begun', () => {
    expect(ask('removed', execution(RESUME), strict)).toBe('doubt removed');
    expect(ask('removed', execution(RESUME), { ...strict, attempts: 0 })).toBe('again removed');
    expect(ask('removed', execution(RESUME))).toBe('again removed');
  });

  it('stays in doubt in later attempts of what calls it, which makes nothing of it anew', () => {
    const unknown: ReuseOccasion = { type: 'attempt', isUnknown: true };
    expect(ask('failed', unknown, strict)).toBe('doubt still_unknown');
    expect(ask('failed', unknown)).toBe('again not_kept');
    expect(ask('failed', ATTEMPT, strict)).toBe('again not_kept');
    expect(isMadeAnew({ decision: 'doubt', code: 'still_unknown', reason: '' })).toBe(false);
  });

  it('runs again if it is asked for, or has failed and failures are run again; not for what lies in it', () => {
    expect(ask('completed', execution(RETRY, DEMAND.asked), strict)).toBe('again asked');
    expect(ask('running', execution(RETRY, DEMAND.asked), strict)).toBe('again asked');
    expect(ask('failed', execution(RETRY), strict)).toBe('again not_kept');
    expect(ask('completed', execution(RETRY, DEMAND.around), strict)).toBe('doubt around');
  });
});

it('a container gives what it gave if it is what it was and nothing in it was made anew', () => {
  expect(decideContents({ areSame: true, madeSince: undefined }).decision).toBe('keep');
  expect(decideContents({ areSame: false, madeSince: undefined }).code).toBe('contents_changed');
  expect(decideContents({ areSame: true, madeSince: 'item' })).toMatchObject({
    decision: 'again',
    reason: 'item, which lies in it, ran again',
  });
});
