import { readDue } from '@sidereal/core';
import type { NodeSummary } from '@sidereal/store';
import { formatTime } from '../terminal/format.ts';
import { waitsText } from './waits-for.ts';

/** When a task that has failed is tried again, ms since the epoch; undefined if it is not, or at once. */
export function retryDueMs({ state, message = '' }: NodeSummary): number | undefined {
  return state === 'awaiting_retry' ? readDue(message).dueMs : undefined;
}

/** Why a node is in its state, in one line: the reason, its words, what it waits for, when it is tried again. */
export function whyText(node: NodeSummary, waitsFor?: readonly NodeSummary[]): string {
  const { reason = '', message = '' } = node;
  const dueMs = retryDueMs(node);
  const words = dueMs === undefined ? message : `again at ${formatTime(dueMs)}: ${readDue(message).message}`;
  return [reason, words, waitsText(waitsFor)].filter((text) => text !== '').join(': ');
}
