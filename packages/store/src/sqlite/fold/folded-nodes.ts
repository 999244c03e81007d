import { STATE_CODE } from '@sidereal/core';

/**
 * What a fold remembers of every node of a run between batches: 36 bytes a node, for as long as the journal
 * is open. Hot path: public typed arrays, indexed by node number.
 */
export class FoldedNodes {
  count = 0;
  states: Uint8Array;
  kinds: Uint8Array;
  stages: Int32Array;
  nameIds: Uint32Array;
  lanes: Int16Array;
  attempts: Uint32Array;
  /** When the current attempt started; NaN if it has not. */
  startedUs: Float64Array;
  /** When the activity under way began. Of no meaning while the node is not active. */
  activeSince: Float64Array;
  /** Slot of the node's change in the transaction under way, plus one; 0 if it has none. */
  slots: Uint32Array;

  constructor(room = 1024) {
    this.states = new Uint8Array(room);
    this.kinds = new Uint8Array(room);
    this.stages = new Int32Array(room);
    this.nameIds = new Uint32Array(room);
    this.lanes = new Int16Array(room);
    this.attempts = new Uint32Array(room);
    this.startedUs = new Float64Array(room);
    this.activeSince = new Float64Array(room);
    this.slots = new Uint32Array(room);
  }

  /** Appends a node in state `pending`. */
  add(kind: number, stage: number, nameId: number): void {
    const idx = this.count;
    if (idx === this.states.length) this.grow(idx * 2);
    this.states[idx] = STATE_CODE.pending;
    this.kinds[idx] = kind;
    this.stages[idx] = stage;
    this.nameIds[idx] = nameId;
    this.lanes[idx] = -1;
    this.attempts[idx] = 0;
    this.startedUs[idx] = Number.NaN;
    this.activeSince[idx] = 0;
    this.slots[idx] = 0;
    this.count += 1;
  }

  private grow(room: number): void {
    this.states = copied(this.states, new Uint8Array(room));
    this.kinds = copied(this.kinds, new Uint8Array(room));
    this.stages = copied(this.stages, new Int32Array(room));
    this.nameIds = copied(this.nameIds, new Uint32Array(room));
    this.lanes = copied(this.lanes, new Int16Array(room));
    this.attempts = copied(this.attempts, new Uint32Array(room));
    this.startedUs = copied(this.startedUs, new Float64Array(room));
    this.activeSince = copied(this.activeSince, new Float64Array(room));
    this.slots = copied(this.slots, new Uint32Array(room));
  }
}

function copied<T extends { set(source: T): void }>(source: T, target: T): T {
  target.set(source);
  return target;
}
