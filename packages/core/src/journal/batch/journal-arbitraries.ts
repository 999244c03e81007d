/** Arbitrary journal records, for property tests of the codec. */
import fc from 'fast-check';
import { REASONS } from '../../states/reason.ts';
import { STATES } from '../../states/state.ts';
import { ENTRY_KINDS } from '../codes/entry-kind.ts';
import { NODE_KINDS } from '../codes/node-kind.ts';
import { VALUE_STORAGE } from '../codes/value-storage.ts';
import type { BatchBuilder } from './batch-builder.ts';
import type { JournalRecord } from './decoded-batch.ts';

const u32 = fc.oneof(fc.nat(1000), fc.nat(0xffff_ffff), fc.constant(0xffff_ffff));
const link = fc.oneof(fc.constant(-1), fc.nat(1000), fc.nat(0x7fff_ffff));
const timeUs = fc.oneof(
  fc.nat(10_000_000),
  fc.integer({ min: -5_000_000_000, max: 5_000_000_000 }),
  fc.maxSafeInteger(),
);
const text = fc.oneof(
  fc.constant(''),
  fc.constantFrom('slot', 'grid', 'image'),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', minLength: 60, maxLength: 200 }),
  fc.constantFrom('\ud800', '\udc00x', '\ufeffbom', 'Ω'.repeat(100)),
);
const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
/** A digest, or no bytes for none: all zeros mean the same and are refused. */
const keyOrNone = fc.oneof(
  fc.constant(new Uint8Array(0)),
  key.filter((bytes) => bytes.some((byte) => byte !== 0)),
);
const attempt = fc.oneof(fc.nat(3), fc.nat(0xffff_ffff), fc.constant(65_536));
const nodes = fc.array(u32, { maxLength: 5 });

/** Any one record that a builder takes. */
export const anyRecord: fc.Arbitrary<JournalRecord> = fc.oneof(
  fc.record({
    type: fc.constant('name' as const),
    id: u32,
    name: text,
    module: text,
    runner: text,
    tags: fc.array(fc.stringMatching(/^[a-z][a-z0-9 ]{0,8}$/), { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('declare' as const),
    idx: u32,
    key,
    parent: link,
    group: link,
    stage: link,
    kind: fc.constantFrom(...NODE_KINDS),
    nameId: u32,
    timeUs,
    flags: fc.nat(255),
    upstream: nodes,
    after: nodes,
    inputs: text,
    argumentDigest: keyOrNone,
  }),
  fc.record({
    type: fc.constant('transition' as const),
    idx: u32,
    state: fc.nat(STATES.length - 1),
    attempt,
    timeUs,
    lane: fc.integer({ min: -32_768, max: 32_767 }),
    reason: fc.oneof(
      fc.constantFrom(...REASONS),
      fc.integer({ min: REASONS.length, max: 0xffff }).map((code) => `reason_${code}` as const),
    ),
    message: text,
  }),
  fc.record({
    type: fc.constant('value' as const),
    idx: u32,
    attempt,
    storage: fc.constantFrom(...Object.values(VALUE_STORAGE)),
    bytes: fc.uint8Array({ maxLength: 100 }),
    size: fc.oneof(fc.nat(1000), fc.maxSafeNat()),
  }),
  fc.record({
    type: fc.constant('entry' as const),
    idx: u32,
    attempt,
    kind: fc.constantFrom(...ENTRY_KINDS),
    timeUs,
    key: keyOrNone,
    body: text,
  }),
);

/** Gives a record to a builder. */
export function add(builder: BatchBuilder, record: JournalRecord): void {
  switch (record.type) {
    case 'name':
      return builder.name(record);
    case 'declare':
      return builder.declare(record);
    case 'transition':
      return builder.transition(record);
    case 'value':
      return builder.value(record);
    case 'entry':
      return builder.entry(record);
  }
}

/** The record as it comes back: text made well-formed, bytes as plain arrays, so that `toEqual` compares all. */
export function comparable(record: JournalRecord): unknown {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.toWellFormed() : value instanceof Uint8Array ? [...value] : value,
    ]),
  );
}
