import type { ReuseDecision, State } from '@sidereal/core';
import type { Tally } from '@sidereal/store';
import { expect, test } from 'vitest';
import type { ForetoldNode } from './foretelling.ts';
import { repetitionOf } from './repetition.ts';

let idx = 0;

function nodes(
  name: string,
  state: State,
  count: number,
  decision: ReuseDecision['decision'],
): readonly ForetoldNode[] {
  return Array.from({ length: count }, () => ({
    idx: (idx += 1),
    key: '',
    kind: 'task',
    name,
    state,
    decision: { decision, code: 'unchanged', reason: '' },
  }));
}

test('a resume runs what it runs, and leaves failures; by name, the most first', () => {
  const foretold = [
    ...nodes('grid', 'completed', 90, 'keep'),
    ...nodes('add', 'cancelled', 2, 'again'),
    ...nodes('add', 'crashed', 1, 'again'),
    ...nodes('grid', 'running', 4, 'again'),
    ...nodes('grid', 'pending', 6, 'again'),
    ...nodes('publish', 'upstream_failed', 1, 'again'),
    ...nodes('measure', 'failed', 3, 'keep'),
    ...nodes('check', 'skipped', 5, 'keep'),
  ];
  expect(repetitionOf(foretold, [], true)).toEqual({
    again: [
      { name: 'grid', count: 10, states: ['running', 'pending'] },
      { name: 'add', count: 3, states: ['cancelled', 'crashed'] },
      { name: 'publish', count: 1, states: ['upstream_failed'] },
    ],
    stale: [],
    unknown: [],
    notDurable: [],
    failed: [{ name: 'measure', count: 3, states: ['failed'] }],
    kept: 90,
    atLeast: true,
  });
});

test('what had ended well and runs again is told, and strict task runs that are in doubt', () => {
  const foretold = [
    ...nodes('publish', 'running', 1, 'doubt'),
    ...nodes('use', 'completed', 2, 'again'),
    ...nodes('use', 'queued', 1, 'again'),
  ];
  expect(repetitionOf(foretold, [], false)).toMatchObject({
    again: [{ name: 'use', count: 3 }],
    stale: [{ name: 'use', count: 2, states: ['completed'] }],
    unknown: [{ name: 'publish', count: 1, states: ['running'] }],
    atLeast: false,
  });
});

test('values that are not kept are told', () => {
  const tally: Tally = {
    parent: 0,
    isNested: false,
    name: 'grid',
    state: 'completed',
    count: 5,
    strict: 0,
    durable: 2,
  };
  expect(repetitionOf([], [tally], false).notDurable).toEqual([
    { name: 'grid', count: 3, states: ['completed'] },
  ]);
});
