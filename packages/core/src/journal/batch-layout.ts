/**
 * Where everything lies in an encoded batch; `format.md` is this file in words. Columns are ordered by the
 * width of their items, widest first, so that every typed array is aligned without padding.
 */
import { SiderealError } from '../errors.ts';

/** `SDJB` read as a little-endian u32. */
export const BATCH_MAGIC = 0x424a4453;
/** Raised by any change of the layout, and by any new code of a state, node, entry, storage or record kind. */
export const BATCH_VERSION = 1;
export const HEADER_BYTES = 80;
/** Bytes of a task key. */
export const KEY_BYTES = 16;

/** Header flags: this column did not fit its narrow form and is float64. */
export const WIDE = { declareTime: 1, transitionTime: 2, entryTime: 4, valueSize: 8 } as const;
export const ALL_FLAGS = 15;

/** Byte offsets of the header's fields. */
export const HEADER = {
  magic: 0,
  version: 4,
  flags: 6,
  columnsBytes: 8,
  valueBytes: 12,
  names: 16,
  declares: 20,
  transitions: 24,
  values: 28,
  entries: 32,
  upstreams: 36,
  keyedEntries: 40,
  strings: 44,
  textBytes: 48,
  reserved: 52,
  declareTimeBase: 56,
  transitionTimeBase: 64,
  entryTimeBase: 72,
} as const;

/** How much there is of everything; with the flags it determines the layout. */
export interface BatchCounts {
  readonly flags: number;
  readonly names: number;
  readonly declares: number;
  readonly transitions: number;
  readonly values: number;
  readonly entries: number;
  readonly upstreams: number;
  readonly keyedEntries: number;
  readonly strings: number;
  readonly textBytes: number;
}

/**
 * Byte offset of every column from the start of the batch; `end` is where the value heap begins. Plain
 * arithmetic on doubles: absurd counts give absurd offsets, never wrapped ones.
 */
export function layOut(counts: BatchCounts) {
  const { flags, names, declares, transitions, values, entries, upstreams, keyedEntries, strings } = counts;
  let at = HEADER_BYTES;
  const take = (count: number, width: number): number => {
    const start = at;
    at += count * width;
    return start;
  };
  const isWide = (bit: number): number => (flags & bit ? 1 : 0);
  const wideDeclareTime = take(isWide(WIDE.declareTime) * declares, 8);
  const wideTransitionTime = take(isWide(WIDE.transitionTime) * transitions, 8);
  const wideEntryTime = take(isWide(WIDE.entryTime) * entries, 8);
  const wideValueSize = take(isWide(WIDE.valueSize) * values, 8);
  return {
    nameIds: take(names, 4),
    nameNames: take(names, 4),
    nameModules: take(names, 4),
    nameCodes: take(names, 4),
    nameRunners: take(names, 4),
    nameTags: take(names, 4),
    declareIdx: take(declares, 4),
    declareParents: take(declares, 4),
    declareGroups: take(declares, 4),
    declareStages: take(declares, 4),
    declareNameIds: take(declares, 4),
    declareTimes: isWide(WIDE.declareTime) ? wideDeclareTime : take(declares, 4),
    declareUpstreamCounts: take(declares, 4),
    declareInputs: take(declares, 4),
    upstreams: take(upstreams, 4),
    transitionIdx: take(transitions, 4),
    transitionTimes: isWide(WIDE.transitionTime) ? wideTransitionTime : take(transitions, 4),
    transitionReasons: take(transitions, 4),
    transitionMessages: take(transitions, 4),
    valueIdx: take(values, 4),
    valueLengths: take(values, 4),
    valueSizes: isWide(WIDE.valueSize) ? wideValueSize : take(values, 4),
    entryIdx: take(entries, 4),
    entryTimes: isWide(WIDE.entryTime) ? wideEntryTime : take(entries, 4),
    entryBodies: take(entries, 4),
    stringLengths: take(strings, 4),
    transitionAttempts: take(transitions, 2),
    transitionLanes: take(transitions, 2),
    valueAttempts: take(values, 2),
    entryAttempts: take(entries, 2),
    declareKeys: take(declares, KEY_BYTES),
    entryKeys: take(keyedEntries, KEY_BYTES),
    kinds: take(names + declares + transitions + values + entries, 1),
    declareKinds: take(declares, 1),
    declareFlags: take(declares, 1),
    transitionStates: take(transitions, 1),
    valueStorages: take(values, 1),
    entryKinds: take(entries, 1),
    entryKeyed: take(entries, 1),
    text: take(counts.textBytes, 1),
    end: at,
  };
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Columns are typed arrays over the encoded bytes, so the machine must be little-endian, as almost all are. */
export function assertLittleEndian(): void {
  if (isLittleEndian) return;
  throw new SiderealError('UNSUPPORTED_PLATFORM', 'this machine is big-endian', {
    remedy: 'Sidereal runs on little-endian machines: x86-64, arm64 and the like.',
  });
}
