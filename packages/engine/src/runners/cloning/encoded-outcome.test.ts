import { isSiderealError, SiderealError } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import type { ClassNames } from '../../data/packed-object.ts';
import { decodeOutcome, encodeThrew } from './encoded-outcome.ts';

const names: ClassNames = {
  addressOf: () => undefined,
  prototypeAt: () => expect.fail('no class was named'),
};

function travel(thrown: unknown): unknown {
  const outcome = decodeOutcome(structuredClone(encodeThrew(thrown, names)), names);
  return outcome.type === 'threw' ? outcome.error : expect.fail('it has returned');
}

describe('what was thrown, on its way', () => {
  it('keeps name, message, stack and plain fields of errors of any class', () => {
    class GainError extends TypeError {
      override readonly name = 'GainError';
      readonly antennas = [1, 2];
      readonly retry = (): void => {};
    }
    const error = new GainError('gain is zero');
    const arrived = travel(error);
    expect(arrived).toBeInstanceOf(TypeError);
    expect(arrived).toMatchObject({ name: 'GainError', message: 'gain is zero', antennas: [1, 2] });
    expect(arrived).toHaveProperty('stack', error.stack);
    expect(arrived).not.toHaveProperty('retry');
  });

  it('keeps coded errors coded, causes, and grouped errors', () => {
    const group = new AggregateError([new RangeError('one'), 'two'], 'both', { cause: { text: 'plain' } });
    const error = new SiderealError('NO_DATA', 'empty', { remedy: 'Look.', at: 'a.ts:1:2', cause: group });
    const arrived = travel(error);
    expect(isSiderealError(arrived, 'NO_DATA')).toBe(true);
    expect(arrived).toBeInstanceOf(SiderealError);
    expect(arrived).toMatchObject({
      remedy: 'Look.',
      at: 'a.ts:1:2',
      cause: {
        name: 'AggregateError',
        message: 'both',
        cause: { text: 'plain' },
        errors: [{ message: 'one' }, 'two'],
      },
    });
    expect(arrived).toHaveProperty('cause.errors[0]', expect.any(RangeError));
  });

  it('leaves behind causes that are code, promises in fields, and getters that throw', () => {
    const error = Object.assign(new Error('x', { cause: () => 1 }), { later: Promise.resolve(1), kept: 1 });
    Object.defineProperty(error, 'name', { value: 5 });
    Object.defineProperty(error, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('in a getter');
      },
    });
    const group = new AggregateError([Symbol('s'), error], 'group');
    const arrived = travel(group) as AggregateError;
    expect(arrived.errors).toHaveLength(1);
    expect(arrived.errors[0]).toMatchObject({ message: 'x', kept: 1 });
    expect(Object.keys(arrived.errors[0] as Error)).toEqual(['kept']);
  });

  it('arrives as it was thrown if it is no error, if it can', () => {
    for (const thrown of ['text', 5, null, undefined, { a: [1] }]) expect(travel(thrown)).toEqual(thrown);
    expect(travel(() => 1)).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      message: expect.stringContaining('a function'),
    });
    expect(travel({ apply: Symbol('s') })).toMatchObject({
      code: 'UNCLONEABLE_RESULT',
      message: expect.stringContaining('at .apply'),
    });
  });
});
