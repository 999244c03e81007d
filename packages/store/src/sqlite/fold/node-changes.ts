/**
 * One row per node changed in the transaction under way: what to write to the node's table row, and what to
 * put back if the transaction does not happen. Hot path: public columns, indexed by slot.
 */
import type { DecodedBatch } from '@sidereal/core';
import type { FoldedNodes } from './folded-nodes.ts';

const FIRST_ROOM = 1024;

export class NodeChanges {
  count = 0;
  idx = new Uint32Array(FIRST_ROOM);
  /** First and last segment of this transaction that tell of the node. */
  firstSegments = new Uint32Array(FIRST_ROOM);
  lastSegments = new Uint32Array(FIRST_ROOM);
  /** The batch that declares the node, if this transaction does, and its row there. */
  readonly declaredBy: (DecodedBatch | undefined)[] = [];
  declareRows = new Uint32Array(FIRST_ROOM);

  /** 1 if its state changed; what it is now is in the node columns. */
  transitioned = new Uint8Array(FIRST_ROOM);
  /** NaN: not in an ended state. */
  endedUs = new Float64Array(FIRST_ROOM);
  reasons = new Uint16Array(FIRST_ROOM);
  readonly messages: string[] = [];

  /** 1 if a value was recorded. */
  valued = new Uint8Array(FIRST_ROOM);
  valueStorages = new Uint8Array(FIRST_ROOM);
  valueSegments = new Uint32Array(FIRST_ROOM);
  valueOffsets = new Uint32Array(FIRST_ROOM);
  valueLengths = new Uint32Array(FIRST_ROOM);
  valueSizes = new Float64Array(FIRST_ROOM);

  /** As the node columns had them before the transaction. */
  stateBefore = new Uint8Array(FIRST_ROOM);
  private laneBefore = new Int16Array(FIRST_ROOM);
  private attemptBefore = new Uint32Array(FIRST_ROOM);
  private startedBefore = new Float64Array(FIRST_ROOM);
  private activeSinceBefore = new Float64Array(FIRST_ROOM);

  /** The slot of a node's change, made if it has none yet. */
  slotOf(nodes: FoldedNodes, idx: number, segment: number): number {
    const known = nodes.slots[idx] ?? 0;
    if (known !== 0) {
      this.lastSegments[known - 1] = segment;
      return known - 1;
    }
    const slot = this.count++;
    if (slot === this.idx.length) this.grow(slot * 2);
    nodes.slots[idx] = slot + 1;
    this.idx[slot] = idx;
    this.firstSegments[slot] = segment;
    this.lastSegments[slot] = segment;
    this.declaredBy[slot] = undefined;
    this.transitioned[slot] = 0;
    this.endedUs[slot] = Number.NaN;
    this.reasons[slot] = 0;
    this.messages[slot] = '';
    this.valued[slot] = 0;
    this.stateBefore[slot] = nodes.states[idx] ?? 0;
    this.laneBefore[slot] = nodes.lanes[idx] ?? -1;
    this.attemptBefore[slot] = nodes.attempts[idx] ?? 0;
    this.startedBefore[slot] = nodes.startedUs[idx] ?? Number.NaN;
    this.activeSinceBefore[slot] = nodes.activeSince[idx] ?? 0;
    return slot;
  }

  /** Notes that this transaction declares the node. */
  declare(nodes: FoldedNodes, idx: number, batch: DecodedBatch, row: number, segment: number): void {
    const slot = this.slotOf(nodes, idx, segment);
    this.declaredBy[slot] = batch;
    this.declareRows[slot] = row;
  }

  /** Puts the node columns back as they were before the transaction. */
  restore(nodes: FoldedNodes): void {
    for (let slot = 0; slot < this.count; slot++) {
      const idx = this.idx[slot] ?? 0;
      nodes.states[idx] = this.stateBefore[slot] ?? 0;
      nodes.lanes[idx] = this.laneBefore[slot] ?? -1;
      nodes.attempts[idx] = this.attemptBefore[slot] ?? 0;
      nodes.startedUs[idx] = this.startedBefore[slot] ?? Number.NaN;
      nodes.activeSince[idx] = this.activeSinceBefore[slot] ?? 0;
    }
  }

  /** Forgets all changes. */
  clear(nodes: FoldedNodes): void {
    for (let slot = 0; slot < this.count; slot++) nodes.slots[this.idx[slot] ?? 0] = 0;
    this.declaredBy.fill(undefined, 0, this.count);
    this.count = 0;
  }

  private grow(room: number): void {
    this.idx = copied(this.idx, new Uint32Array(room));
    this.firstSegments = copied(this.firstSegments, new Uint32Array(room));
    this.lastSegments = copied(this.lastSegments, new Uint32Array(room));
    this.declareRows = copied(this.declareRows, new Uint32Array(room));
    this.transitioned = copied(this.transitioned, new Uint8Array(room));
    this.reasons = copied(this.reasons, new Uint16Array(room));
    this.endedUs = copied(this.endedUs, new Float64Array(room));
    this.valued = copied(this.valued, new Uint8Array(room));
    this.valueStorages = copied(this.valueStorages, new Uint8Array(room));
    this.valueSegments = copied(this.valueSegments, new Uint32Array(room));
    this.valueOffsets = copied(this.valueOffsets, new Uint32Array(room));
    this.valueLengths = copied(this.valueLengths, new Uint32Array(room));
    this.valueSizes = copied(this.valueSizes, new Float64Array(room));
    this.stateBefore = copied(this.stateBefore, new Uint8Array(room));
    this.laneBefore = copied(this.laneBefore, new Int16Array(room));
    this.attemptBefore = copied(this.attemptBefore, new Uint32Array(room));
    this.startedBefore = copied(this.startedBefore, new Float64Array(room));
    this.activeSinceBefore = copied(this.activeSinceBefore, new Float64Array(room));
  }
}

function copied<T extends { set(source: T): void }>(source: T, target: T): T {
  target.set(source);
  return target;
}
