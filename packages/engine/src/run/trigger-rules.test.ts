import { TRIGGER_RULES, type TriggerRule } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { settled } from '../authoring/settled.ts';
import { skip } from '../authoring/skip.ts';
import { task } from '../authoring/task.ts';
import type { Settled } from '../future/future.ts';
import { gate, turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

type Ending = 'good' | 'bad' | 'none';
const ends = task({ name: 'ends' }, async (how: Ending, place: number): Promise<string> => {
  await turns(1 + (place % 2));
  if (how === 'bad') throw new RangeError('bad');
  return how === 'none' ? skip('nothing to do') : how;
});
const describeAll = (given: readonly unknown[]): unknown[] =>
  given.map((one) =>
    typeof one === 'object' && one !== null && 'state' in one ? one.state : `plain ${String(one)}`,
  );

/** By rule, how a run with these upstream runs ends; under one_… and always it may start before all have ended. */
const outcomes: Readonly<Record<TriggerRule, Readonly<Record<string, string>>>> = {
  all_success: {
    gg: 'completed',
    gb: 'upstream_failed',
    gn: 'skipped',
    nn: 'skipped',
    bb: 'upstream_failed',
  },
  all_done: { gg: 'completed', gb: 'completed', gn: 'completed', nn: 'completed', bb: 'completed' },
  all_failed: { gg: 'skipped', gb: 'skipped', gn: 'skipped', nn: 'skipped', bb: 'completed' },
  one_success: { gg: 'completed', gb: 'completed', gn: 'completed', nn: 'skipped', bb: 'upstream_failed' },
  one_failed: { gg: 'skipped', gb: 'completed', gn: 'skipped', nn: 'skipped', bb: 'completed' },
  one_done: { gg: 'completed', gb: 'completed', gn: 'completed', nn: 'skipped', bb: 'completed' },
  none_failed: {
    gg: 'completed',
    gb: 'upstream_failed',
    gn: 'completed',
    nn: 'completed',
    bb: 'upstream_failed',
  },
  none_failed_min_one_success: {
    gg: 'completed',
    gb: 'upstream_failed',
    gn: 'completed',
    nn: 'skipped',
    bb: 'upstream_failed',
  },
  none_skipped: { gg: 'completed', gb: 'completed', gn: 'skipped', nn: 'skipped', bb: 'completed' },
  all_skipped: { gg: 'skipped', gb: 'skipped', gn: 'skipped', nn: 'completed', bb: 'skipped' },
  always: { gg: 'completed', gb: 'completed', gn: 'completed', nn: 'completed', bb: 'completed' },
};
const LETTERS: Readonly<Record<string, Ending>> = { g: 'good', b: 'bad', n: 'none' };

describe.each(TRIGGER_RULES)('the rule %s', (rule) => {
  const byDefinition = task({ name: 'by-definition', when: rule }, (...given: unknown[]) =>
    describeAll(given),
  );
  const plain = task({ name: 'by-call' }, (...given: unknown[]) => describeAll(given));
  const byCall = plain.with({ when: rule });
  const ordered = task({ name: 'ordered' }, () => 'ran');

  it.each(Object.entries(outcomes[rule]))('makes of %s: %s', async (letters, expected) => {
    const rules = flow({ name: 'rules' }, async () => {
      const upstream = [...letters].map((letter, place) => ends(LETTERS[letter] ?? 'good', place));
      for (const future of upstream) void settled(future);
      const [definition, call, after] = await Promise.all([
        settled(byDefinition(...upstream)),
        settled(byCall(...upstream)),
        settled(ordered.with({ when: rule, after: upstream })()),
      ]);
      return [definition.state, call.state, after.state, definition.value];
    });
    const { value, record } = await runs.run(rules);
    const [definition, call, after, seen] = value;
    expect([definition, call, after]).toEqual([expected, expected, expected]);
    if (seen !== undefined && rule === 'all_success') expect(seen).toEqual(['plain good', 'plain good']);
    if (seen !== undefined && rule === 'all_done') {
      const states = { g: 'completed', b: 'failed', n: 'skipped' } as const;
      expect(seen).toEqual([...letters].map((letter) => states[letter as 'g']));
    }
    if (expected === 'skipped') expect(record.node('by-definition').reason).toBeTruthy();
  });

  it('holds at once for a run without upstream, but for rules that ask for some', async () => {
    const needs: TriggerRule[] = ['one_failed'];
    const rules = flow({ name: 'rules-alone' }, async () => settled(ordered.with({ when: rule })()));
    const { state } = await runs.value(rules);
    expect(state).toBe(needs.includes(rule) ? 'skipped' : 'completed');
  });
});

describe('a tolerant rule', () => {
  it('gives value and error with the state', async () => {
    const look = task({ name: 'look', when: 'all_done' }, (...given: Settled<string>[]) => given);
    const rules = flow({ name: 'values' }, async () =>
      look(ends('good', 0), ends('bad', 0), ends('none', 1)),
    );
    expect(await runs.value(rules)).toMatchObject([
      { state: 'completed', value: 'good' },
      { state: 'failed', error: { message: 'bad' } },
      { state: 'skipped', error: { code: 'SKIPPED', message: 'nothing to do' } },
    ]);
  });

  it('gives them nested, and literals as they are', async () => {
    const look = task(
      { name: 'look-nested', when: 'all_done' },
      (given: { list: Settled<string>[]; n: number }) => [given.list.map(({ state }) => state), given.n],
    );
    const rules = flow({ name: 'nested' }, async () =>
      look({ list: [ends('good', 0), ends('bad', 0)], n: 5 }),
    );
    expect(await runs.value(rules)).toEqual([['completed', 'failed'], 5]);
  });

  it('that may start early tells what has not ended yet', async () => {
    const door = gate();
    const slow = task({ name: 'slow' }, async () => {
      await door.passed;
      return 'late';
    });
    const look = task({ name: 'look-early', when: 'one_success' }, (...given: Settled<string>[]) => {
      door.open();
      return given.map(({ state, error }) => [
        state,
        error !== undefined && 'code' in error ? error.code : '',
      ]);
    });
    const rules = flow({ name: 'early' }, async () => look(ends('good', 0), slow()));
    const { value, record } = await runs.run(rules);
    expect(value).toEqual([
      ['completed', ''],
      ['running', 'NOT_ENDED'],
    ]);
    expect(record.states('slow')).toEqual(['completed']);
  });
});

describe('a skip', () => {
  it('with its reason is the end of the task', async () => {
    const rules = flow({ name: 'skips' }, async () => settled(ends('none', 0)));
    const { record } = await runs.run(rules);
    expect(record.node('ends')).toMatchObject({ state: 'skipped', message: 'nothing to do', attempt: 1 });
  });

  it('is not retried, and no failure', async () => {
    const picky = task({ name: 'picky', retries: 3 }, () => skip('not today'));
    const rules = flow({ name: 'not-retried' }, async () => void picky());
    const { state, record } = await runs.run(rules);
    expect(state).toBe('completed');
    expect(record.node('picky')).toMatchObject({ state: 'skipped', attempt: 1 });
  });

  it('passes down a chain', async () => {
    const next = task({ name: 'next' }, (text: string) => text);
    const rules = flow({ name: 'chain' }, async () => void next(next(ends('none', 0))));
    const { state, record } = await runs.run(rules);
    expect(state).toBe('completed');
    expect(record.states('next')).toEqual(['skipped', 'skipped']);
  });

  it('rejects who awaits it, and skips the stage that does not catch that', async () => {
    const stage = flow({ name: 'stage' }, async () => ends('none', 0));
    const rules = flow({ name: 'awaits' }, async () => {
      const caught = await ends('none', 1).catch((error: unknown) => error);
      return [caught, await settled(stage())];
    });
    const { value, record } = await runs.run(rules);
    expect(value).toMatchObject([
      { code: 'SKIPPED', message: 'nothing to do' },
      { state: 'skipped', error: { code: 'SKIPPED', message: 'nothing to do' } },
    ]);
    expect(record.states('stage', 'stage')).toEqual(['skipped']);
  });

  it('of a whole flow is how it ends', async () => {
    const rules = flow({ name: 'whole' }, async () => skip('no observation tonight'));
    const { state, error, record } = await runs.run(rules);
    expect(state).toBe('skipped');
    expect(error).toMatchObject({ code: 'SKIPPED', message: 'no observation tonight' });
    expect(record.node(0)).toMatchObject({ state: 'skipped', message: 'no observation tonight' });
  });
});

describe('order without data', () => {
  it('after: is kept, and the value not needed', async () => {
    const order: string[] = [];
    const first = task({ name: 'first' }, async () => {
      await turns();
      order.push('first');
    });
    const second = task({ name: 'second' }, (n: number) => {
      order.push('second');
      return n;
    });
    const rules = flow({ name: 'after' }, async () => {
      const late = turns(5).then(() => order.push('promise'));
      return second.with({ after: [first(), late] })(2);
    });
    const { value, record } = await runs.run(rules);
    expect(value).toBe(2);
    expect(order).toEqual(['first', 'promise', 'second']);
    expect(record.upstream('second')).toEqual([]);
  });

  it('adds up over calls of with', async () => {
    const rules = flow({ name: 'after-twice' }, async () => {
      const last = ends.with({ after: [ends('bad', 0)] }).with({ after: [ends('good', 0)], priority: 1 });
      return settled(last('good', 0)).then(({ state }) => state);
    });
    expect(await runs.value(rules)).toBe('upstream_failed');
  });
});
