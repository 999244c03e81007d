import { STATE_CODE } from '@sidereal/core';
import { expect, test } from 'vitest';
import { RunCounters } from './run-counters.ts';

const { pending, running, completed, failed, cancelling } = STATE_CODE;

test('task runs are counted under their stage, in the state that they are in', () => {
  const counters = new RunCounters();
  counters.addStage(0, 'flow', -1);
  counters.addStage(3, 'stage', 0);
  counters.enter(3, -1, pending);
  counters.enter(3, -1, pending);
  counters.enter(3, pending, running);
  const [flow, stage] = counters.stages();
  expect(flow?.counts.every((count) => count === 0)).toBe(true);
  expect([stage?.counts[pending], stage?.counts[running]]).toEqual([1, 1]);
});

test('a stage has the time when it first became active and when it ended last', () => {
  const counters = new RunCounters();
  counters.addStage(3, 'stage', 0);
  counters.enterStage(3, running, 10);
  counters.enterStage(3, cancelling, 20);
  expect(counters.stages()).toMatchObject([{ state: cancelling, startedMs: 10, endedMs: undefined }]);
  counters.enterStage(3, failed, 30);
  counters.enterStage(3, running, 40);
  expect(counters.stages()).toMatchObject([{ state: running, startedMs: 10, endedMs: undefined }]);
  counters.enterStage(3, completed, 50);
  expect(counters.stages()).toMatchObject([{ state: completed, startedMs: 10, endedMs: 50 }]);
});
