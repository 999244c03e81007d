import { describe, expect, test } from 'vitest';
import { findHiddenFuture, findOpaque, findUntransferable } from './obstacles.ts';

class Model {
  readonly #weights = [1];
  get size(): number {
    return this.#weights.length;
  }
}
class Plain {
  x = 1;
}
class Later {
  then(): void {}
}
const isFuture = (value: object): boolean => value instanceof Later;

describe('findOpaque', () => {
  test.each<[unknown, string, string]>([
    [[{ model: { fn: Math.max } }], 'args[0].model.fn', "the function 'max'"],
    [[() => 1], 'args[0]', 'a function'],
    [[{ Plain }], 'args[0].Plain', "the class 'Plain'"],
    [[Symbol('x')], 'args[0]', 'the symbol Symbol(x)'],
    [[new Map([['m', new Model()]])], 'args[0].get("m")', 'an instance of Model, whose state cannot be seen'],
    [
      [{ [Symbol('x')]: 1 }],
      'args[0]',
      'an object with a getter, a hidden field or a field named by a symbol',
    ],
    [[new WeakMap()], 'args[0]', 'an instance of WeakMap, whose state cannot be seen'],
    [
      [new Uint8Array(new SharedArrayBuffer(1))],
      'args[0]',
      'memory that is shared, and may change at any time',
    ],
    [[new Plain(), new Error('x', { cause: [new Model()] })], 'args[1].cause[0]', expect.any(String)],
  ])('names the part and the way to it: %#', (args, path, what) => {
    expect(findOpaque(args, 'args')).toEqual({ path, what });
  });

  test('finds nothing in plain data, futures included', () => {
    const plain = [1, { a: new Map([[new Set([new Later()]), new Plain()]]) }, Buffer.from('x'), /x/g];
    expect(findOpaque(plain, 'args')).toBeUndefined();
  });
});

describe('findUntransferable', () => {
  const nowhere = (): boolean => false;

  test('lets shared memory and errors through, not a class that is not found', () => {
    const error = Object.assign(new Error('x'), { fn: Math.max });
    const args = [new SharedArrayBuffer(1), error, [new Plain()]];
    expect(findUntransferable(args, 'args', nowhere)).toEqual({
      path: 'args[2][0]',
      what: 'an instance of Plain, a class that no module exports',
    });
    expect(findUntransferable(args, 'args', (known) => known === Plain.prototype)).toBeUndefined();
    expect(findUntransferable([new Model()], 'args', () => true)?.path).toBe('args[0]');
  });

  test('tells of memory that was given away', () => {
    const array = new Uint8Array(8);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(findUntransferable({ array }, 'the value', nowhere)).toMatchObject({
      path: 'the value.array',
      what: expect.stringContaining('given away'),
    });
  });
});

describe('findHiddenFuture', () => {
  test('looks through what hides state, within a bound', () => {
    const model = Object.assign(new Model(), { deep: { future: new Later() } });
    expect(findHiddenFuture([model], 'args', isFuture)?.path).toBe('args[0].deep.future');
    const endless = Object.assign(new Model(), { list: Array.from({ length: 10_000 }, () => ({})) });
    expect(findHiddenFuture([endless], 'args', isFuture)).toBeUndefined();
    expect(findHiddenFuture([new Later(), [new Later()]], 'args', isFuture)).toBeUndefined();
  });
});
