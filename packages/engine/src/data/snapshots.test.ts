import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../testing/collect-garbage.ts';
import { bytesDigest } from './digest.ts';
import { ArraySnapshots, LARGE_ARRAY_BYTES } from './snapshots.ts';

const LENGTH = LARGE_ARRAY_BYTES / 8;
const large = (fill = 1): Float64Array => new Float64Array(LENGTH).fill(fill);
const digest = (snapshots: ArraySnapshots, view: ArrayBufferView | undefined): string =>
  view === undefined
    ? ''
    : snapshots.digestBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

describe('snapshots of arrays', () => {
  test('copy an array once, and hash it once, however often it is given', () => {
    const snapshots = new ArraySnapshots(bytesDigest);
    const array = large();
    const first = snapshots.take(array);
    expect(first).toStrictEqual(array);
    expect(first?.buffer).not.toBe(array.buffer);
    for (let i = 0; i < 100; i += 1) {
      expect(snapshots.take(array)).toBe(first);
      digest(snapshots, snapshots.take(array));
    }
    expect(snapshots.counts).toEqual({ copied: 1, hashed: 1 });
    expect(snapshots.snapshotBytes).toBe(LARGE_ARRAY_BYTES);
    expect(digest(snapshots, first)).toBe(digest(new ArraySnapshots(bytesDigest), array));
  });

  test('take another copy when a byte has changed; the first stays what it was', () => {
    const snapshots = new ArraySnapshots(bytesDigest);
    const array = large();
    const first = snapshots.take(array);
    const firstDigest = digest(snapshots, first);
    array[LENGTH - 1] = 2;
    const second = snapshots.take(array);
    expect(second).not.toBe(first);
    expect(second).toStrictEqual(array);
    expect(first).toStrictEqual(large());
    expect(digest(snapshots, second)).not.toBe(firstDigest);
    expect(snapshots.counts.copied).toBe(2);
    array[LENGTH - 1] = Number.NaN;
    expect(snapshots.take(array)).toStrictEqual(array);
  });

  test('tell ranges and types of one memory apart', () => {
    const snapshots = new ArraySnapshots(bytesDigest);
    const array = new Float64Array(2 * LENGTH).fill(1);
    const views = [
      array,
      array.subarray(0, LENGTH),
      array.subarray(LENGTH),
      new Uint8Array(array.buffer),
      Buffer.from(array.buffer),
    ];
    const taken = views.map((view) => snapshots.take(view));
    expect(new Set(taken).size).toBe(5);
    expect(views.map((view) => snapshots.take(view))).toEqual(taken);
    for (const [i, view] of views.entries()) expect(taken[i]).toStrictEqual(view);
  });

  test('leave small arrays to be copied, and a snapshot is its own', () => {
    const snapshots = new ArraySnapshots(bytesDigest);
    expect(snapshots.take(new Float64Array(LENGTH - 1))).toBeUndefined();
    const first = snapshots.take(large());
    expect(first && snapshots.take(first)).toBe(first);
    expect(snapshots.counts.copied).toBe(1);
  });

  test('count the memory that is reachable: with the array goes its copy', async () => {
    const snapshots = new ArraySnapshots(bytesDigest);
    let array: Float64Array | undefined = large();
    snapshots.take(array);
    await collectGarbage();
    expect(snapshots.snapshotBytes).toBe(LARGE_ARRAY_BYTES);
    expect(snapshots.take(array)).toStrictEqual(array);
    expect(snapshots.counts.copied).toBe(1);
    array = undefined;
    await collectGarbage();
    expect(snapshots.snapshotBytes).toBe(0);
  });

  test('let go of copies that nobody holds when told to', async () => {
    const snapshots = new ArraySnapshots(bytesDigest);
    const array = large();
    const other = large(2);
    snapshots.take(array);
    const held = snapshots.take(other);
    snapshots.trim();
    await collectGarbage();
    expect(snapshots.snapshotBytes).toBe(LARGE_ARRAY_BYTES);
    expect(snapshots.take(other)).toBe(held);
    expect(snapshots.take(array)).toStrictEqual(array);
    expect(snapshots.counts.copied).toBe(3);
  });
});
