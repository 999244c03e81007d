import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSiderealError } from '@sidereal/core';
import {
  concatIntervals,
  decodeIntervals,
  encodeIntervals,
  IntervalCollector,
  type Intervals,
} from './interval-columns.ts';

const interval = fc.record({
  idx: fc.nat(0xffff_ffff),
  start: fc.oneof(fc.nat(1e6), fc.maxSafeNat()),
  duration: fc.oneof(fc.nat(1e6), fc.nat(2 ** 40)),
  lane: fc.integer({ min: -1, max: 32_767 }),
  state: fc.nat(19),
  kind: fc.nat(7),
  nameId: fc.nat(0xffff_ffff),
});
type Row = typeof interval extends fc.Arbitrary<infer T> ? T : never;

function collect(rows: readonly Row[]): IntervalCollector {
  const collector = new IntervalCollector();
  for (const { idx, start, duration, lane, state, kind, nameId } of rows) {
    collector.add(idx, start, start + duration, lane, state, kind, nameId);
  }
  return collector;
}

function rowsOf(columns: Intervals): readonly Row[] {
  return Array.from({ length: columns.count }, (_, i) => ({
    idx: columns.idx[i]!,
    start: columns.startUs[i]!,
    duration: columns.durationUs[i]!,
    lane: columns.lanes[i]!,
    state: columns.states[i]!,
    kind: columns.kinds[i]!,
    nameId: columns.nameIds[i]!,
  }));
}

/** As float64 holds start + duration. */
function exact(row: Row): Row {
  return { ...row, duration: row.start + row.duration - row.start };
}

describe('timeline blobs', () => {
  test('any intervals come back', () => {
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 600 }), (rows) => {
        const blob = encodeIntervals(collect(rows));
        expect(rowsOf(decodeIntervals(blob!))).toEqual(rows.map(exact));
      }),
      { numRuns: 60 },
    );
  });

  test('no interval, no blob', () => {
    expect(encodeIntervals(new IntervalCollector())).toBeUndefined();
  });

  test('an end before its start, as when a clock was set back, has no length', () => {
    const collector = new IntervalCollector();
    collector.add(1, 100, 40, 0, 11, 2, 1);
    expect(rowsOf(collector)).toMatchObject([{ start: 100, duration: 0 }]);
  });

  test('several are put together in order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(interval, { maxLength: 5 }), { maxLength: 5 }), (parts) => {
        expect(rowsOf(concatIntervals(parts.map(collect)))).toEqual(parts.flat().map(exact));
      }),
    );
  });

  test('damage is told as such', () => {
    const blob = encodeIntervals(
      collect([{ idx: 1, start: 5, duration: 6, lane: 0, state: 11, kind: 2, nameId: 0 }]),
    )!;
    for (const bytes of [new Uint8Array(0), blob.slice(0, -1), new Uint8Array(200).fill(7)]) {
      expect(() => decodeIntervals(bytes)).toThrow(
        expect.toSatisfy((error: unknown) => isSiderealError(error, 'STORE_CORRUPT')),
      );
    }
  });
});
