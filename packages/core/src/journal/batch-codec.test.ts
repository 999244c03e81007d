import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SiderealError } from '../errors.ts';
import { STATE_CODE } from '../states/state.ts';
import { createBatchBuilder } from './batch-builder.ts';
import type { JournalRecord } from './batch.ts';
import { HEADER, HEADER_BYTES } from './batch-layout.ts';
import { decodeBatch } from './decode-batch.ts';
import { add, anyRecord, comparable } from './journal-arbitraries.ts';
import { VALUE_STORAGE } from './record.ts';

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

const sample: readonly JournalRecord[] = [
  {
    type: 'name',
    id: 1,
    name: 'grid',
    module: 'radio.ts',
    code: 'c0de',
    runner: 'threads',
    tags: ['slow', 'gpu'],
  },
  {
    type: 'declare',
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
  },
  {
    type: 'transition',
    idx: 1,
    state: STATE_CODE.running,
    attempt: 1,
    timeUs: 15,
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
    state: STATE_CODE.completed,
    attempt: 1,
    timeUs: 20,
    lane: 3,
    reason: '',
    message: '',
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
        expect(bound - length).toBeLessThanOrEqual(8 * records.length);
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
    builder.transition(0, STATE_CODE.running, 1, 10.4, 0, '', '');
    builder.transition(0, STATE_CODE.completed, 1, 99.5, 0, '', '');
    expect([...decodeBatch(builder.take()!).transitions.times]).toEqual([10, 100]);
  });

  test('bytes at an odd address decode as well', () => {
    const bytes = encode(sample);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...decodeBatch(shifted.subarray(3))].map(comparable)).toEqual(sample.map(comparable));
  });

  test('the value heap may be kept apart', () => {
    const bytes = encode(sample);
    const { columnsBytes, values } = decodeBatch(bytes);
    expect(bytes.length - columnsBytes).toBe(3);
    expect([...bytes.subarray(columnsBytes)]).toEqual([1, 2, 3]);
    const apart = decodeBatch(bytes.subarray(0, columnsBytes), { withoutValueHeap: true });
    expect(apart.values.starts).toEqual(values.starts);
    expect(apart.valueBytes(0)).toHaveLength(0);
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
    for (let bit = 0; bit < HEADER.declareTimeBase * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(['JOURNAL_CORRUPT', 'JOURNAL_TOO_NEW']).toContain(codeOf(() => [...decodeBatch(damaged)]));
    }
  });

  test('arbitrary bytes behind a true beginning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const bytes = new Uint8Array(Math.max(noise.length, HEADER_BYTES));
        bytes.set(noise);
        bytes.set(encode(sample).subarray(0, HEADER.columnsBytes));
        // Chance may write the header of a batch that is empty, and whole.
        const columnsBytes = new DataView(bytes.buffer).getUint32(HEADER.columnsBytes, true);
        fc.pre(
          columnsBytes !== HEADER_BYTES ||
            bytes.subarray(HEADER.valueBytes, HEADER.declareTimeBase).some((byte) => byte !== 0),
        );
        expect(codeOf(() => decodeBatch(bytes))).toBe('JOURNAL_CORRUPT');
      }),
    );
  });

  test('counts that would wrap around are refused without allocating', () => {
    const bytes = encode(sample);
    for (const field of [HEADER.declares, HEADER.transitions, HEADER.strings, HEADER.textBytes]) {
      const damaged = bytes.slice();
      new DataView(damaged.buffer).setUint32(field, 0xffff_ffff, true);
      expect(codeOf(() => decodeBatch(damaged))).toBe('JOURNAL_CORRUPT');
    }
  });

  test('a batch of a later format says so', () => {
    const bytes = encode(sample);
    new DataView(bytes.buffer).setUint16(HEADER.version, 2, true);
    expect(codeOf(() => decodeBatch(bytes))).toBe('JOURNAL_TOO_NEW');
  });

  test('text that is not UTF-8 is reported when it is read', () => {
    const bytes = encode(sample);
    bytes[bytes.indexOf(0xce)] = 0xff; // first byte of Ω
    const decoded = decodeBatch(bytes);
    expect(codeOf(() => [...decoded])).toBe('JOURNAL_CORRUPT');
  });
});

describe('what a column cannot hold is refused when it is added', () => {
  const key = new Uint8Array(16);
  const builder = createBatchBuilder();
  test.each([
    ['node number', () => builder.transition(-1, 0, 0, 0, -1, '', '')],
    ['node number', () => builder.transition(0.5, 0, 0, 0, -1, '', '')],
    ['state', () => builder.transition(0, 99, 0, 0, -1, '', '')],
    ['attempt', () => builder.transition(0, 0, 65_536, 0, -1, '', '')],
    ['time', () => builder.transition(0, 0, 0, Number.NaN, -1, '', '')],
    ['lane', () => builder.transition(0, 0, 0, 0, 40_000, '', '')],
    ['key length', () => builder.declare(0, new Uint8Array(3), -1, -1, 0, 0, 0, 0, 0, [], '')],
    ['parent', () => builder.declare(0, key, -2, -1, 0, 0, 0, 0, 0, [], '')],
    ['group', () => builder.declare(0, key, -1, -2, 0, 0, 0, 0, 0, [], '')],
    ['node kind', () => builder.declare(0, key, -1, -1, 0, 50, 0, 0, 0, [], '')],
    ['flags', () => builder.declare(0, key, -1, -1, 0, 0, 0, 0, 256, [], '')],
    ['value size', () => builder.value({ idx: 0, attempt: 0, storage: 0, bytes: key, size: -1 })],
  ])('%s', (what, action) => {
    expect(action).toThrow(what);
    expect(codeOf(action)).toBe('INVALID_RECORD');
    expect(builder.count).toBe(0);
    expect(builder.take()).toBeUndefined();
  });
});

test('errors carry a remedy', () => {
  expect(() => decodeBatch(new Uint8Array(4))).toThrow(
    expect.objectContaining({ code: 'JOURNAL_CORRUPT', remedy: expect.stringContaining('sidereal doctor') }),
  );
});
