import { withDue } from '@sidereal/core';
import type { NodeSummary } from '@sidereal/store';
import { expect, test } from 'vitest';
import { formatTime } from '../terminal/format.ts';
import { retryDueMs, whyText } from './why.ts';
import { waitsText } from './waits-for.ts';

const node = (given: Partial<NodeSummary>): NodeSummary => ({ idx: 1, name: 'n', ...given }) as NodeSummary;

test('a reason and its words are told together, or what there is of them', () => {
  expect(whyText(node({ state: 'failed', reason: 'error', message: 'no' }))).toBe('error: no');
  expect(whyText(node({ state: 'queued', reason: 'slot' }))).toBe('slot');
  expect(whyText(node({ state: 'completed' }))).toBe('');
});

test('a retry is told with the time when it is due, here', () => {
  const dueMs = Date.UTC(2026, 10, 30, 16, 5);
  const retry = node({ state: 'awaiting_retry', reason: 'error', message: withDue('closed', dueMs) });
  expect(whyText(retry)).toBe(`again at ${formatTime(dueMs)}: error: closed`);
  expect(retryDueMs(retry)).toBe(dueMs);
  expect(retryDueMs(node({ state: 'failed', message: withDue('closed', dueMs) }))).toBeUndefined();
});

test('what a task waits for is told by name, the first of them', () => {
  const children = [4, 5, 6, 7, 8].map((idx) => node({ idx, name: 'leaf' }));
  expect(waitsText(children)).toBe('waits for leaf[4], leaf[5], leaf[6] and 2 more');
  expect(whyText(node({ state: 'waiting' }), children.slice(0, 1))).toBe('waits for leaf[4]');
  expect(waitsText()).toBe('');
});
