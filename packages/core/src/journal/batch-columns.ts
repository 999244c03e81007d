/**
 * The columns of a batch while it is collected, one class a record kind. Hot path: public, mutable typed
 * arrays that `batch-builder.ts` stores into; all columns of a class share one capacity, so that adding a
 * record checks for room once.
 */
import { KEY_BYTES } from './batch-layout.ts';
import { grown } from './growable.ts';

const FIRST_ROOM = 512;

export class NameColumns {
  count = 0;
  ids = new Uint32Array(16);
  names = new Uint32Array(16);
  modules = new Uint32Array(16);
  codes = new Uint32Array(16);
  runners = new Uint32Array(16);
  /** One text, a tag a line. */
  tags = new Uint32Array(16);

  /** Row to store the next record in. */
  next(): number {
    if (this.count === this.ids.length) {
      this.ids = grown(this.ids);
      this.names = grown(this.names);
      this.modules = grown(this.modules);
      this.codes = grown(this.codes);
      this.runners = grown(this.runners);
      this.tags = grown(this.tags);
    }
    return this.count++;
  }
}

export class DeclareColumns {
  count = 0;
  idx = new Uint32Array(FIRST_ROOM);
  keys = new Uint8Array(FIRST_ROOM * KEY_BYTES);
  parents = new Int32Array(FIRST_ROOM);
  groups = new Int32Array(FIRST_ROOM);
  stages = new Int32Array(FIRST_ROOM);
  kinds = new Uint8Array(FIRST_ROOM);
  nameIds = new Uint32Array(FIRST_ROOM);
  times = new Float64Array(FIRST_ROOM);
  flags = new Uint8Array(FIRST_ROOM);
  upstreamCounts = new Uint32Array(FIRST_ROOM);
  inputs = new Uint32Array(FIRST_ROOM);
  upstream = new Uint32Array(FIRST_ROOM);
  upstreamCount = 0;

  next(): number {
    if (this.count === this.idx.length) this.grow();
    return this.count++;
  }

  private grow(): void {
    this.idx = grown(this.idx);
    this.keys = grown(this.keys);
    this.parents = grown(this.parents);
    this.groups = grown(this.groups);
    this.stages = grown(this.stages);
    this.kinds = grown(this.kinds);
    this.nameIds = grown(this.nameIds);
    this.times = grown(this.times);
    this.flags = grown(this.flags);
    this.upstreamCounts = grown(this.upstreamCounts);
    this.inputs = grown(this.inputs);
  }
}

export class TransitionColumns {
  count = 0;
  idx = new Uint32Array(FIRST_ROOM);
  states = new Uint8Array(FIRST_ROOM);
  attempts = new Uint16Array(FIRST_ROOM);
  times = new Float64Array(FIRST_ROOM);
  lanes = new Int16Array(FIRST_ROOM);
  reasons = new Uint32Array(FIRST_ROOM);
  messages = new Uint32Array(FIRST_ROOM);

  next(): number {
    if (this.count === this.idx.length) {
      this.idx = grown(this.idx);
      this.states = grown(this.states);
      this.attempts = grown(this.attempts);
      this.times = grown(this.times);
      this.lanes = grown(this.lanes);
      this.reasons = grown(this.reasons);
      this.messages = grown(this.messages);
    }
    return this.count++;
  }
}

export class ValueColumns {
  count = 0;
  idx = new Uint32Array(FIRST_ROOM);
  attempts = new Uint16Array(FIRST_ROOM);
  storages = new Uint8Array(FIRST_ROOM);
  lengths = new Uint32Array(FIRST_ROOM);
  sizes = new Float64Array(FIRST_ROOM);

  next(): number {
    if (this.count === this.idx.length) {
      this.idx = grown(this.idx);
      this.attempts = grown(this.attempts);
      this.storages = grown(this.storages);
      this.lengths = grown(this.lengths);
      this.sizes = grown(this.sizes);
    }
    return this.count++;
  }
}

export class EntryColumns {
  count = 0;
  keyedCount = 0;
  idx = new Uint32Array(FIRST_ROOM);
  attempts = new Uint16Array(FIRST_ROOM);
  kinds = new Uint8Array(FIRST_ROOM);
  times = new Float64Array(FIRST_ROOM);
  keyed = new Uint8Array(FIRST_ROOM);
  keys = new Uint8Array(64 * KEY_BYTES);
  bodies = new Uint32Array(FIRST_ROOM);

  next(): number {
    if (this.count === this.idx.length) {
      this.idx = grown(this.idx);
      this.attempts = grown(this.attempts);
      this.kinds = grown(this.kinds);
      this.times = grown(this.times);
      this.keyed = grown(this.keyed);
      this.bodies = grown(this.bodies);
    }
    return this.count++;
  }
}
