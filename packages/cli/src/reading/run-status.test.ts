import { STATES, type State } from '@sidereal/core';
import type { Liveness, RunSummary } from '@sidereal/store';
import { expect, test } from 'vitest';
import { makeStyle } from '../terminal/style.ts';
import { holderDocument, runStatus, runPeriod, statusMark } from './run-status.ts';

const holder = { host: 'node7', machine: 'node7 boot', pid: 42, start: '1', heartbeatMs: 0 };
const live: Liveness = { status: 'live', holder, ageMs: 300.4 };
const dead: Liveness = { status: 'dead', holder, ageMs: 90_000 };
const free: Liveness = { status: 'free' };

function run(state: State, liveness: Liveness, times: Partial<RunSummary> = {}): RunSummary {
  return { id: 'r', flow: 'f', version: '', tags: [], originMs: 1_000, state, nodes: 1, liveness, ...times };
}

test.each([
  ['running', live, 'running'],
  ['running', dead, 'interrupted'],
  ['running', free, 'interrupted'],
  ['cancelling', dead, 'interrupted'],
  ['pending', live, 'pending'],
  ['completed', free, 'completed'],
  ['failed', dead, 'failed'],
] as const)('a run recorded as %s that is %j is %s', (state, liveness, status) => {
  expect(runStatus(run(state, liveness))).toBe(status);
});

test('the time of an interrupted run is not known; of a live one it goes on', () => {
  expect(runPeriod(run('running', dead, { startedUs: 2_000 }), 9_000)).toEqual({
    createdMs: 1_000,
    startedMs: 1_002,
    endedMs: undefined,
    durationMs: undefined,
  });
  expect(runPeriod(run('running', live), 9_000).durationMs).toBe(8_000);
  expect(runPeriod(run('completed', free, { endedUs: 500_000 }), 9_000)).toMatchObject({
    endedMs: 1_500,
    durationMs: 500,
  });
});

test('documents name the holder', () => {
  expect(holderDocument(free)).toBeNull();
  expect(holderDocument(live)).toEqual({ alive: true, host: 'node7', pid: 42, heartbeatAgeMs: 300 });
});

test('every status has a mark', () => {
  for (const status of [...STATES, 'interrupted'] as const) {
    expect(statusMark(status, makeStyle(false, true)).symbol).toHaveLength(1);
  }
});
