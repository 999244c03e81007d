import { describe, expect, test } from 'vitest';
import { locate, postOrder, walkValue } from './walk.ts';

describe('walkValue', () => {
  test('meets every object once, and what is no object as often as it is held', () => {
    const one = { n: 1 };
    const value: unknown[] = [
      one,
      one,
      new Map([[one, new Set(['a', one])]]),
      new Error('x', { cause: one }),
    ];
    value.push(value);
    let objects = 0;
    const scalars: unknown[] = [];
    walkValue(value, { object: () => (objects += 1) > 0, scalar: (scalar) => scalars.push(scalar) });
    expect(objects).toBe(5);
    expect(scalars).toEqual([1, 'a']);
  });

  test('goes only where it is let in', () => {
    const met: object[] = [];
    const inner = { deep: { deeper: 1 } };
    walkValue([inner], {
      object: (value) => {
        met.push(value);
        return value !== inner;
      },
    });
    expect(met).toEqual([[inner], inner]);
  });

  test('calls no getter', () => {
    let calls = 0;
    const value = { get: 1 };
    Object.defineProperty(value, 'x', { get: () => (calls += 1), enumerable: true });
    walkValue([value], { object: () => true });
    expect(calls).toBe(0);
  });
});

describe('postOrder', () => {
  test('gives parts before what holds them, at any depth', () => {
    let value: unknown[] = [];
    const innermost = value;
    for (let level = 1; level < 50_000; level += 1) value = [value, innermost];
    const order = postOrder(value, () => true) ?? [];
    expect(order.length).toBe(50_000);
    expect(order[0]).toBe(innermost);
    expect(order.at(-1)).toBe(value);
    const place = new Map(order.map((object, at) => [object, at]));
    for (const holder of order as unknown[][]) {
      for (const part of holder) {
        const isBefore = (place.get(part as object) ?? Infinity) < (place.get(holder) ?? -1);
        if (!isBefore) expect.fail('a part comes after its holder');
      }
    }
  });

  test('gives nothing of what holds itself', () => {
    const value: unknown[] = [{}];
    value.push({ value });
    expect(postOrder(value, () => true)).toBeUndefined();
  });
});

describe('locate', () => {
  const isFunction = (value: unknown): 'stop' | 'enter' => (typeof value === 'function' ? 'stop' : 'enter');
  const fn = (): void => undefined;

  test.each<[string, unknown]>([
    ['', fn],
    ['[1].model.fn', [0, { model: { fn } }]],
    ['["a b"][3]', { 'a b': [0, 1, 2, fn] }],
    ['.get("k")', new Map([['k', fn]])],
    [' (a key of the map)', new Map([[fn, 1]])],
    [' (a member of the set)', new Set([fn])],
    ['.get(…).x', new Map([[{}, { x: fn }]])],
    ['.cause[0]', new Error('x', { cause: [fn] })],
    ['[5]', Object.assign([], { 5: fn })],
  ])('gives the path %s', (path, value) => {
    expect(locate(value, isFunction)).toEqual({ path, value: fn });
  });

  test('finds the nearest, and nothing where there is none', () => {
    const cyclic: unknown[] = [[[fn]], [fn]];
    cyclic.push(cyclic);
    expect(locate(cyclic, isFunction)?.path).toBe('[1][0]');
    expect(locate([[cyclic.length]], isFunction)).toBeUndefined();
    expect(locate([[[fn]]], isFunction, 2)).toBeUndefined();
  });
});
