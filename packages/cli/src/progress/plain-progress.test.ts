import { STATE_CODE, STATES, type State } from '@sidereal/core';
import { expect, test } from 'vitest';
import { makeStyle } from '../terminal/style.ts';
import { plainProgress } from './plain-progress.ts';
import type { StageSnapshot } from './stage-tree.ts';

function stage(
  idx: number,
  name: string,
  parent: number,
  state: State,
  tasks: Partial<Record<State, number>>,
): StageSnapshot {
  return {
    idx,
    name,
    parent,
    state: STATE_CODE[state],
    counts: STATES.map((known) => tasks[known] ?? 0),
    elapsedMs: 3_200,
  };
}

test('a line comes when a stage ends, and about every ten seconds', () => {
  const lines: string[] = [];
  const progress = plainProgress((line) => lines.push(line), makeStyle(false, true));
  const flow = stage(0, 'cube', -1, 'running', {});
  const before = [flow, stage(1, 'grid', 0, 'running', { completed: 3, queued: 1 })];
  const after = [flow, stage(1, 'grid', 0, 'failed', { completed: 3, failed: 1 })];
  progress.update(before, 1.5, 0);
  progress.update(before, 1.5, 9_999);
  expect(lines).toEqual([]);
  progress.update(before, 1.5, 10_000);
  progress.update(after, 0, 12_000);
  progress.update(after, 0, 13_000);
  progress.update(after, 0, 22_000);
  expect(lines).toEqual([
    '  3.2 s: 3 of 4 task runs ended, 1.5/s: 3 done · 1 queued',
    '✗ grid failed in 3.2 s: 3 done · 1 failed',
    '  3.2 s: 4 of 4 task runs ended: 3 done · 1 failed',
  ]);
});

test('of very many stages alike only some are told', () => {
  const lines: string[] = [];
  const progress = plainProgress((line) => lines.push(line), makeStyle(false, true));
  const windows = Array.from({ length: 500 }, (_, at) => stage(at + 1, 'window', 0, 'completed', {}));
  progress.update([stage(0, 'cube', -1, 'running', {}), ...windows], 0, 0);
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("  further stages 'window' are not told one by one");
});
