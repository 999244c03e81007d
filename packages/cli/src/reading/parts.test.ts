import { STATE_CODE, type NodeKind, type State } from '@sidereal/core';
import type { NodeSummary, Tally } from '@sidereal/store';
import { expect, test } from 'vitest';
import { partTree, type Part } from './parts.ts';

function node(
  idx: number,
  parent: number,
  kind: NodeKind,
  name: string,
  state: State = 'completed',
): NodeSummary {
  const times = { createdUs: idx, startedUs: 10 * idx, endedUs: 10 * idx + 5 };
  return {
    idx,
    key: '',
    kind,
    name,
    nameId: 0,
    tags: [],
    parent,
    group: -1,
    stage: 0,
    flags: 0,
    state,
    attempt: 1,
    ...times,
  };
}

function tally(parent: number, name: string, state: State, count: number, isNested = false): Tally {
  return { parent, isNested, name, state, count, startedUs: 1, endedUs: 2, strict: 0, durable: count };
}

/** `kind name ×count: tasks by state`, indented. */
function outline(part: Part, depth = 0): string[] {
  const tasks = part.tasks.flatMap((count, code) =>
    count === 0
      ? []
      : [`${count} ${Object.keys(STATE_CODE).find((key) => STATE_CODE[key as State] === code)}`],
  );
  const line = `${'  '.repeat(depth)}${part.kind} ${part.name}${part.count > 1 ? ` ×${part.count}` : ''}: ${tasks.join(', ')}`;
  return [line, ...part.children.flatMap((child) => outline(child, depth + 1))];
}

test('parts count their own tasks and those of all beneath them', () => {
  const root = partTree(
    [
      node(0, -1, 'flow', 'cube', 'running'),
      node(1, 0, 'map', 'grid'),
      node(9, 0, 'stage', 'clean'),
      node(10, 9, 'loop', 'major'),
      node(11, 10, 'cycle', 'major'),
    ],
    [
      tally(1, 'grid', 'completed', 7),
      tally(1, 'grid', 'failed', 1),
      tally(11, 'minor', 'completed', 3),
      tally(0, 'import', 'completed', 1),
    ],
  );
  expect(outline(root)).toEqual([
    'flow cube: 11 completed, 1 failed',
    '  task import: 1 completed',
    '  map grid: 7 completed, 1 failed',
    '  stage clean: 3 completed',
    '    loop major: 3 completed',
    '      cycle major: 3 completed',
    '        task minor ×3: 3 completed',
  ]);
});

test('many parts alike are one, with what lies beneath them', () => {
  const windows = Array.from({ length: 10 }, (_, at) => [
    node(10 + 2 * at, 0, 'stage', 'window', at === 4 ? 'failed' : 'completed'),
    node(11 + 2 * at, 10 + 2 * at, 'map', 'grid'),
  ]).flat();
  const tallies = Array.from({ length: 10 }, (_, at) => tally(11 + 2 * at, 'grid', 'completed', 2));
  const nodes = [node(0, -1, 'flow', 'cube'), ...windows];
  const merged = partTree(nodes, tallies);
  expect(outline(merged)).toEqual([
    'flow cube: 20 completed',
    '  stage window ×10: 20 completed',
    '    map grid ×10: 20 completed',
  ]);
  expect(merged.children[0]).toMatchObject({ idx: undefined, state: 'failed', startedUs: 100, endedUs: 285 });
  expect(partTree(nodes, tallies, Infinity).children).toHaveLength(10);
});

test('a run without nodes is an empty flow', () => {
  expect(partTree([], [])).toMatchObject({ kind: 'flow', state: 'pending', children: [] });
});
