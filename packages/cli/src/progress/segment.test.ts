import { STATE_CODE, STATES, type State } from '@sidereal/core';
import { expect, test } from 'vitest';
import { makeStyle } from '../terminal/style.ts';
import { drawBar, drawCounts, endedOf, segmentCounts, segmentOf, totalOf } from './segment.ts';

const plain = makeStyle(false, true);

function counts(numbers: Partial<Record<State, number>>): number[] {
  return segmentCounts(STATES.map((state) => numbers[state] ?? 0));
}

test('every state belongs to one segment', () => {
  for (const state of STATES) {
    expect(segmentOf(state).states).toContain(state);
    const only = counts({ [state]: 1 });
    expect(totalOf(only)).toBe(1);
    expect(endedOf(only)).toBe(STATE_CODE[state] >= STATE_CODE.completed ? 1 : 0);
  }
});

test('a bar shows each segment by its share', () => {
  expect(drawBar(counts({ completed: 50, running: 25, queued: 25 }), 20, plain)).toBe('██████████rrrrr░░░░░');
  expect(drawBar(counts({ completed: 1, cached: 1, pending: 1 }), 10, plain)).toBe('████▓▓▓···');
  expect(drawBar(counts({ completed: 3 }), 7, plain)).toBe('███████');
  expect(drawBar(counts({}), 5, plain)).toBe('     ');
});

test('trouble is seen however little there is of it', () => {
  expect(drawBar(counts({ completed: 100_000, failed: 1, crashed: 1 }), 10, plain)).toBe('████████FX');
});

test('every segment has a mark of its own, in ASCII too', () => {
  const ascii = makeStyle(false, false);
  for (const style of [plain, ascii]) {
    const marks = STATES.map((state) => drawBar(counts({ [state]: 1 }), 1, style));
    const segments = new Set(STATES.map((state) => segmentOf(state).name));
    expect(new Set(marks).size).toBe(segments.size);
  }
  expect(drawBar(counts({ completed: 1, queued: 1, failed: 1 }), 6, ascii)).toBe('##FF--');
});

test('colours add nothing to what a bar says', () => {
  const bar = drawBar(counts({ completed: 1, failed: 1 }), 4, makeStyle(true, true));
  expect(bar).toBe('\u001B[34m██\u001B[0m\u001B[1;31mFF\u001B[0m');
});

test('counts are told in words, as many as fit; trouble first', () => {
  const many = counts({ completed: 1_200, failed: 2, running: 16, queued: 300, awaiting_retry: 1 });
  expect(drawCounts(many, 100, plain)).toBe('1,200 done · 2 failed · 16 running · 1 to retry · 300 queued');
  expect(drawCounts(many, 34, plain)).toBe('1,200 done · 2 failed · 16 running');
  expect(drawCounts(many, 24, plain)).toBe('2 failed · 16 running');
  expect(drawCounts(many, 8, plain)).toBe('2 failed');
  expect(drawCounts(many, 7, plain)).toBe('');
  expect(drawCounts(counts({}), 50, plain)).toBe('');
});
