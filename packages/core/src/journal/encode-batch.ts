import { SiderealError } from '../errors.ts';
import { BATCH_MAGIC, BATCH_VERSION, HEADER, layOut, WIDE, type BatchCounts } from './batch-layout.ts';
import type { CollectedBatch } from './batch-builder.ts';

/** What stores can hold in one blob. */
const MAX_BATCH_BYTES = 1e9;

/**
 * Lays the collected columns out as one buffer. Node numbers and times are written as differences to the
 * row before: they compress to next to nothing, and adding a record stays a plain store.
 */
export function encodeBatch(batch: CollectedBatch): Uint8Array<ArrayBuffer> {
  const { names, declares, transitions, values, entries, text, valueHeap } = batch;
  const flags =
    (isNarrowTime(declares.times, declares.count) ? 0 : WIDE.declareTime) |
    (isNarrowTime(transitions.times, transitions.count) ? 0 : WIDE.transitionTime) |
    (isNarrowTime(entries.times, entries.count) ? 0 : WIDE.entryTime) |
    (isNarrowSize(values.sizes, values.count) ? 0 : WIDE.valueSize);
  const counts: BatchCounts = {
    flags,
    names: names.count,
    declares: declares.count,
    transitions: transitions.count,
    values: values.count,
    entries: entries.count,
    upstreams: declares.upstreamCount,
    keyedEntries: entries.keyedCount,
    strings: text.count,
    textBytes: text.heap.length,
  };
  const at = layOut(counts);
  const total = at.end + valueHeap.length;
  if (total > MAX_BATCH_BYTES) {
    throw new SiderealError(
      'BATCH_TOO_LARGE',
      `a journal batch of ${total} bytes is over ${MAX_BATCH_BYTES}`,
      {
        remedy: 'This is a defect in Sidereal; report it with the message and the run id.',
      },
    );
  }
  const bytes = new Uint8Array(total);
  const writer = new ColumnWriter(bytes.buffer);

  writer.header(counts, at.end, valueHeap.length, [declares.times, transitions.times, entries.times]);
  writer.u32(at.nameIds, names.ids, names.count);
  writer.u32(at.nameNames, names.names, names.count);
  writer.u32(at.nameModules, names.modules, names.count);
  writer.u32(at.nameCodes, names.codes, names.count);
  writer.u32(at.nameRunners, names.runners, names.count);
  writer.u32(at.nameTags, names.tags, names.count);

  writer.differences(at.declareIdx, declares.idx, declares.count);
  writer.u8(at.declareKeys, declares.keys, declares.count * 16);
  writer.i32(at.declareParents, declares.parents, declares.count);
  writer.i32(at.declareGroups, declares.groups, declares.count);
  writer.i32(at.declareStages, declares.stages, declares.count);
  writer.u8(at.declareKinds, declares.kinds, declares.count);
  writer.u32(at.declareNameIds, declares.nameIds, declares.count);
  writer.times(at.declareTimes, declares.times, declares.count, flags & WIDE.declareTime);
  writer.u8(at.declareFlags, declares.flags, declares.count);
  writer.u32(at.declareUpstreamCounts, declares.upstreamCounts, declares.count);
  writer.u32(at.declareInputs, declares.inputs, declares.count);
  writer.differences(at.upstreams, declares.upstream, declares.upstreamCount);

  writer.differences(at.transitionIdx, transitions.idx, transitions.count);
  writer.u8(at.transitionStates, transitions.states, transitions.count);
  writer.u16(at.transitionAttempts, transitions.attempts, transitions.count);
  writer.times(at.transitionTimes, transitions.times, transitions.count, flags & WIDE.transitionTime);
  writer.i16(at.transitionLanes, transitions.lanes, transitions.count);
  writer.u32(at.transitionReasons, transitions.reasons, transitions.count);
  writer.u32(at.transitionMessages, transitions.messages, transitions.count);

  writer.differences(at.valueIdx, values.idx, values.count);
  writer.u16(at.valueAttempts, values.attempts, values.count);
  writer.u8(at.valueStorages, values.storages, values.count);
  writer.u32(at.valueLengths, values.lengths, values.count);
  if (flags & WIDE.valueSize) writer.f64(at.valueSizes, values.sizes, values.count);
  else writer.u32(at.valueSizes, values.sizes, values.count);

  writer.differences(at.entryIdx, entries.idx, entries.count);
  writer.u16(at.entryAttempts, entries.attempts, entries.count);
  writer.u8(at.entryKinds, entries.kinds, entries.count);
  writer.times(at.entryTimes, entries.times, entries.count, flags & WIDE.entryTime);
  writer.u8(at.entryKeyed, entries.keyed, entries.count);
  writer.u8(at.entryKeys, entries.keys, entries.keyedCount * 16);
  writer.u32(at.entryBodies, entries.bodies, entries.count);

  writer.u8(at.kinds, batch.kinds, batch.count);
  writer.u32(at.stringLengths, text.lengths, text.count);
  writer.u8(at.text, text.heap.data, text.heap.length);
  writer.u8(at.end, valueHeap.data, valueHeap.length);
  return bytes;
}

class ColumnWriter {
  private readonly buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer) {
    this.buffer = buffer;
  }

  header(
    counts: BatchCounts,
    columnsBytes: number,
    valueBytes: number,
    times: readonly Float64Array[],
  ): void {
    const view = new DataView(this.buffer);
    view.setUint32(HEADER.magic, BATCH_MAGIC, true);
    view.setUint16(HEADER.version, BATCH_VERSION, true);
    view.setUint16(HEADER.flags, counts.flags, true);
    view.setUint32(HEADER.columnsBytes, columnsBytes, true);
    view.setUint32(HEADER.valueBytes, valueBytes, true);
    view.setUint32(HEADER.names, counts.names, true);
    view.setUint32(HEADER.declares, counts.declares, true);
    view.setUint32(HEADER.transitions, counts.transitions, true);
    view.setUint32(HEADER.values, counts.values, true);
    view.setUint32(HEADER.entries, counts.entries, true);
    view.setUint32(HEADER.upstreams, counts.upstreams, true);
    view.setUint32(HEADER.keyedEntries, counts.keyedEntries, true);
    view.setUint32(HEADER.strings, counts.strings, true);
    view.setUint32(HEADER.textBytes, counts.textBytes, true);
    const [declares, transitions, entries] = times;
    view.setFloat64(HEADER.declareTimeBase, counts.declares > 0 ? (declares?.[0] ?? 0) : 0, true);
    view.setFloat64(HEADER.transitionTimeBase, counts.transitions > 0 ? (transitions?.[0] ?? 0) : 0, true);
    view.setFloat64(HEADER.entryTimeBase, counts.entries > 0 ? (entries?.[0] ?? 0) : 0, true);
  }

  u8(at: number, column: Uint8Array, count: number): void {
    if (count > 0) new Uint8Array(this.buffer, at, count).set(column.subarray(0, count));
  }

  u16(at: number, column: Uint16Array, count: number): void {
    if (count > 0) new Uint16Array(this.buffer, at, count).set(column.subarray(0, count));
  }

  i16(at: number, column: Int16Array, count: number): void {
    if (count > 0) new Int16Array(this.buffer, at, count).set(column.subarray(0, count));
  }

  u32(at: number, column: Uint32Array | Float64Array, count: number): void {
    if (count > 0) new Uint32Array(this.buffer, at, count).set(column.subarray(0, count));
  }

  i32(at: number, column: Int32Array, count: number): void {
    if (count > 0) new Int32Array(this.buffer, at, count).set(column.subarray(0, count));
  }

  f64(at: number, column: Float64Array, count: number): void {
    if (count > 0) new Float64Array(this.buffer, at, count).set(column.subarray(0, count));
  }

  /** Differences to the row before, modulo 2³²; the first row's is to 0. */
  differences(at: number, column: Uint32Array, count: number): void {
    const target = new Int32Array(this.buffer, at, count);
    let before = 0;
    for (let i = 0; i < count; i++) {
      const value = column[i] ?? 0;
      target[i] = value - before;
      before = value;
    }
  }

  times(at: number, column: Float64Array, count: number, wide: number): void {
    if (wide) {
      this.f64(at, column, count);
      return;
    }
    const target = new Int32Array(this.buffer, at, count);
    let before = column[0] ?? 0;
    for (let i = 0; i < count; i++) {
      const value = column[i] ?? 0;
      target[i] = value - before;
      before = value;
    }
  }
}

/** Does every step from one time to the next fit an i32? */
function isNarrowTime(times: Float64Array, count: number): boolean {
  for (let i = 1; i < count; i++) {
    const step = (times[i] ?? 0) - (times[i - 1] ?? 0);
    if (step !== (step | 0)) return false;
  }
  return true;
}

function isNarrowSize(sizes: Float64Array, count: number): boolean {
  for (let i = 0; i < count; i++) if ((sizes[i] ?? 0) > 0xffff_ffff) return false;
  return true;
}
