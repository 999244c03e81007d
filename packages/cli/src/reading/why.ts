import { readDue } from '@sidereal/core';
import type { NodeSummary } from '@sidereal/store';
import { formatTime } from '../terminal/format.ts';
import { waitsText } from './waits-for.ts';

/** When a task that has failed is tried again, ms since the epoch; undefined if it is not, or at once. */
export function retryDueMs({ state, message = '' }: NodeSummary): number | undefined {
  return state === 'awaiting_retry' ? readDue(message).dueMs : undefined;
}

/** Why a node is in its state, in one line: when it is tried again, the reason, its words, what it waits for. */
export function whyText(node: NodeSummary, waitsFor?: readonly NodeSummary[]): string {
  const { reason = '', message = '' } = node;
  const dueMs = retryDueMs(node);
  // First, for a narrow table cuts the end off.
  const due = dueMs === undefined ? '' : `again at ${formatTime(dueMs)}`;
  const words = dueMs === undefined ? message : readDue(message).message;
  return [due, reason, words, waitsText(waitsFor)].filter((text) => text !== '').join(': ');
}
