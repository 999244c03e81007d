import { STATE_CODE, STATES, type State } from '@sidereal/core';
import { expect, test } from 'vitest';
import { endedOf, totalOf } from './segment.ts';
import { fitTree, snapshotsOf, stageTree, type StageSnapshot } from './stage-tree.ts';

function stage(
  idx: number,
  name: string,
  parent: number,
  state: State,
  tasks: Partial<Record<State, number>> = {},
): StageSnapshot {
  return {
    idx,
    name,
    parent,
    state: STATE_CODE[state],
    counts: STATES.map((known) => tasks[known] ?? 0),
    elapsedMs: idx * 100,
  };
}

const run = [
  stage(0, 'cube', -1, 'running', { completed: 1 }),
  stage(2, 'import', 0, 'completed', { completed: 2 }),
  stage(5, 'image', 0, 'running', { running: 1 }),
  stage(7, 'window', 5, 'running', { completed: 3, running: 1 }),
  stage(9, 'publish', 0, 'pending'),
];

test('a stage counts its own task runs and those of all beneath it', () => {
  const root = stageTree(run)!;
  expect(root).toMatchObject({
    name: 'cube',
    count: 1,
    children: [{ name: 'import' }, { name: 'image' }, { name: 'publish' }],
  });
  expect([totalOf(root.totals), endedOf(root.totals)]).toEqual([8, 6]);
  expect(root.children.map((child) => totalOf(child.totals))).toEqual([2, 5, 0]);
});

test('no stages, no tree', () => {
  expect(stageTree([])).toBeUndefined();
});

test('many stages alike are one, in the state that matters most', () => {
  const windows = Array.from({ length: 10 }, (_, n) => [
    stage(10 + 2 * n, 'window', 0, n === 3 ? 'failed' : 'completed', { completed: 2 }),
    stage(11 + 2 * n, 'clean', 10 + 2 * n, 'completed', { completed: 1 }),
  ]).flat();
  const root = stageTree([stage(0, 'cube', -1, 'running'), ...windows])!;
  expect(root.children).toMatchObject([
    {
      name: 'window',
      count: 10,
      state: STATE_CODE.failed,
      elapsedMs: 2_800,
      children: [{ name: 'clean', count: 10 }],
    },
  ]);
  expect(totalOf(root.totals)).toBe(30);
});

test('all lines are shown if there is room', () => {
  const { lines, finished, others } = fitTree(stageTree(run)!, 5);
  expect(lines.map(({ name, depth }) => [name, depth])).toEqual([
    ['cube', 0],
    ['import', 1],
    ['image', 1],
    ['window', 2],
    ['publish', 1],
  ]);
  expect([finished, others]).toEqual([0, 0]);
});

test('what has gone well is left out first, then what waits', () => {
  const names = (room: number): readonly [readonly string[], number, number] => {
    const { lines, finished, others } = fitTree(stageTree(run)!, room);
    return [lines.map(({ name }) => name), finished, others];
  };
  expect(names(4)).toEqual([['cube', 'image', 'window'], 1, 1]);
  expect(names(3)).toEqual([['cube', 'image'], 1, 2]);
  expect(names(1)).toEqual([['cube'], 1, 3]);
});

test('elapsed time runs until the end', () => {
  const reported = { idx: 0, name: 'cube', parent: -1, state: STATE_CODE.running, counts: [] };
  expect(
    snapshotsOf(
      [
        { ...reported, startedMs: undefined, endedMs: undefined },
        { ...reported, startedMs: 100, endedMs: undefined },
        { ...reported, startedMs: 100, endedMs: 150 },
      ],
      400,
    ).map(({ elapsedMs }) => elapsedMs),
  ).toEqual([0, 300, 50]);
});
