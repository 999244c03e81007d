import { describe, expect, test } from 'vitest';
import { decisionSoFar, EARLY_RULES, waysToEnd, type End } from './testing/trigger-definitions.ts';
import { decideTrigger, TRIGGER_RULES, type TriggerDecision, type TriggerRule } from './trigger-rule.ts';

const MOST = 5;

function decide(rule: TriggerRule, ends: readonly End[], left: number): TriggerDecision {
  const count = (end: End): number => ends.filter((one) => one === end).length;
  return decideTrigger(rule, {
    total: ends.length + left,
    succeeded: count('success'),
    failed: count('failure'),
    skipped: count('skip'),
  });
}

/** Every tally of up to five upstream runs, ended or not. */
const tallies = Array.from({ length: MOST + 1 }, (_, ended) => waysToEnd(ended))
  .flat()
  .flatMap((ends) => Array.from({ length: MOST + 1 - ends.length }, (_, left) => ({ ends, left })));

describe('decideTrigger', () => {
  test.each(TRIGGER_RULES)(
    '%s decides what its definition says, as soon as no other end is possible',
    (rule) => {
      const wrong = tallies
        .map(({ ends, left }) => ({
          ends,
          left,
          decided: decide(rule, ends, left),
          expected: decisionSoFar(rule, ends, left),
        }))
        .filter(({ decided, expected }) => decided !== expected);
      expect(wrong).toEqual([]);
    },
  );

  test('only the one_… rules and always start before all upstream has ended', () => {
    const early = TRIGGER_RULES.filter((rule) =>
      tallies.some(({ ends, left }) => left > 0 && decide(rule, ends, left) === 'start'),
    );
    expect([...early].sort()).toEqual([...EARLY_RULES].sort());
  });

  test('with nothing upstream every rule starts, but one_failed, which has nothing to react to', () => {
    const starting = TRIGGER_RULES.filter((rule) => decide(rule, [], 0) === 'start');
    expect(starting).toEqual(TRIGGER_RULES.filter((rule) => rule !== 'one_failed'));
    expect(decide('one_failed', [], 0)).toBe('skip');
  });

  test('the order in which upstream ends never changes the decision', () => {
    const ambiguous = TRIGGER_RULES.flatMap((rule) =>
      waysToEnd(4).map((ends) => ({
        rule,
        ends,
        decisions: new Set(permutations(ends).map((order) => decideInOrder(rule, order))),
      })),
    ).filter(({ decisions }) => decisions.size !== 1);
    expect(ambiguous).toEqual([]);
  });
});

/** The first decision that is not to wait, as upstream ends one by one. */
function decideInOrder(rule: TriggerRule, ends: readonly End[]): TriggerDecision {
  for (let ended = 0; ended < ends.length; ended += 1) {
    const decision = decide(rule, ends.slice(0, ended), ends.length - ended);
    if (decision !== 'wait') return decision;
  }
  return decide(rule, ends, 0);
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item].concat(rest)));
}
