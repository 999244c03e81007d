import { hasEnded, SiderealError, STATES } from '@sidereal/core';
import { expect, test } from 'vitest';
import { exitCodeOfError, exitCodeOfState } from './exit-code.ts';

test('every state in which a run may end has an exit code', () => {
  const codes = STATES.filter(hasEnded).map((state) => [state, exitCodeOfState(state)]);
  expect(Object.fromEntries(codes)).toEqual({
    completed: 0,
    cached: 0,
    skipped: 0,
    failed: 1,
    upstream_failed: 1,
    crashed: 4,
    cancelled: 3,
    rolled_back: 1,
    removed: 1,
  });
});

test.each([
  ['USAGE', 2],
  ['INVALID_INPUT', 2],
  ['FLOW_CALLED_ON_IMPORT', 2],
  ['INVALID_OPTION', 2],
  ['INVALID_TASK', 2],
  ['INVALID_FLOW', 2],
  ['RUN_NOT_FOUND', 2],
  ['STORE_NOT_FOUND', 6],
  ['STORE_ON_NETWORK_FS', 6],
  ['RUN_LIVE', 6],
  ['RUN_TAKEN_OVER', 6],
  ['JOURNAL_FENCED', 6],
  ['JOURNAL_FULL', 7],
  ['STORE_FULL', 7],
  ['INTERNAL', 70],
])('an error %s ends a command with %d', (code, exitCode) => {
  expect(exitCodeOfError(new SiderealError(code, 'x', { remedy: 'y' }))).toBe(exitCode);
});

test('an error without a code of ours is a defect', () => {
  expect(exitCodeOfError(new TypeError('x'))).toBe(70);
});
