import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE } from '../states/state.ts';

/**
 * The nodes of a run as columns. A node is a small integer; freed ones are reused after `forget`. About 115
 * bytes a node. Mutable by design, written only by the scheduler.
 */
export class NodeColumns {
  length = 0;
  state = new Uint8Array(64);
  rule = new Uint8Array(64);
  flags = new Uint16Array(64);
  pool = new Int32Array(64);
  attempt = new Uint32Array(64);
  priority = new Int32Array(64);
  depth = new Int32Array(64);
  /** Submission order. */
  seq = new Uint32Array(64);
  parent = new Int32Array(64);
  /** First of its children that have not ended. */
  firstChild = new Int32Array(64);
  /** First of its children whose failure nobody has taken care of. */
  firstCounted = new Int32Array(64);
  /** Neighbours in the one of these two lists that it is in. */
  nextSibling = new Int32Array(64);
  prevSibling = new Int32Array(64);
  /** Children that have not ended. */
  openChildren = new Uint32Array(64);
  /** Children whose failure nobody has taken care of. */
  unhandled = new Uint32Array(64);
  firstOut = new Int32Array(64);
  firstIn = new Int32Array(64);
  upstream = new Uint32Array(64);
  succeeded = new Uint32Array(64);
  failed = new Uint32Array(64);
  skipped = new Uint32Array(64);
  /** Consumers of its value that have not ended. */
  consumers = new Uint32Array(64);
  /** Others that need its value: futures held, awaits under way. */
  holders = new Uint32Array(64);
  /** Things that its code waits for; a task holds no slot while there are any. */
  awaited = new Uint32Array(64);
  /** Place in the ready heap that it waits in, or -1. */
  heapAt = new Int32Array(64);
  /** What sizes are learned by. */
  nameId = new Int32Array(64);
  /** Declared size of its result, bytes, or -1. */
  declared = new Float64Array(64);
  /** Bytes reserved while running, then bytes of its value, as it was last in memory. */
  bytes = new Float64Array(64);
  /** Set of named claims that it needs beside a slot; 0 for none. */
  claims = new Int32Array(64);
  /** What has been said that it lacks while it is queued. */
  lack = new Uint8Array(64);
  readonly #free: number[] = [];

  allocate(): number {
    const reused = this.#free.pop();
    const id = reused ?? this.length;
    if (reused === undefined) {
      if (this.length === this.state.length) this.#grow();
      this.length += 1;
    }
    this.#reset(id);
    return id;
  }

  release(id: number): void {
    this.flags[id] = FREED;
    this.#free.push(id);
  }

  isFreed(id: number): boolean {
    return this.has(id, FREED);
  }

  /** Does it have any of these flags? */
  has(id: number, flags: number): boolean {
    return ((this.flags[id] ?? 0) & flags) !== 0;
  }

  set(id: number, flags: number): void {
    this.flags[id] = (this.flags[id] ?? 0) | flags;
  }

  clear(id: number, flags: number): void {
    this.flags[id] = (this.flags[id] ?? 0) & ~flags;
  }

  hasEnded(id: number): boolean {
    return (this.state[id] ?? 0) >= FIRST_ENDED;
  }

  hasSucceeded(id: number): boolean {
    const state = this.state[id] ?? 0;
    return state === STATE_CODE.completed || state === STATE_CODE.cached;
  }

  /** Its code executes: it may wait, and its attempt may end. */
  isOpen(id: number): boolean {
    const state = this.state[id] ?? 0;
    return state >= FIRST_ACTIVE && state < FIRST_ENDED && !this.has(id, BODY_DONE);
  }

  #reset(id: number): void {
    this.state[id] = STATE_CODE.pending;
    this.flags[id] = 0;
    this.attempt[id] = 0;
    this.firstChild[id] = -1;
    this.firstCounted[id] = -1;
    this.nextSibling[id] = -1;
    this.prevSibling[id] = -1;
    this.firstOut[id] = -1;
    this.firstIn[id] = -1;
    this.heapAt[id] = -1;
    this.openChildren[id] = 0;
    this.unhandled[id] = 0;
    this.upstream[id] = 0;
    this.succeeded[id] = 0;
    this.failed[id] = 0;
    this.skipped[id] = 0;
    this.consumers[id] = 0;
    this.holders[id] = 0;
    this.awaited[id] = 0;
    this.bytes[id] = 0;
    this.lack[id] = 0;
  }

  #grow(): void {
    const length = this.state.length * 2;
    const u8 = (a: Uint8Array): Uint8Array<ArrayBuffer> => copyInto(new Uint8Array(length), a);
    const u16 = (a: Uint16Array): Uint16Array<ArrayBuffer> => copyInto(new Uint16Array(length), a);
    const i32 = (a: Int32Array): Int32Array<ArrayBuffer> => copyInto(new Int32Array(length), a);
    const u32 = (a: Uint32Array): Uint32Array<ArrayBuffer> => copyInto(new Uint32Array(length), a);
    this.state = u8(this.state);
    this.rule = u8(this.rule);
    this.flags = u16(this.flags);
    this.pool = i32(this.pool);
    this.attempt = u32(this.attempt);
    this.priority = i32(this.priority);
    this.depth = i32(this.depth);
    this.seq = u32(this.seq);
    this.parent = i32(this.parent);
    this.firstChild = i32(this.firstChild);
    this.firstCounted = i32(this.firstCounted);
    this.nextSibling = i32(this.nextSibling);
    this.prevSibling = i32(this.prevSibling);
    this.openChildren = u32(this.openChildren);
    this.unhandled = u32(this.unhandled);
    this.firstOut = i32(this.firstOut);
    this.firstIn = i32(this.firstIn);
    this.upstream = u32(this.upstream);
    this.succeeded = u32(this.succeeded);
    this.failed = u32(this.failed);
    this.skipped = u32(this.skipped);
    this.consumers = u32(this.consumers);
    this.holders = u32(this.holders);
    this.awaited = u32(this.awaited);
    this.heapAt = i32(this.heapAt);
    this.nameId = i32(this.nameId);
    this.declared = copyInto(new Float64Array(length), this.declared);
    this.bytes = copyInto(new Float64Array(length), this.bytes);
    this.claims = i32(this.claims);
    this.lack = u8(this.lack);
  }
}

function copyInto<A extends { set(from: ArrayLike<number>): void }>(into: A, from: ArrayLike<number>): A {
  into.set(from);
  return into;
}

/** Its value is in memory. */
export const ALIVE = 1;
/** Somebody has taken care of its failure, should it fail. */
export const HANDLED = 2;
/** It holds a slot of its pool, and the named claims that it needs beside. */
export const SLOTTED = 4;
/** Of one that is withheld for memory: as far as is known it adds little or nothing in the end. */
export const LIGHT = 8;
/** Its body has returned or thrown; it ends when its children have. */
export const BODY_DONE = 16;
/** Its value was moved out of memory, and somebody is bringing it back. */
export const LOADING = 32;
/** In a ready heap to get its slot back, not to start. */
export const REACQUIRING = 64;
/** Withheld for memory: it is in a heap of such. */
export const WITHHELD = 128;
/** Its parent has counted it among the unhandled. */
export const COUNTED = 256;
/** A group, loop, cycle, stage or flow: runs children, takes no slot. */
export const CONTAINER = 512;
/** It must stop: cancelled before or while it ran. */
export const STOPPING = 1024;
/** An input was lost after it had started: whatever its rule says, it waits until that has ended again. */
export const LACKING = 2048;
/** It executes, and when it started nothing was known of what runs of its name make. */
export const UNKNOWN = 4096;
const FREED = 0x8000;
