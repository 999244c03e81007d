import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measure } from './measure.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

const roundTrip = (value: unknown): unknown => decodeValue(encodeValue(value));

/** Arrays of every element type, over memory of their own or a part of some. */
const arrays = fc
  .tuple(
    fc.oneof(
      fc.float64Array(),
      fc.float32Array(),
      fc.int32Array(),
      fc.uint32Array(),
      fc.int16Array(),
      fc.uint16Array(),
      fc.int8Array(),
      fc.uint8Array(),
      fc.uint8ClampedArray(),
      fc.bigInt64Array(),
      fc.bigUint64Array(),
    ),
    fc.nat(3),
  )
  .map(([array, from]) => array.subarray(Math.min(from, array.length)));

const values = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(
      undefined,
      null,
      true,
      false,
      Number.NaN,
      -0,
      Number.POSITIVE_INFINITY,
      2 ** 31,
      -(2 ** 31),
    ),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\ud800', '\udfff', 'a', '\ufeff', '\0', '😀') }),
    fc.date({ noInvalidDate: false }),
    arrays,
  ),
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(tie('leaf'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;

describe('a value that has no obstacle', () => {
  it('comes back the same, as a value of its own', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(measure(value).obstacle).toBeUndefined();
        const back = roundTrip(value);
        expect(back).toStrictEqual(value);
        expect(encodeValue(value).length).toBeGreaterThanOrEqual(measure(value).bufferBytes);
        if (typeof value === 'object' && value !== null) expect(back).not.toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('comes back the same from bytes that lie anywhere', () => {
    fc.assert(
      fc.property(values, fc.nat(9), (value, offset) => {
        const encoded = encodeValue(value);
        const memory = new Uint8Array(encoded.length + offset + 3);
        memory.set(encoded, offset);
        expect(decodeValue(memory.subarray(offset, offset + encoded.length))).toStrictEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it('has a size of the right order', () => {
    expect(measure(new Float64Array(1000)).bytes).toBe(8064);
    expect(measure(new Float64Array(1000)).bufferBytes).toBe(8000);
    expect(measure(['text', { deep: new Float64Array(1000) }, new ArrayBuffer(10)]).bufferBytes).toBe(8010);
    expect(measure([new Float64Array(1000), new Uint8Array(10)]).bytes).toBeGreaterThanOrEqual(8010);
    const shared = new Float64Array(1000);
    expect(measure([shared, shared]).bytes).toBeLessThan(9000);
    expect(measure('x'.repeat(1000)).bytes).toBeGreaterThanOrEqual(1000);
    expect(measure(Array.from({ length: 1000 }, (_, i) => i)).bytes).toBeGreaterThanOrEqual(8000);
  });

  it.each([
    ['an error', new RangeError('out', { cause: new Error('deep') })],
    ['a regular expression', /a+/giu],
    ['an ArrayBuffer', new Uint8Array([1, 2, 3]).buffer],
    ['a DataView', new DataView(new Uint8Array([1, 2, 3]).buffer, 1)],
    ['a list with holes', [1, , 3]], // oxlint-disable-line no-sparse-arrays
    ['a Buffer inside', { buffer: new Uint8Array(Buffer.from('abc')) }],
  ])('may be %s', (_, value) => {
    expect(measure(value).obstacle).toBeUndefined();
    expect(roundTrip(value)).toStrictEqual(value);
  });

  it('may hold cycles, and one thing twice', () => {
    const one = { n: 1 };
    const cyclic: Record<string, unknown> = { one, again: one };
    cyclic['self'] = cyclic;
    expect(measure(cyclic).obstacle).toBeUndefined();
    const back = roundTrip(cyclic) as typeof cyclic;
    expect(back['self']).toBe(back);
    expect(back['one']).toBe(back['again']);
  });

  it('that is shared memory is copied', () => {
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([1, 2]);
    for (const value of [shared, { nested: [shared] }]) {
      expect(measure(value).obstacle).toBeUndefined();
      const back = roundTrip(value);
      shared.set([3, 4]);
      expect(back).toEqual(
        value === shared ? new Float64Array([1, 2]) : { nested: [new Float64Array([1, 2])] },
      );
      shared.set([1, 2]);
    }
  });

  it('that is a Buffer is kept as bytes', () => {
    expect(roundTrip(Buffer.from('abc'))).toEqual(new Uint8Array([97, 98, 99]));
    expect(roundTrip([Buffer.from('abc')])).toEqual([Buffer.from('abc')]);
  });
});

describe('a value with an obstacle', () => {
  class Beam {
    readonly width = 3;
  }
  class CalibrationError extends Error {}
  class Sized extends Map<string, number> {}
  const withCode = Object.assign(new Error('no file'), { code: 'ENOENT' });

  it.each([
    ['a function', () => 1, 'a function'],
    ['a symbol', Symbol('x'), 'a symbol'],
    ['a class instance', new Beam(), 'an instance of Beam'],
    ['a function inside', { a: [new Map([['k', () => 1]])] }, 'a function'],
    ['a symbol in a set', new Set([Symbol('x')]), 'a symbol'],
    ['an error of a class of its own', new CalibrationError('x'), 'an instance of CalibrationError'],
    ['an error with fields', withCode, 'an error with fields of its own'],
    [
      'an error with a cause that is one',
      new Error('x', { cause: withCode }),
      'an error with fields of its own',
    ],
    ['several errors', new AggregateError([]), 'an instance of AggregateError'],
    ['a promise', Promise.resolve(1), 'a promise or future (await it first)'],
    ['a URL', new URL('file:///x'), 'an instance of URL'],
    ['a WeakMap', new WeakMap(), 'an instance of WeakMap'],
    ['a Map of a class of its own', new Sized(), 'an instance of Sized'],
    ['a boxed number', Object(1), 'an instance of Number'],
    ['an object without a constructor', Object.create(Object.create(null)), 'an instance of a class'],
    ['shared memory as such', new SharedArrayBuffer(8), 'a SharedArrayBuffer'],
    [
      'a getter',
      Object.defineProperty({}, 'x', { get: () => 1, enumerable: true }),
      'a getter or hidden field',
    ],
    ['a field with a symbol for a name', { [Symbol('x')]: 1 }, 'a symbol'],
  ])('says which: %s', (_, value, obstacle) => {
    expect(measure(value).obstacle).toBe(obstacle);
    expect(measure({ deep: [value] }).obstacle).toBe(obstacle);
  });
});

describe('bytes that are no value', () => {
  it.each([
    ['none', []],
    ['an unknown tag', [99, 1, 2]],
    ['a number cut short', [4, 1, 2]],
    ['an integer cut short', [7, 1]],
    ['text that is not UTF-8', [5, 0xff, 0xfe]],
    ['a structure cut short', [6, 0xff, 0x0f, 0x6f]],
    ['a structure that is none', [6, 1, 2, 3]],
  ])('are refused: %s', (_, bytes) => {
    expect(() => decodeValue(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ code: 'VALUE_CORRUPT', remedy: expect.stringContaining('sidereal doctor') }),
    );
  });
});
