/** Slots that tasks share: a runner's capacity, or a flow's `concurrency` within its parent's pool. */
export interface Pool {
  /** May change. */
  capacity: number;
  /** Nodes beyond `capacity` that may go ahead just now, if they are such as may: see {@link Room}. */
  ahead: number;
  /** Pool whose slots it takes too. */
  readonly parent: Pool | undefined;
  used: number;
}

export function makePool(capacity: number, parent: Pool | undefined): Pool {
  return { capacity, ahead: 0, parent, used: 0 };
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

/** Is there a slot for one more, after so many that wait before it? */
export function hasSlotAfter(pool: Pool, waiting: number): boolean {
  for (let at: Pool | undefined = pool; at !== undefined; at = at.parent) {
    if (at.used + waiting >= at.capacity) return false;
  }
  return true;
}

/** Takes slots of it and of every pool that it lies in, or gives them back if negative. */
export function useSlots(pool: Pool, slots: number): void {
  for (let at: Pool | undefined = pool; at !== undefined; at = at.parent) at.used += slots;
}
