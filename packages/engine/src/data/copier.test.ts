import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSiderealError, SiderealError, walkValue } from '@sidereal/core';
import { Copier } from './copier.ts';
import { copyPlain } from './futures-in-values.ts';
import { cloneableValue, plainValue, Point } from './value-arbitraries.ts';

const copy = (value: unknown): unknown => copyPlain(value).value;

/** Objects of a value, memory of arrays included. */
function objectsIn(value: unknown): Set<object> {
  const objects = new Set<object>();
  walkValue(value, {
    object: (part) => {
      objects.add(part);
      if (ArrayBuffer.isView(part)) objects.add(part.buffer);
      return true;
    },
  });
  return objects;
}

class Secret {
  readonly #x = 1;
  get x(): number {
    return this.#x;
  }
}
class Fatal extends Error {
  readonly code = 'E_FATAL';
  readonly extra = new Map([['a', 1]]);
  readonly helper = (): number => 1;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fatal';
  }
}

describe('a copy of plain data', () => {
  test('is equal to it, and shares nothing that can be changed', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        const { value: copied, isPlain } = copyPlain(value);
        expect(isPlain).toBe(true);
        assert.deepStrictEqual(copied, value);
        const originals = objectsIn(value);
        const shared = [...objectsIn(copied)].filter((object) => originals.has(object));
        expect(shared).toEqual([]);
        const isNoMemory = (object: object): boolean => !(object instanceof ArrayBuffer);
        const count = [...originals].filter(isNoMemory).length;
        expect([...objectsIn(copied)].filter(isNoMemory).length).toBe(count);
      }),
      { numRuns: 600 },
    );
  });

  test('is what structuredClone gives, where that loses nothing', () => {
    fc.assert(
      fc.property(cloneableValue, (value) => {
        assert.deepStrictEqual(copy(value), structuredClone(value));
      }),
      { numRuns: 600 },
    );
  });

  test('keeps the order of fields, null prototypes, holes and fields of lists', () => {
    expect(Object.keys(copy({ b: 1, a: { c: 1 }, 1: 2 }) as object)).toEqual(['1', 'b', 'a']);
    expect(Object.getPrototypeOf(copy(Object.create(null)))).toBeNull();
    // oxlint-disable-next-line no-sparse-arrays
    const sparse = copy(Object.assign([1, , { a: 1 }], { columns: ['x'] })) as unknown[];
    expect(1 in sparse).toBe(false);
    expect(sparse).toMatchObject({ length: 3, columns: ['x'] });
    expect(Object.hasOwn(copy(JSON.parse('{"__proto__":{"a":1}}')) as object, '__proto__')).toBe(true);
  });

  test('keeps the class of what is nothing but its fields, and calls none of its code', () => {
    const point = copy(new Point({ n: 1 }, 2)) as Point;
    expect(point).toBeInstanceOf(Point);
    point.x = 3;
    expect(point.sum).toBe(5);
    class Sized extends Map<string, object> {
      limit = { most: 3 };
    }
    const sized = new Sized([['a', {}]]);
    const copied = copy(sized) as Sized;
    expect(copied).toBeInstanceOf(Sized);
    expect(copied.limit).toEqual({ most: 3 });
    expect(copied.limit).not.toBe(sized.limit);
    class List extends Array<number> {}
    expect(copy(List.from([1, 2]))).toStrictEqual(List.from([1, 2]));
  });

  test('of memory is memory of its own; views of one whole buffer share its copy', () => {
    const bytes = Float64Array.of(1, 2, 3);
    const [whole, words, buffer] = copy([bytes, new Uint32Array(bytes.buffer), bytes.buffer]) as [
      Float64Array,
      Uint32Array,
      ArrayBuffer,
    ];
    expect(whole.buffer).toBe(words.buffer);
    expect(whole.buffer).toBe(buffer);
    const part = copy(bytes.subarray(1)) as Float64Array;
    expect([...part]).toEqual([2, 3]);
    expect(part.buffer.byteLength).toBe(16);
    const text = copy(Buffer.from('abc')) as Buffer;
    expect(Buffer.isBuffer(text)).toBe(true);
    expect(text.toString()).toBe('abc');
  });

  test('is thawed: a consumer owns it', () => {
    expect(Object.isFrozen(copy(Object.freeze([Object.freeze({ a: 1 })])))).toBe(false);
  });

  test('of a proxy is what the proxy shows', () => {
    expect(copy(new Proxy({ a: [1] }, {}))).toStrictEqual({ a: [1] });
  });

  test.each<[string, (levels: number) => unknown]>([
    ['lists', (levels) => nest(levels, (inner) => [inner])],
    ['maps and sets', (levels) => nest(levels, (inner) => new Map([['k', new Set([inner])]]))],
    ['causes', (levels) => nest(levels, (inner) => new Error('x', { cause: inner }))],
    ['objects', (levels) => nest(levels, (inner) => ({ inner }))],
  ])('may be nested 20,000 levels deep: %s', (_what, make) => {
    expect(objectsIn(copy(make(20_000))).size).toBe(objectsIn(make(20_000)).size);
  });

  test('takes work by the number of objects, however they are shared', () => {
    let visits = 0;
    let value: unknown = [1];
    for (let level = 0; level < 200; level += 1) {
      value = new Proxy([value, value], {
        getPrototypeOf: (target) => {
          visits += 1;
          return Reflect.getPrototypeOf(target);
        },
      });
    }
    copy(value);
    expect(visits).toBeLessThanOrEqual(2 * 200);
  });
});

describe('a copy of an error', () => {
  test('says what the error says: name, code, message, cause, stack and plain fields', () => {
    const original = new Fatal('no', { cause: new TypeError('deep') });
    const error = copy(original) as Fatal;
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(Fatal);
    expect(error).toMatchObject({ name: 'Fatal', message: 'no', code: 'E_FATAL', stack: original.stack });
    expect(error.extra).toEqual(new Map([['a', 1]]));
    expect(error.extra).not.toBe(original.extra);
    expect('helper' in error).toBe(false);
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause).not.toBe(original.cause);
    expect(copyPlain(original).isPlain).toBe(true);
  });

  test('is of the same kind, if that is one of Node’s own or ours', () => {
    for (const error of [new RangeError('x'), new AggregateError([new Error('a')], 'x'), new Error('x')]) {
      const copied = copy(error) as Error;
      expect(copied.constructor).toBe(error.constructor);
      expect(copied).toEqual(error);
    }
    const ours = new SiderealError('SOME_CODE', 'no', { remedy: 'do', at: 'a.ts:1:2' });
    const copied = copy(ours);
    expect(isSiderealError(copied, 'SOME_CODE')).toBe(true);
    expect(copied).toMatchObject({ remedy: 'do', at: 'a.ts:1:2' });
    expect(copy(new DOMException('gone', 'AbortError'))).toMatchObject({
      name: 'AbortError',
      message: 'gone',
    });
  });

  test('may be its own cause, or stand in its own field', () => {
    const error = Object.assign(new Error('x'), { self: undefined as unknown });
    error.cause = error;
    error.self = [error];
    const copied = copy(error) as typeof error;
    expect(copied).not.toBe(error);
    expect(copied.cause).toBe(copied);
    expect(copied.self).toEqual([copied]);
  });

  test('that throws when it is looked at says what else it can', () => {
    const odd = Object.assign(new Error('x'), { code: 'E' });
    for (const name of ['message', 'stack', 'name']) {
      Object.defineProperty(odd, name, {
        get: () => {
          throw new Error('getter');
        },
      });
    }
    expect(copy(odd)).toMatchObject({ message: '', code: 'E' });
  });
});

describe('what cannot be copied', () => {
  test.each<[string, unknown]>([
    ['a function', (): number => 1],
    ['a symbol', Symbol('x')],
    ['a private field', new Secret()],
    ['a getter', Object.defineProperty({}, 'x', { get: () => 1, enumerable: true })],
    ['a hidden field', Object.defineProperty({}, 'x', { value: 1 })],
    ['a field named by a symbol', { [Symbol('x')]: 1 }],
    ['a WeakMap', new WeakMap()],
    ['shared memory', new SharedArrayBuffer(8)],
    ['an array in shared memory', new Uint8Array(new SharedArrayBuffer(8))],
    ['a promise', Promise.resolve(1)],
    ['a date with a field', Object.assign(new Date(0), { zone: 'UTC' })],
    ['a proxy that throws', new Proxy({ a: 1 }, { get: () => expect.fail('trap') })],
    ['memory that was given away', givenAway()],
  ])('is passed as it is, and said: %s', (_what, value) => {
    expect(copyPlain(value).value).toBe(value);
    expect(copyPlain(value).isPlain).toBe(false);
    const copied = copyPlain({ deep: [value, { n: 1 }] });
    expect(copied.isPlain).toBe(false);
    expect((copied.value as { deep: unknown[] }).deep[0]).toBe(value);
  });
});

describe('a copier', () => {
  test('gives up above its limit, whatever the shape', () => {
    const wide = Array.from({ length: 100_000 }, (_, i) => i);
    const deep = nest(5000, (inner) => [inner]);
    for (const value of [wide, deep, [new Float64Array(20_000)], new Set(wide)]) {
      const copier = new Copier({ maxBytes: 65_536 });
      copier.copy(value);
      expect(copier.isTooLarge).toBe(true);
    }
    const copier = new Copier({ maxBytes: 65_536 });
    copier.copy({ small: [1, 2, 3], text: 'x'.repeat(100_000) });
    expect(copier.isTooLarge).toBe(false);
  });
});

function nest(levels: number, hold: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = hold(value);
  return value;
}

function givenAway(): Uint8Array {
  const array = new Uint8Array(8);
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}
