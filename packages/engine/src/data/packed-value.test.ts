import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SiderealError } from '@sidereal/core';
import { copyPlain } from './futures-in-values.ts';
import { packValue, unpackValue, type ClassNames } from './packed-value.ts';
import { plainValue, Point } from './value-arbitraries.ts';

class Sized extends Map<string, unknown> {
  limit = 3;
}
class Unknown {
  x = 1;
}
const KNOWN = new Map<string, object>([
  ['Point', Point.prototype],
  ['Sized', Sized.prototype],
]);
const classes: ClassNames = {
  nameOf: (prototype) => [...KNOWN].find(([, known]) => known === prototype)?.[0],
  prototypeOf: (name) => KNOWN.get(name),
};

/** There and back as between threads. */
function sent(value: unknown): unknown {
  const packed = packValue(value, classes);
  const arrived: unknown = structuredClone(packed.value);
  return packed.isPacked ? unpackValue(arrived, classes) : arrived;
}

describe('a packed value', () => {
  test('arrives as a copy would be', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        assert.deepStrictEqual(sent(value), copyPlain(value).value);
      }),
      { numRuns: 600 },
    );
  });

  test('is the value itself where a clone loses nothing', () => {
    const value = { a: [1, new Map([[1, new Set([2])]])], b: new Float64Array(3) };
    expect(packValue(value, classes).value).toBe(value);
    expect(packValue(1, classes)).toEqual({ value: 1, isPacked: false });
  });

  test('keeps classes that the other side finds, and the identity of what is shared', () => {
    const point = new Point(1, new Sized([['p', 2]]));
    const [first, { again }] = sent([point, { again: point }]) as [Point, { again: Point }];
    expect(first).toBeInstanceOf(Point);
    expect(first.y).toBeInstanceOf(Sized);
    expect((first.y as Sized).limit).toBe(3);
    expect(again).toBe(first);
    point.x = point;
    const cyclic = sent(point) as Point;
    expect(cyclic.x).toBe(cyclic);
  });

  test('keeps what errors say', () => {
    const error = Object.assign(
      new RangeError('out', { cause: new SiderealError('C', 'm', { remedy: 'r' }) }),
      {
        code: 'E_X',
        url: new URL('file:///x'),
        helper: (): number => 1,
      },
    );
    const arrived = sent({ error }) as { error: typeof error };
    expect(arrived.error).toBeInstanceOf(RangeError);
    expect(arrived.error).toMatchObject({ message: 'out', code: 'E_X', stack: error.stack });
    expect(arrived.error.url).toEqual(new URL('file:///x'));
    expect('helper' in arrived.error).toBe(false);
    expect(arrived.error.cause).toMatchObject({ code: 'C', remedy: 'r', name: 'SiderealError' });
  });

  test('leaves a class that nobody finds to the clone, which loses it', () => {
    expect(sent(new Unknown())).toStrictEqual({ x: 1 });
  });
});
