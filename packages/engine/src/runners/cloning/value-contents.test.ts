import { markAsUntransferable } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { contentsOf } from './value-contents.ts';

const LARGE = 64 * 1024;
const nothing = { needsPacking: false, isOpaque: false, mayHoldFutures: false, buffers: [] };

describe('contentsOf', () => {
  it('finds what a clone would lose, however deep, and goes round circles', () => {
    const value: Record<string, unknown> = { map: new Map([[new Set([[new URL('file:///x')]]), 1]]) };
    value['self'] = value;
    expect(contentsOf(value)).toMatchObject({ ...nothing, needsPacking: true });
    delete value['map'];
    expect(contentsOf(value)).toMatchObject(nothing);
    for (const plain of [1, 'x', null, undefined, new Date(), [1, { a: 2 }], new SharedArrayBuffer(1)]) {
      expect(contentsOf(plain)).toMatchObject(nothing);
    }
  });

  it('finds what cannot travel at all, but does not look into errors', () => {
    class Sealed {
      readonly #x = 1;
      get x(): number {
        return this.#x;
      }
    }
    for (const opaque of [
      () => 1,
      Symbol('x'),
      [new Sealed()],
      {
        get x() {
          return 1;
        },
      },
      new WeakMap(),
    ])
      expect(contentsOf(opaque).isOpaque).toBe(true);
    expect(contentsOf(Object.assign(new Error('x'), { helper: () => 1 }))).toMatchObject({
      ...nothing,
      needsPacking: true,
      mayHoldFutures: true,
    });
  });

  it('finds futures, which are another matter', () => {
    expect(contentsOf({ list: [Promise.resolve(1)] })).toMatchObject({ ...nothing, mayHoldFutures: true });
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
