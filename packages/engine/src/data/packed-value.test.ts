import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classOf, SiderealError } from '@sidereal/core';
import { copyPlain } from './futures-in-values.ts';
import { needsPacking, type ClassNames } from './packed-object.ts';
import { packValue } from './packed-value.ts';
import { unpackValue } from './unpacked-value.ts';
import { plainValue, Point } from './value-arbitraries.ts';

class Sized extends Map<string, unknown> {
  limit = 3;
}
class Unknown {
  x = 1;
}
class Samples extends Float64Array {}
class Epoch extends Date {}
class Place extends URL {}
const KNOWN = new Map<string, object>(
  [Point, Sized, Samples, Epoch, Place].map((known) => [known.name, known.prototype]),
);
const names: ClassNames = {
  addressOf: (prototype) =>
    [...KNOWN]
      .filter(([, known]) => known === prototype)
      .map(([name]) => ({ module: 'file:///m.ts', name }))[0],
  prototypeAt: ({ name }) => KNOWN.get(name) ?? expect.fail(name),
};

/** There and back as between threads. */
function sent(value: unknown): unknown {
  return unpackValue(structuredClone(packValue(value, names).value), names);
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

  test('is needed where a clone would lose something', () => {
    const isNeeded = (value: object): boolean => needsPacking(value, classOf(value));
    const special = [
      new Error('x'),
      new URL('file:///x'),
      Buffer.from('x'),
      new Point(1, 2),
      new Sized(),
      new Samples(2),
      Object.create(null) as object,
      Object.assign(new Map(), { unit: 'Jy' }),
    ];
    expect(special.map(isNeeded)).toEqual(special.map(() => true));
    const plain = [{ a: 1 }, [1], new Map(), new Set(), new Float64Array(1), new Date(0), /x/];
    expect(plain.map(isNeeded)).toEqual(plain.map(() => false));
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

  test('is not whole if nobody finds a class in it, but for one in a field of an error', () => {
    expect(packValue([new Unknown()], names).isWhole).toBe(false);
    const error = Object.assign(new Error('x'), { kept: 1, left: new Unknown() });
    expect(packValue(error, names).isWhole).toBe(true);
    expect(sent(error)).toMatchObject({ kept: 1 });
    expect(sent(error)).not.toHaveProperty('left');
  });

  test('keeps the class of arrays, dates and the like', () => {
    const [samples, epoch, place] = sent([new Samples([1, 2]), new Epoch(5), new Place('file:///x')]) as [
      Samples,
      Epoch,
      Place,
    ];
    expect([samples, epoch, place].map((one) => one.constructor)).toEqual([Samples, Epoch, Place]);
    expect([samples[1], epoch.getTime(), place.href]).toEqual([2, 5, 'file:///x']);
  });

  test('keeps the nearest of Node’s own kinds of an error, and circles of causes', () => {
    class GainError extends TypeError {
      override readonly name = 'GainError';
    }
    const error = new GainError('zero');
    error.cause = error;
    const arrived = sent(error) as GainError;
    expect(arrived).toBeInstanceOf(TypeError);
    expect(arrived.cause).toBe(arrived);
    expect(Object.keys(arrived)).toEqual(['name', 'cause']);
    const stopped = sent(new DOMException('stopped', 'AbortError')) as DOMException;
    expect(stopped).toBeInstanceOf(DOMException);
    expect([stopped.name, stopped.message]).toEqual(['AbortError', 'stopped']);
  });

  test('may look like one that is packed', () => {
    const value = { '@sidereal/packed': 'url', href: 'x', again: new URL('file:///x') };
    expect(sent(value)).toStrictEqual(value);
  });

  test('leaves memory where it is, with all views of it', () => {
    const { buffer } = new Float64Array(4);
    const { value } = packValue([buffer, new Float64Array(buffer), new URL('file:///x')], names);
    expect(value).toHaveProperty('0', expect.any(ArrayBuffer));
    expect((value as [ArrayBuffer, Float64Array])[1].buffer).toBe((value as [ArrayBuffer])[0]);
    expect((value as [ArrayBuffer])[0]).toBe(buffer);
  });
});
