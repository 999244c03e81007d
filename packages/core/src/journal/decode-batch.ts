import { SiderealError } from '../errors.ts';
import { STATES } from '../states/state.ts';
import {
  ALL_FLAGS,
  BATCH_MAGIC,
  BATCH_VERSION,
  HEADER,
  HEADER_BYTES,
  assertLittleEndian,
  layOut,
  WIDE,
} from './batch-layout.ts';
import { RECORD_KINDS } from './batch.ts';
import { ColumnReader, corrupt } from './column-reader.ts';
import { DecodedBatch } from './decoded-batch.ts';
import { ENTRY_KINDS, NODE_KINDS, VALUE_STORAGE } from './record.ts';

export interface DecodeOptions {
  /** The value heap was left off the end of `bytes`: values are there, their bytes are empty. */
  readonly withoutValueHeap?: boolean;
}

/**
 * Reads an encoded batch. Everything is checked before anything is handed out: a batch that decodes can be
 * walked without a bounds check. (Text is decoded on demand; broken UTF-8 is reported then.)
 * Throws `JOURNAL_CORRUPT`, or `JOURNAL_TOO_NEW` for a layout that a later version wrote.
 */
export function decodeBatch(bytes: Uint8Array, options: DecodeOptions = {}): DecodedBatch {
  assertLittleEndian();
  const header = readHeader(bytes, options.withoutValueHeap === true);
  const { counts, at } = header;
  const read = new ColumnReader(bytes);
  const { flags } = counts;

  const names = {
    count: counts.names,
    ids: read.u32(at.nameIds, counts.names),
    names: read.ids(at.nameNames, counts.names, counts.strings),
    modules: read.ids(at.nameModules, counts.names, counts.strings),
    codes: read.ids(at.nameCodes, counts.names, counts.strings),
    runners: read.ids(at.nameRunners, counts.names, counts.strings),
    tags: read.ids(at.nameTags, counts.names, counts.strings),
  };
  const declares = {
    count: counts.declares,
    idx: read.differences(at.declareIdx, counts.declares),
    keys: read.u8(at.declareKeys, counts.declares * 16),
    parents: read.links(at.declareParents, counts.declares),
    groups: read.links(at.declareGroups, counts.declares),
    stages: read.links(at.declareStages, counts.declares),
    kinds: read.codes(at.declareKinds, counts.declares, NODE_KINDS.length, 'node kind'),
    nameIds: read.u32(at.declareNameIds, counts.declares),
    times: read.times(at.declareTimes, counts.declares, flags & WIDE.declareTime, header.bases.declare),
    flags: read.u8(at.declareFlags, counts.declares),
    upstreamStarts: read.starts(at.declareUpstreamCounts, counts.declares, counts.upstreams, 'upstream'),
    upstream: read.differences(at.upstreams, counts.upstreams),
    inputs: read.ids(at.declareInputs, counts.declares, counts.strings),
  };
  const transitions = {
    count: counts.transitions,
    idx: read.differences(at.transitionIdx, counts.transitions),
    states: read.codes(at.transitionStates, counts.transitions, STATES.length, 'state'),
    attempts: read.u16(at.transitionAttempts, counts.transitions),
    times: read.times(
      at.transitionTimes,
      counts.transitions,
      flags & WIDE.transitionTime,
      header.bases.transition,
    ),
    lanes: read.i16(at.transitionLanes, counts.transitions),
    reasons: read.ids(at.transitionReasons, counts.transitions, counts.strings),
    messages: read.ids(at.transitionMessages, counts.transitions, counts.strings),
  };
  const values = {
    count: counts.values,
    idx: read.differences(at.valueIdx, counts.values),
    attempts: read.u16(at.valueAttempts, counts.values),
    storages: read.codes(at.valueStorages, counts.values, Object.keys(VALUE_STORAGE).length, 'storage'),
    starts: read.starts(at.valueLengths, counts.values, header.valueBytes, 'value'),
    sizes: read.sizes(at.valueSizes, counts.values, flags & WIDE.valueSize),
  };
  const keyed = read.codes(at.entryKeyed, counts.entries, 2, 'entry flag');
  const entries = {
    count: counts.entries,
    idx: read.differences(at.entryIdx, counts.entries),
    attempts: read.u16(at.entryAttempts, counts.entries),
    kinds: read.codes(at.entryKinds, counts.entries, ENTRY_KINDS.length, 'entry kind'),
    times: read.times(at.entryTimes, counts.entries, flags & WIDE.entryTime, header.bases.entry),
    keyStarts: keyStarts(keyed, counts.keyedEntries),
    keys: read.u8(at.entryKeys, counts.keyedEntries * 16),
    bodies: read.ids(at.entryBodies, counts.entries, counts.strings),
  };
  const count = counts.names + counts.declares + counts.transitions + counts.values + counts.entries;
  const kinds = read.codes(at.kinds, count, RECORD_KINDS.length, 'record kind');
  checkKinds(kinds, [counts.names, counts.declares, counts.transitions, counts.values, counts.entries]);
  return new DecodedBatch({
    count,
    columnsBytes: at.end,
    kinds,
    names,
    declares,
    transitions,
    values,
    entries,
    textStarts: read.starts(at.stringLengths, counts.strings, counts.textBytes, 'string'),
    text: read.u8(at.text, counts.textBytes),
    valueHeap: header.hasValueHeap ? read.u8(at.end, header.valueBytes) : undefined,
  });
}

function readHeader(bytes: Uint8Array, withoutValueHeap: boolean) {
  if (bytes.length < HEADER_BYTES) {
    throw corrupt(`it has ${bytes.length} bytes, fewer than its header of ${HEADER_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(HEADER.magic, true) !== BATCH_MAGIC) throw corrupt('it does not begin with SDJB');
  const version = view.getUint16(HEADER.version, true);
  if (version > BATCH_VERSION) {
    throw new SiderealError(
      'JOURNAL_TOO_NEW',
      `a journal batch has format ${version}; this is up to ${BATCH_VERSION}`,
      {
        remedy: 'A newer Sidereal wrote this run: read it with that version or a later one.',
      },
    );
  }
  if (version === 0) throw corrupt('its format version is 0');
  const flags = view.getUint16(HEADER.flags, true);
  if ((flags & ~ALL_FLAGS) !== 0) throw corrupt(`it has unknown flags ${flags}`);
  if (view.getUint32(HEADER.reserved, true) !== 0) throw corrupt('its reserved field is not 0');
  const counts = {
    flags,
    names: view.getUint32(HEADER.names, true),
    declares: view.getUint32(HEADER.declares, true),
    transitions: view.getUint32(HEADER.transitions, true),
    values: view.getUint32(HEADER.values, true),
    entries: view.getUint32(HEADER.entries, true),
    upstreams: view.getUint32(HEADER.upstreams, true),
    keyedEntries: view.getUint32(HEADER.keyedEntries, true),
    strings: view.getUint32(HEADER.strings, true),
    textBytes: view.getUint32(HEADER.textBytes, true),
  };
  const at = layOut(counts);
  const valueBytes = view.getUint32(HEADER.valueBytes, true);
  const expected = withoutValueHeap ? at.end : at.end + valueBytes;
  if (view.getUint32(HEADER.columnsBytes, true) !== at.end || expected !== bytes.length) {
    throw corrupt(`it has ${bytes.length} bytes where its header asks for ${expected}`);
  }
  const bases = {
    declare: view.getFloat64(HEADER.declareTimeBase, true),
    transition: view.getFloat64(HEADER.transitionTimeBase, true),
    entry: view.getFloat64(HEADER.entryTimeBase, true),
  };
  return { counts, at, valueBytes, hasValueHeap: !withoutValueHeap, bases };
}

/** The `kinds` column must hold each kind as often as the kind has rows. */
function checkKinds(kinds: Uint8Array, expected: readonly number[]): void {
  const found = new Uint32Array(expected.length);
  for (const kind of kinds) found[kind] = (found[kind] ?? 0) + 1;
  for (const [kind, count] of expected.entries()) {
    if (found[kind] !== count)
      throw corrupt(`its order holds ${found[kind]} ${RECORD_KINDS[kind]} records of ${count}`);
  }
}

/** For each entry, the byte where its key starts, or -1. */
function keyStarts(keyed: Uint8Array, expected: number): Int32Array {
  const starts = new Int32Array(keyed.length);
  let count = 0;
  for (let i = 0; i < keyed.length; i++) starts[i] = keyed[i] === 0 ? -1 : 16 * count++;
  if (count !== expected) throw corrupt(`it has ${expected} entry keys where ${count} entries are keyed`);
  return starts;
}
