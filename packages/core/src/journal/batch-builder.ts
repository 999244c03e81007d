import { SiderealError } from '../errors.ts';
import { STATES } from '../states/state.ts';
import type { BatchBuilder } from './batch.ts';
import {
  DeclareColumns,
  EntryColumns,
  NameColumns,
  TransitionColumns,
  ValueColumns,
} from './batch-columns.ts';
import { assertLittleEndian, HEADER_BYTES, KEY_BYTES } from './batch-layout.ts';
import { BatchText } from './batch-text.ts';
import { encodeBatch } from './encode-batch.ts';
import { ByteHeap, grown } from './growable.ts';
import {
  ENTRY_KIND_CODE,
  NODE_KINDS,
  type EntryRecord,
  type NameRecord,
  type ValueRecord,
} from './record.ts';

/** Codes of `RECORD_KINDS`, as the `kinds` column holds them. */
export const RECORD = { name: 0, declare: 1, transition: 2, value: 3, entry: 4 } as const;

/** Widest bytes of one record of a kind in its columns, its byte in `kinds` included. */
const ROW_BYTES = { name: 25, declare: 55, transition: 26, value: 20, entry: 23 } as const;
const MAX_TIME_US = Number.MAX_SAFE_INTEGER;

/** An empty builder; see {@link BatchBuilder}. One per journal: it is reused batch after batch. */
export function createBatchBuilder(): BatchBuilder {
  assertLittleEndian();
  return new ColumnarBatchBuilder();
}

/** What a builder has collected, as `encodeBatch` takes it. */
export interface CollectedBatch {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly names: NameColumns;
  readonly declares: DeclareColumns;
  readonly transitions: TransitionColumns;
  readonly values: ValueColumns;
  readonly entries: EntryColumns;
  readonly text: BatchText;
  readonly valueHeap: ByteHeap;
}

class ColumnarBatchBuilder implements BatchBuilder, CollectedBatch {
  count = 0;
  kinds = new Uint8Array(2048);
  readonly names = new NameColumns();
  readonly declares = new DeclareColumns();
  readonly transitions = new TransitionColumns();
  readonly values = new ValueColumns();
  readonly entries = new EntryColumns();
  readonly text = new BatchText();
  readonly valueHeap = new ByteHeap();

  get byteLength(): number {
    const rows =
      this.names.count * ROW_BYTES.name +
      this.declares.count * ROW_BYTES.declare +
      this.transitions.count * ROW_BYTES.transition +
      this.values.count * ROW_BYTES.value +
      this.entries.count * ROW_BYTES.entry;
    const lists = this.declares.upstreamCount * 4 + this.entries.keyedCount * KEY_BYTES + this.text.count * 4;
    return HEADER_BYTES + rows + lists + this.text.heap.length + this.valueHeap.length;
  }

  name(record: NameRecord): void {
    if (record.id >>> 0 !== record.id) throw invalid('name id', record.id);
    const { names, text } = this;
    const row = names.next();
    names.ids[row] = record.id;
    names.names[row] = text.intern(record.name);
    names.modules[row] = text.intern(record.module);
    names.codes[row] = text.intern(record.code);
    names.runners[row] = text.intern(record.runner);
    names.tags[row] = text.intern(record.tags.join('\n'));
    this.record(RECORD.name);
  }

  declare(
    idx: number,
    key: Uint8Array,
    parent: number,
    group: number,
    stage: number,
    kind: number,
    nameId: number,
    timeUs: number,
    flags: number,
    upstream: ArrayLike<number>,
    inputs: string,
  ): void {
    if (key.length !== KEY_BYTES) throw invalid('key length', key.length);
    if (idx >>> 0 !== idx) throw invalid('node number', idx);
    if (!isLink(parent)) throw invalid('parent', parent);
    if (!isLink(group)) throw invalid('group', group);
    if (!isLink(stage)) throw invalid('stage', stage);
    if (NODE_KINDS[kind] === undefined) throw invalid('node kind', kind);
    if (nameId >>> 0 !== nameId) throw invalid('name id', nameId);
    if ((flags & 0xff) !== flags) throw invalid('flags', flags);
    const time = micros(timeUs);
    const { declares } = this;
    const row = declares.next();
    declares.idx[row] = idx;
    const start = row * KEY_BYTES;
    for (let i = 0; i < KEY_BYTES; i++) declares.keys[start + i] = key[i] ?? 0;
    declares.parents[row] = parent;
    declares.groups[row] = group;
    declares.stages[row] = stage;
    declares.kinds[row] = kind;
    declares.nameIds[row] = nameId;
    declares.times[row] = time;
    declares.flags[row] = flags;
    declares.inputs[row] = this.text.add(inputs);
    declares.upstreamCounts[row] = upstream.length;
    if (upstream.length > 0) this.addUpstream(upstream);
    this.record(RECORD.declare);
  }

  transition(
    idx: number,
    state: number,
    attempt: number,
    timeUs: number,
    lane: number,
    reason: string,
    message: string,
  ): void {
    if (idx >>> 0 !== idx) throw invalid('node number', idx);
    if (STATES[state] === undefined) throw invalid('state', state);
    if ((attempt & 0xffff) !== attempt) throw invalid('attempt', attempt);
    if ((lane << 16) >> 16 !== lane) throw invalid('lane', lane);
    const time = micros(timeUs);
    const { transitions } = this;
    const row = transitions.next();
    transitions.idx[row] = idx;
    transitions.states[row] = state;
    transitions.attempts[row] = attempt;
    transitions.times[row] = time;
    transitions.lanes[row] = lane;
    transitions.reasons[row] = reason === '' ? 0 : this.text.intern(reason);
    transitions.messages[row] = message === '' ? 0 : this.text.intern(message);
    this.record(RECORD.transition);
  }

  value(record: ValueRecord): void {
    const { idx, attempt, size } = record;
    if (idx >>> 0 !== idx) throw invalid('node number', idx);
    if ((attempt & 0xffff) !== attempt) throw invalid('attempt', attempt);
    if (!(Number.isSafeInteger(size) && size >= 0)) throw invalid('value size', size);
    const { values } = this;
    const row = values.next();
    values.idx[row] = idx;
    values.attempts[row] = attempt;
    values.storages[row] = record.storage;
    values.lengths[row] = record.bytes.length;
    values.sizes[row] = size;
    this.valueHeap.append(record.bytes);
    this.record(RECORD.value);
  }

  entry(record: EntryRecord): void {
    const { idx, attempt, key } = record;
    if (idx >>> 0 !== idx) throw invalid('node number', idx);
    if ((attempt & 0xffff) !== attempt) throw invalid('attempt', attempt);
    if (key.length > 0 && key.length !== KEY_BYTES) throw invalid('key length', key.length);
    const time = micros(record.timeUs);
    const { entries } = this;
    const row = entries.next();
    entries.idx[row] = idx;
    entries.attempts[row] = attempt;
    entries.kinds[row] = ENTRY_KIND_CODE[record.kind];
    entries.times[row] = time;
    entries.bodies[row] = this.text.add(record.body);
    const isKeyed = key.length > 0;
    entries.keyed[row] = isKeyed ? 1 : 0;
    if (isKeyed) {
      const start = entries.keyedCount * KEY_BYTES;
      if (start === entries.keys.length) entries.keys = grown(entries.keys);
      entries.keys.set(key, start);
      entries.keyedCount += 1;
    }
    this.record(RECORD.entry);
  }

  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.count === 0) return undefined;
    const batch = encodeBatch(this);
    this.count = 0;
    this.names.count = 0;
    this.declares.count = 0;
    this.declares.upstreamCount = 0;
    this.transitions.count = 0;
    this.values.count = 0;
    this.entries.count = 0;
    this.entries.keyedCount = 0;
    this.text.reset();
    this.valueHeap.reset();
    return batch;
  }

  private record(kind: number): void {
    if (this.count === this.kinds.length) this.kinds = grown(this.kinds);
    this.kinds[this.count++] = kind;
  }

  private addUpstream(upstream: ArrayLike<number>): void {
    const { declares } = this;
    const end = declares.upstreamCount + upstream.length;
    if (end > declares.upstream.length) declares.upstream = grown(declares.upstream, end);
    for (let i = 0; i < upstream.length; i++)
      declares.upstream[declares.upstreamCount + i] = upstream[i] ?? 0;
    declares.upstreamCount = end;
  }
}

/** A node number, or -1 for none. */
function isLink(idx: number): boolean {
  return (idx | 0) === idx && idx >= -1;
}

/** Whole microseconds: the journal's resolution. */
function micros(timeUs: number): number {
  if (!(timeUs >= -MAX_TIME_US && timeUs <= MAX_TIME_US)) throw invalid('time', timeUs);
  return Math.round(timeUs) + 0; // + 0: no negative zero
}

function invalid(what: string, value: number): SiderealError {
  return new SiderealError('INVALID_RECORD', `a journal record cannot hold the ${what} ${value}`, {
    remedy: 'This is a defect in Sidereal; report it with the message and the run id.',
  });
}
