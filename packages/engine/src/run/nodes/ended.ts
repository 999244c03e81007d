import { SETTLED } from './node-flags.ts';
import type { RunNode } from './run-node.ts';

/** Resolves once a node has ended, however. */
export function ended(node: RunNode): Promise<void> {
  if (node.has(SETTLED)) return Promise.resolve();
  return new Promise((resolve) => whenEnded(node, resolve));
}

/** Calls back in the turn in which a node that has not ended does. */
export function whenEnded(node: RunNode, then: () => void): void {
  (node.waiters ??= []).push(then);
}

/** The same, before everybody who waits already. */
export function firstWhenEnded(node: RunNode, then: () => void): void {
  (node.waiters ??= []).unshift(then);
}

/** A node has ended, and what others see of it is final: whoever waits is told. */
export function tellEnded(node: RunNode): void {
  const { waiters } = node;
  node.waiters = undefined;
  if (waiters !== undefined) for (const waiter of waiters) waiter();
}

/** What others see of a node is final from now on. */
export function markSettled(node: RunNode): void {
  node.set(SETTLED);
}

/** A node that had ended begins again. */
export function markUnsettled(node: RunNode): void {
  node.clear(SETTLED);
}
