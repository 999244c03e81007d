/** What a test knows of pools and named resources. */
export interface ShadowPool {
  capacity: number;
  ahead: number;
  readonly parent: number;
  used: number;
}

export interface ShadowResource {
  readonly capacity: number;
  used: number;
}

export function hasSlot(pools: readonly ShadowPool[], pool: number): boolean {
  for (let at = pools[pool]; at !== undefined; at = pools[at.parent]) {
    if (at.used >= at.capacity) return false;
  }
  return true;
}

/** Is there a slot, or room for one that may go ahead? */
export function hasRoom(pools: readonly ShadowPool[], pool: number): boolean {
  for (let at = pools[pool]; at !== undefined; at = pools[at.parent]) {
    if (at.used >= at.capacity + at.ahead) return false;
  }
  return true;
}

/** Which nodes a checked scheduler lets go ahead: any rule serves that is known to both sides. */
export function mayGoAhead(id: number): boolean {
  return id % 3 !== 0;
}
