import type { State } from '@sidereal/core';
import type { Tally } from '@sidereal/store';
import { expect, test } from 'vitest';
import { repetitionOf } from './repetition.ts';

function tally(name: string, state: State, count: number, { strict = 0, durable = count } = {}): Tally {
  return { parent: 0, isNested: false, name, state, count, strict, durable };
}

test('a resume runs what has not ended well, and leaves failures', () => {
  const tallies = [
    tally('grid', 'completed', 90),
    tally('grid', 'running', 4),
    tally('grid', 'pending', 6),
    tally('add', 'cancelled', 2),
    tally('add', 'crashed', 1),
    tally('publish', 'upstream_failed', 1),
    tally('measure', 'failed', 3),
    tally('check', 'skipped', 5),
  ];
  expect(repetitionOf(tallies, true)).toEqual({
    again: [
      { name: 'grid', count: 10, states: ['running', 'pending'] },
      { name: 'add', count: 3, states: ['cancelled', 'crashed'] },
      { name: 'publish', count: 1, states: ['upstream_failed'] },
    ],
    unknown: [],
    notDurable: [],
    failed: [{ name: 'measure', count: 3, states: ['failed'] }],
  });
});

test('strict task runs that were under way when the process died are unknown, not repeated', () => {
  const tallies = [
    tally('publish', 'running', 3, { strict: 1 }),
    tally('publish', 'queued', 2, { strict: 2 }),
  ];
  expect(repetitionOf(tallies, true)).toMatchObject({
    again: [{ name: 'publish', count: 4 }],
    unknown: [{ name: 'publish', count: 1 }],
  });
  expect(repetitionOf(tallies, false)).toMatchObject({ again: [{ name: 'publish', count: 5 }], unknown: [] });
});

test('values that are not kept are told', () => {
  expect(repetitionOf([tally('grid', 'completed', 5, { durable: 2 })], false).notDurable).toEqual([
    { name: 'grid', count: 3, states: ['completed'] },
  ]);
});
