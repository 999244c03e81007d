import { markAsUntransferable } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { isPrimitive, contentsOf } from './value-contents.ts';

const LARGE = 64 * 1024;

describe('contentsOf', () => {
  it('finds errors however deep they stand, and goes round circles', () => {
    const value: Record<string, unknown> = { map: new Map([[new Set([[new Error('x')]]), 1]]) };
    value['self'] = value;
    expect(contentsOf(value).hasErrors).toBe(true);
    delete value['map'];
    expect(contentsOf(value).hasErrors).toBe(false);
    for (const plain of [1, 'x', null, undefined, () => 1, new Date()]) {
      expect(contentsOf(plain)).toEqual({ hasErrors: false, buffers: [] });
    }
  });

  it('finds large memory that its views cover whole, once each', () => {
    const array = new Float64Array(LARGE / 8);
    const view = new DataView(new ArrayBuffer(LARGE));
    const bare = new ArrayBuffer(LARGE + 1);
    const { buffers } = contentsOf({
      array,
      again: [array],
      bytes: new Uint8Array(array.buffer),
      view,
      bare,
    });
    expect(new Set(buffers)).toEqual(new Set([array.buffer, view.buffer, bare]));
    expect(buffers).toHaveLength(3);
  });

  it('leaves out what is small, shared, resizable, marked, or only a part', () => {
    const marked = new ArrayBuffer(LARGE);
    markAsUntransferable(marked);
    const whole = new Float64Array(LARGE);
    expect(
      contentsOf([
        new Float64Array(4),
        new Uint8Array(new SharedArrayBuffer(LARGE)),
        new ArrayBuffer(LARGE, { maxByteLength: 2 * LARGE }),
        marked,
        new Float64Array(LARGE).subarray(1),
        whole,
        whole.subarray(2),
        Buffer.from('from the pool'),
      ]).buffers,
    ).toEqual([]);
  });
});

describe('isPrimitive', () => {
  it('is false for whatever can hold something', () => {
    expect([1, 'x', 1n, null, undefined, true].every(isPrimitive)).toBe(true);
    expect([{}, [], () => 1, new Date()].some(isPrimitive)).toBe(false);
  });
});
