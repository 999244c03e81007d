import { ReadyHeap, type HeapPlaces } from './ready-heap.ts';

/** Slots that tasks share: a runner's capacity, or a flow's `concurrency` within its parent's pool. */
export interface Pool {
  /** May change. */
  capacity: number;
  /** Nodes beyond `capacity` that may go ahead just now, if they are such as may: see {@link Room}. */
  ahead: number;
  /** Pool whose slots it takes too. */
  readonly parent: Pool | undefined;
  used: number;
  /** Ready nodes that consume data (and those that want their slot back). */
  readonly consumers: ReadyHeap;
  /** Ready nodes that only produce. */
  readonly producers: ReadyHeap;
  /** It is among those in which something waits. */
  isListed: boolean;
}

export function makePool(
  capacity: number,
  parent: Pool | undefined,
  before: (a: number, b: number) => boolean,
  places: HeapPlaces,
): Pool {
  return {
    capacity,
    ahead: 0,
    parent,
    used: 0,
    consumers: new ReadyHeap(before, places),
    producers: new ReadyHeap(before, places),
    isListed: false,
  };
}

/** `slot`: for any node; `ahead`: for one that may go ahead of a free slot, because it will soon be over. */
export type Room = 'slot' | 'ahead' | 'none';

/** What room is in it and in every pool that it lies in? */
export function roomIn(pool: Pool): Room {
  let room: Room = 'slot';
  for (let at: Pool | undefined = pool; at !== undefined; at = at.parent) {
    if (at.used >= at.capacity + at.ahead) return 'none';
    if (at.used >= at.capacity) room = 'ahead';
  }
  return room;
}

/** Takes slots of it and of every pool that it lies in, or gives them back if negative. */
export function useSlots(pool: Pool, slots: number): void {
  for (let at: Pool | undefined = pool; at !== undefined; at = at.parent) at.used += slots;
}
