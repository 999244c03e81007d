import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SiderealError } from '../../errors.ts';
import { STATE_CODE } from '../../states/state.ts';
import { VALUE_STORAGE } from '../codes/value-storage.ts';
import { nodesAt } from '../elements/node-list.ts';
import { createBatchBuilder } from './batch-builder.ts';
import { BATCH_HEADER, BATCH_HEADER_BYTES, SECTION_HEADER } from './batch-header.ts';
import { decodeBatch } from './decode-batch.ts';
import type { JournalRecord } from './decoded-batch.ts';
import { add, anyRecord, comparable } from './journal-arbitraries.ts';
import type { GivenRecord } from './record-sections.ts';

function encode(records: readonly JournalRecord[]): Uint8Array<ArrayBuffer> {
  const builder = createBatchBuilder();
  for (const record of records) add(builder, record);
  return builder.take()!;
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof SiderealError) return error.code;
    throw error;
  }
}

const running = { idx: 0, state: STATE_CODE.running, attempt: 1, timeUs: 0 };
const declared: GivenRecord<'declare'> = {
  idx: 1,
  key: new Uint8Array(16).fill(7),
  parent: 0,
  group: -1,
  stage: 0,
  kind: 'task',
  nameId: 1,
  timeUs: 12,
  flags: 3,
  upstream: [0],
  inputs: '(64)',
};

const sample: readonly JournalRecord[] = [
  {
    type: 'name',
    id: 1,
    name: 'grid',
    module: 'radio.ts',
    runner: 'threads',
    tags: ['slow', 'gpu'],
  },
  {
    type: 'declare',
    ...declared,
    after: [4, 0],
    argumentDigest: new Uint8Array(16).fill(9),
  },
  {
    type: 'transition',
    ...running,
    idx: 1,
    lane: 3,
    reason: '',
    message: '',
  },
  {
    type: 'entry',
    idx: 1,
    attempt: 1,
    kind: 'log',
    timeUs: 16,
    key: new Uint8Array(0),
    body: '{"level":"info","message":"Ω"}',
  },
  {
    type: 'value',
    idx: 1,
    attempt: 1,
    storage: VALUE_STORAGE.inline,
    bytes: new Uint8Array([1, 2, 3]),
    size: 8,
  },
  {
    type: 'transition',
    idx: 1,
    state: STATE_CODE.failed,
    attempt: 65_536,
    timeUs: 20,
    lane: 3,
    reason: 'timed_out',
    message: 'after 5 s',
  },
];

describe('round trip', () => {
  test('any records come back in their order', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 60 }), (records) => {
        const decoded = decodeBatch(encode(records));
        expect(decoded.count).toBe(records.length);
        expect([...decoded].map(comparable)).toEqual(records.map(comparable));
      }),
      { numRuns: 300 },
    );
  });

  test('a builder is empty after take, and makes the next batch as a new one would', () => {
    const builder = createBatchBuilder();
    expect(builder.take()).toBeUndefined();
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), (records) => {
        for (const record of records) add(builder, record);
        expect(builder.count).toBe(records.length);
        const bytes = builder.take()!;
        expect(builder.count).toBe(0);
        expect(bytes).toEqual(encode(records));
      }),
    );
  });

  test('byteLength bounds the encoded size from above, closely', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 50 }), (records) => {
        const builder = createBatchBuilder();
        for (const record of records) add(builder, record);
        const bound = builder.byteLength;
        const { length } = builder.take()!;
        expect(length).toBeLessThanOrEqual(bound);
        // Wide forms that were not needed, and what could have been needed to align each column of each section.
        expect(bound - length).toBeLessThanOrEqual(8 * records.length + 800);
      }),
    );
  });

  test('thousands of records, more than any first capacity', () => {
    const records = Array.from({ length: 3000 }, (_, i): JournalRecord[] =>
      sample.map((record) => (record.type === 'name' ? record : { ...record, idx: i })),
    ).flat();
    expect([...decodeBatch(encode(records))].map(comparable)).toEqual(records.map(comparable));
  });

  test('times are rounded to whole microseconds', () => {
    const builder = createBatchBuilder();
    builder.transition({ ...running, timeUs: 10.4 });
    builder.transition({ ...running, timeUs: 99.5 });
    expect([...decodeBatch(builder.take()!).rows.transition.timeUs]).toEqual([10, 100]);
  });

  test('what is not given reads as its default', () => {
    const builder = createBatchBuilder();
    builder.declare(declared);
    builder.transition(running);
    const [first, second] = [...decodeBatch(builder.take()!)];
    expect(first).toMatchObject({ after: [], argumentDigest: new Uint8Array(0) });
    expect(second).toMatchObject({ lane: -1, reason: '', message: '' });
  });

  test('data edges and order edges are told apart', () => {
    const builder = createBatchBuilder();
    builder.declare({ ...declared, upstream: [0, 5], after: [] });
    builder.declare({ ...declared, idx: 2, upstream: [], after: [1] });
    const { upstream, after } = decodeBatch(builder.take()!).rows.declare;
    expect([0, 1].map((row) => [[...nodesAt(upstream, row)], [...nodesAt(after, row)]])).toEqual([
      [[0, 5], []],
      [[], [1]],
    ]);
  });

  test('what was given may be used again', () => {
    const builder = createBatchBuilder();
    const key = new Uint8Array(16).fill(1);
    const upstream = [3];
    builder.declare({ ...declared, key, upstream });
    key.fill(2);
    upstream[0] = 4;
    expect([...decodeBatch(builder.take()!)]).toMatchObject([
      { key: new Uint8Array(16).fill(1), upstream: [3] },
    ]);
  });

  test('bytes at an odd address decode as well', () => {
    const bytes = encode(sample);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...decodeBatch(shifted.subarray(3))].map(comparable)).toEqual(sample.map(comparable));
  });

  test('the value heap may be kept apart', () => {
    const bytes = encode(sample);
    const { columnsBytes, rows } = decodeBatch(bytes);
    expect(bytes.length - columnsBytes).toBe(3);
    expect([...bytes.subarray(columnsBytes)]).toEqual([1, 2, 3]);
    const apart = decodeBatch(bytes.subarray(0, columnsBytes), { withoutValueHeap: true });
    expect(apart.rows.value.bytes).toEqual(rows.value.bytes);
    expect([...apart].find(({ type }) => type === 'value')).toMatchObject({ bytes: new Uint8Array(0) });
  });
});

describe('what is damaged is refused', () => {
  test('every truncation', () => {
    const bytes = encode(sample);
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => decodeBatch(bytes.slice(0, length)))).toBe('JOURNAL_CORRUPT');
    }
    expect(codeOf(() => decodeBatch(new Uint8Array([...bytes, 0])))).toBe('JOURNAL_CORRUPT');
  });

  test('flipped bits give records or a coded error, never anything else', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(anyRecord, { minLength: 1, maxLength: 20 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 4 }),
        (records, flips) => {
          const bytes = encode(records);
          for (const [position, bit] of flips) bytes[position % bytes.length]! ^= 1 << bit;
          const code = codeOf(() => [...decodeBatch(bytes)]);
          expect([undefined, 'JOURNAL_CORRUPT', 'JOURNAL_TOO_NEW']).toContain(code);
          if (code !== undefined) refused++;
        },
      ),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  test('every flipped bit of the header', () => {
    const bytes = encode(sample);
    for (let bit = 0; bit < BATCH_HEADER_BYTES * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(['JOURNAL_CORRUPT', 'JOURNAL_TOO_NEW']).toContain(codeOf(() => [...decodeBatch(damaged)]));
    }
  });

  test('arbitrary bytes behind a true beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: BATCH_HEADER_BYTES, maxLength: 400 }), (noise) => {
        const bytes = noise.slice();
        bytes.set(encode(sample).subarray(0, BATCH_HEADER.columnsBytes));
        new DataView(bytes.buffer).setUint32(BATCH_HEADER.columnsBytes, bytes.length, true);
        new DataView(bytes.buffer).setUint32(BATCH_HEADER.heapBytes, 0, true);
        expect(codeOf(() => decodeBatch(bytes))).toBe('JOURNAL_CORRUPT');
      }),
    );
  });

  test('counts that would wrap around are refused without allocating', () => {
    const bytes = encode(sample);
    for (const field of [SECTION_HEADER.rows, SECTION_HEADER.bytes]) {
      for (const at of sectionsOf(bytes)) {
        const damaged = bytes.slice();
        new DataView(damaged.buffer).setUint32(at + field, 0xffff_fff8, true);
        expect(codeOf(() => decodeBatch(damaged))).toBe('JOURNAL_CORRUPT');
      }
    }
  });

  test('a section that comes twice', () => {
    const bytes = encode(sample);
    const view = new DataView(bytes.buffer);
    const [first, second] = sectionsOf(bytes);
    view.setUint16(second! + SECTION_HEADER.kind, view.getUint16(first!, true), true);
    expect(codeOf(() => decodeBatch(bytes))).toBe('JOURNAL_CORRUPT');
  });

  test('a batch of a later format says so, an earlier one is none', () => {
    const bytes = encode(sample);
    new DataView(bytes.buffer).setUint16(BATCH_HEADER.version, 3, true);
    expect(codeOf(() => decodeBatch(bytes))).toBe('JOURNAL_TOO_NEW');
    new DataView(bytes.buffer).setUint16(BATCH_HEADER.version, 1, true);
    expect(codeOf(() => decodeBatch(bytes))).toBe('JOURNAL_CORRUPT');
  });

  test('text that is not UTF-8 is reported when it is read', () => {
    const bytes = encode(sample);
    bytes[bytes.indexOf(0xce)] = 0xff; // first byte of Ω
    const decoded = decodeBatch(bytes);
    expect(codeOf(() => [...decoded])).toBe('JOURNAL_CORRUPT');
  });
});

/** Where the header of each section begins. */
function sectionsOf(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.getUint32(BATCH_HEADER.columnsBytes, true);
  const starts: number[] = [];
  for (let at = BATCH_HEADER_BYTES; at < end; at += 16 + view.getUint32(at + SECTION_HEADER.bytes, true))
    starts.push(at);
  return starts;
}

describe('what a column cannot hold is refused when it is added', () => {
  const key = new Uint8Array(16);
  const builder = createBatchBuilder();
  const entry = { idx: 0, attempt: 0, kind: 'log', timeUs: 0, key: new Uint8Array(0), body: '' } as const;
  const value = { idx: 0, attempt: 0, storage: 0, bytes: new Uint8Array(9), size: 1 } as const;
  test.each([
    ['node number', () => builder.transition({ ...running, idx: -1 })],
    ['node number', () => builder.transition({ ...running, idx: 0.5 })],
    ['state', () => builder.transition({ ...running, state: 99 })],
    ['state', () => builder.transition({ ...running, state: 0.5 })],
    ['attempt', () => builder.transition({ ...running, attempt: 2 ** 32 })],
    ['time', () => builder.transition({ ...running, timeUs: Number.NaN })],
    ['lane', () => builder.transition({ ...running, lane: 40_000 })],
    ['reason', () => builder.transition({ ...running, reason: 'reason_99999' })],
    ['key of length', () => builder.declare({ ...declared, key: new Uint8Array(3) })],
    ['argument digest', () => builder.declare({ ...declared, argumentDigest: new Uint8Array(15) })],
    ['argument digest', () => builder.declare({ ...declared, argumentDigest: key })],
    ['parent', () => builder.declare({ ...declared, parent: -2 })],
    ['group', () => builder.declare({ ...declared, group: -2 })],
    ['node kind', () => builder.declare({ ...declared, kind: 'other' as 'task' })],
    ['flags', () => builder.declare({ ...declared, flags: 256 })],
    ['upstream', () => builder.declare({ ...declared, upstream: [-1] })],
    ['after', () => builder.declare({ ...declared, after: [0.5] })],
    ['size', () => builder.value({ ...value, size: -1 })],
    ['storage', () => builder.value({ ...value, storage: 3 })],
    ['entry key', () => builder.entry({ ...entry, key })],
  ])('%s', (what, action) => {
    expect(action).toThrow(what);
    expect(codeOf(action)).toBe('INVALID_RECORD');
    expect(builder.count).toBe(0);
    expect(builder.take()).toBeUndefined();
  });

  test('and leaves nothing in the batch that follows', () => {
    expect(() => builder.value({ ...value, size: -1 })).toThrow('size');
    expect(() => builder.declare({ ...declared, upstream: [1, 2], inputs: 'lost', flags: 256 })).toThrow(
      'flags',
    );
    builder.value(value);
    builder.declare(declared);
    const fresh = createBatchBuilder();
    fresh.value(value);
    fresh.declare(declared);
    expect([...decodeBatch(builder.take()!)]).toEqual([...decodeBatch(fresh.take()!)]);
  });
});

test('errors carry a remedy', () => {
  expect(() => decodeBatch(new Uint8Array(4))).toThrow(
    expect.objectContaining({ code: 'JOURNAL_CORRUPT', remedy: expect.stringContaining('sidereal doctor') }),
  );
});
