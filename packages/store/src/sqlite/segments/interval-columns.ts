/**
 * What ended in a batch, as columns: from these blobs alone a run's timeline is drawn, without reading a row
 * of any table. A row is one interval of activity (an attempt, or the part of one between pauses) with the
 * state that followed it; a node that ended without ever having been active has an interval of no length.
 *
 * Format 1, little-endian, then raw deflate: u32 format, u32 count, f64 first start; columns of `count` rows:
 * start f64 if the format's bit 8 is set, else i32 difference to the row before (the first to the first
 * start); duration f64 if bit 8, else u32; idx i32 difference to the row before; name id u32; lane i16;
 * state u8; node kind u8. Times in whole microseconds.
 */
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { storeError } from '../../errors/store-error.ts';

/** Intervals as columns; row i of each. */
export interface Intervals {
  readonly count: number;
  readonly idx: Uint32Array;
  readonly startUs: Float64Array;
  readonly durationUs: Float64Array;
  /** Lane (thread, slot), or -1. */
  readonly lanes: Int16Array;
  /** State that followed, by code. */
  readonly states: Uint8Array;
  /** Kind of the node, by code. */
  readonly kinds: Uint8Array;
  readonly nameIds: Uint32Array;
}

const FORMAT = 1;
const WIDE = 0x100;
const HEADER_BYTES = 16;

/** Intervals being collected; rows are plain pushes, a few hundred a batch. */
export class IntervalCollector implements Intervals {
  count = 0;
  idx = new Uint32Array(256);
  startUs = new Float64Array(256);
  durationUs = new Float64Array(256);
  lanes = new Int16Array(256);
  states = new Uint8Array(256);
  kinds = new Uint8Array(256);
  nameIds = new Uint32Array(256);

  add(
    idx: number,
    startUs: number,
    endUs: number,
    lane: number,
    state: number,
    kind: number,
    nameId: number,
  ): void {
    if (this.count === this.idx.length) this.grow();
    const row = this.count++;
    this.idx[row] = idx;
    this.startUs[row] = startUs;
    this.durationUs[row] = Math.max(0, endUs - startUs);
    this.lanes[row] = lane;
    this.states[row] = state;
    this.kinds[row] = kind;
    this.nameIds[row] = nameId;
  }

  private grow(): void {
    const room = this.count * 2;
    const { idx, startUs, durationUs, lanes, states, kinds, nameIds } = this;
    (this.idx = new Uint32Array(room)).set(idx);
    (this.startUs = new Float64Array(room)).set(startUs);
    (this.durationUs = new Float64Array(room)).set(durationUs);
    (this.lanes = new Int16Array(room)).set(lanes);
    (this.states = new Uint8Array(room)).set(states);
    (this.kinds = new Uint8Array(room)).set(kinds);
    (this.nameIds = new Uint32Array(room)).set(nameIds);
  }
}

/** Offsets of the columns, widest first, so that each is aligned. */
function layOut(count: number, isWide: boolean) {
  const timeBytes = isWide ? 8 : 4;
  const starts = HEADER_BYTES;
  const durations = starts + count * timeBytes;
  const idx = durations + count * timeBytes;
  const nameIds = idx + count * 4;
  const lanes = nameIds + count * 4;
  const states = lanes + count * 2;
  const kinds = states + count;
  return { starts, durations, idx, nameIds, lanes, states, kinds, end: kinds + count };
}

/** The blob of these intervals; undefined if there are none. */
export function encodeIntervals(rows: Intervals): Uint8Array | undefined {
  const { count } = rows;
  if (count === 0) return undefined;
  const isWide = !isNarrow(rows);
  const at = layOut(count, isWide);
  const buffer = new ArrayBuffer(at.end);
  const view = new DataView(buffer);
  view.setUint32(0, isWide ? FORMAT | WIDE : FORMAT, true);
  view.setUint32(4, count, true);
  view.setFloat64(8, rows.startUs[0] ?? 0, true);
  if (isWide) {
    new Float64Array(buffer, at.starts, count).set(rows.startUs.subarray(0, count));
    new Float64Array(buffer, at.durations, count).set(rows.durationUs.subarray(0, count));
  } else {
    differences(rows.startUs, new Int32Array(buffer, at.starts, count), rows.startUs[0] ?? 0);
    new Uint32Array(buffer, at.durations, count).set(rows.durationUs.subarray(0, count));
  }
  differences(rows.idx, new Int32Array(buffer, at.idx, count), 0);
  new Uint32Array(buffer, at.nameIds, count).set(rows.nameIds.subarray(0, count));
  new Int16Array(buffer, at.lanes, count).set(rows.lanes.subarray(0, count));
  new Uint8Array(buffer, at.states, count).set(rows.states.subarray(0, count));
  new Uint8Array(buffer, at.kinds, count).set(rows.kinds.subarray(0, count));
  return deflateRawSync(new Uint8Array(buffer), { level: constants.Z_BEST_SPEED });
}

/** Reads a blob. Throws STORE_CORRUPT for anything that {@link encodeIntervals} does not make. */
export function decodeIntervals(blob: Uint8Array): Intervals {
  const bytes = inflate(blob);
  if (bytes.length < HEADER_BYTES) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = view.getUint32(0, true);
  const count = view.getUint32(4, true);
  const isWide = format === (FORMAT | WIDE);
  if (format !== FORMAT && !isWide) throw damaged();
  const at = layOut(count, isWide);
  if (at.end !== bytes.length) throw damaged();
  const startUs = isWide
    ? new Float64Array(bytes.buffer, at.starts, count)
    : sums(new Int32Array(bytes.buffer, at.starts, count), new Float64Array(count), view.getFloat64(8, true));
  return {
    count,
    idx: sums(new Int32Array(bytes.buffer, at.idx, count), new Uint32Array(count), 0),
    startUs,
    durationUs: isWide
      ? new Float64Array(bytes.buffer, at.durations, count)
      : Float64Array.from(new Uint32Array(bytes.buffer, at.durations, count)),
    lanes: new Int16Array(bytes.buffer, at.lanes, count),
    states: new Uint8Array(bytes.buffer, at.states, count),
    kinds: new Uint8Array(bytes.buffer, at.kinds, count),
    nameIds: new Uint32Array(bytes.buffer, at.nameIds, count),
  };
}

/** One after the other, as one. */
export function concatIntervals(parts: readonly Intervals[]): Intervals {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const all = {
    count,
    idx: new Uint32Array(count),
    startUs: new Float64Array(count),
    durationUs: new Float64Array(count),
    lanes: new Int16Array(count),
    states: new Uint8Array(count),
    kinds: new Uint8Array(count),
    nameIds: new Uint32Array(count),
  };
  let at = 0;
  for (const part of parts) {
    all.idx.set(part.idx.subarray(0, part.count), at);
    all.startUs.set(part.startUs.subarray(0, part.count), at);
    all.durationUs.set(part.durationUs.subarray(0, part.count), at);
    all.lanes.set(part.lanes.subarray(0, part.count), at);
    all.states.set(part.states.subarray(0, part.count), at);
    all.kinds.set(part.kinds.subarray(0, part.count), at);
    all.nameIds.set(part.nameIds.subarray(0, part.count), at);
    at += part.count;
  }
  return all;
}

function isNarrow({ count, startUs, durationUs }: Intervals): boolean {
  for (let i = 0; i < count; i++) {
    const step = i === 0 ? 0 : (startUs[i] ?? 0) - (startUs[i - 1] ?? 0);
    if (step !== (step | 0) || (durationUs[i] ?? 0) > 0xffff_ffff) return false;
  }
  return true;
}

function differences(column: Float64Array | Uint32Array, target: Int32Array, first: number): void {
  let before = first;
  for (let i = 0; i < target.length; i++) {
    const value = column[i] ?? 0;
    target[i] = value - before;
    before = value;
  }
}

function sums<T extends Float64Array | Uint32Array>(steps: Int32Array, target: T, first: number): T {
  let value = first;
  for (let i = 0; i < steps.length; i++) {
    value += steps[i] ?? 0;
    target[i] = value;
  }
  return target;
}

/** Inflated, in a buffer of its own that starts at 0. */
function inflate(blob: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(inflateRawSync(blob));
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): Error {
  return storeError(
    'STORE_CORRUPT',
    "a blob of the run's timeline is damaged",
    'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
    cause,
  );
}
