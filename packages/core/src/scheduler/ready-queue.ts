import type { Pool } from './pool.ts';
import { ReadyHeap, type HeapPlaces } from './ready-heap.ts';

/**
 * Ready nodes that need the same: a slot of one pool and one set of claims. So what one of them lacks of these, all
 * lack, and only the first needs to be looked at. What they are expected to make differs from node to node: one
 * that was first and lacked memory moves to a heap of its own kind, so that it holds back nobody but its like.
 */
export interface ReadyQueue {
  readonly pool: Pool;
  /** Set of named claims; 0 for none. */
  readonly claims: number;
  /** Those that have not been found to lack memory, and those that want their slot back. */
  readonly ready: ReadyHeap;
  /** Withheld for memory, and not expected to add to it in the end, as far as is known. */
  readonly light: ReadyHeap;
  /** Withheld for memory, and expected to add to it. */
  readonly heavy: ReadyHeap;
  /** It is among those in which something waits. */
  isListed: boolean;
  /** Resource that its nodes were found to lack when they were last looked at, or -1. */
  lacking: number;
}

export function makeReadyQueue(
  pool: Pool,
  claims: number,
  before: (a: number, b: number) => boolean,
  places: HeapPlaces,
): ReadyQueue {
  const heap = (): ReadyHeap => new ReadyHeap(before, places);
  return { pool, claims, ready: heap(), light: heap(), heavy: heap(), isListed: false, lacking: -1 };
}
