import { decodeBatch } from '@sidereal/core';
import { expect, test } from 'vitest';
import { RandomJournal } from '../../testing/random-journal.ts';
import { packSegment, SEGMENT_ENCODING, unpackColumns, unpackSegment } from './segment-codec.ts';

const batch = new RandomJournal(3).batch(500);
const { columnsBytes } = decodeBatch(batch);

test('a batch comes back byte by byte, and its columns without its heap', () => {
  const packed = packSegment(batch, columnsBytes);
  expect(packed.encoding).toBe(SEGMENT_ENCODING.deflate);
  expect(packed.columns.length).toBeLessThan(columnsBytes / 2);
  expect(unpackSegment(packed)).toEqual(batch);
  const columns = unpackColumns(packed);
  expect(columns.rows).toEqual(decodeBatch(batch).rows);
  expect(columns.heapBytes(0, 9)).toHaveLength(0);
});

test('what does not become smaller is kept as it is', () => {
  const noise = new Uint8Array(64).map((_, i) => (i * 167 + 13) % 256);
  const packed = packSegment(noise, 64);
  expect(packed).toMatchObject({ encoding: SEGMENT_ENCODING.plain, heap: undefined });
  expect(unpackSegment(packed)).toEqual(noise);
});

test('every kind of damage is noticed', () => {
  const packed = packSegment(batch, columnsBytes);
  const heap = packed.heap!.slice();
  heap[0]! ^= 1;
  const damaged = [
    { ...packed, heap },
    { ...packed, heap: undefined },
    { ...packed, crc: packed.crc ^ 1 },
    { ...packed, columns: packed.columns.slice(0, -5) },
    { ...packed, rawBytes: 10 },
    { ...packed, encoding: 9 },
  ];
  for (const segment of damaged) {
    expect(() => unpackSegment(segment)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
  }
});
