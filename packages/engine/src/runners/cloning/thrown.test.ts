import { SiderealError, isSiderealError } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../errors/error-record.ts';
import { decodeThrown, encodeThrown } from './thrown.ts';

function travel(thrown: unknown): unknown {
  return decodeThrown(structuredClone(encodeThrown(thrown)));
}

describe('errors on their way', () => {
  it('keep name, message, stack and properties of any class', () => {
    class GainError extends TypeError {
      override readonly name = 'GainError';
      readonly antennas = [1, 2];
      readonly retry = (): void => {};
    }
    const error = new GainError('gain is zero');
    const arrived = travel(error);
    expect(arrived).toBeInstanceOf(Error);
    expect(arrived).toMatchObject({ name: 'GainError', message: 'gain is zero', antennas: [1, 2] });
    expect(arrived).toHaveProperty('stack', error.stack);
    expect(arrived).not.toHaveProperty('retry');
    expect(Object.keys(Object.assign({}, arrived))).toEqual(['antennas']);
  });

  it.each([RangeError, TypeError, SyntaxError, URIError, EvalError, ReferenceError])(
    'keep the class: $name',
    (Class) => {
      expect(travel(new Class('x'))).toBeInstanceOf(Class);
    },
  );

  it('keep coded errors coded', () => {
    const error = new SiderealError('NO_DATA', 'empty', {
      remedy: 'Look.',
      at: 'a.ts:1:2',
      cause: new Error('why'),
    });
    const arrived = travel(error);
    expect(isSiderealError(arrived, 'NO_DATA')).toBe(true);
    expect(arrived).toBeInstanceOf(SiderealError);
    expect(arrived).toMatchObject({ remedy: 'Look.', at: 'a.ts:1:2', cause: { message: 'why' } });
  });

  it('keep causes and grouped errors, deep', () => {
    const group = new AggregateError([new RangeError('one'), 'two'], 'both', { cause: { text: 'plain' } });
    const arrived = travel(new Error('outer', { cause: group }));
    expect(arrived).toMatchObject({
      cause: {
        name: 'AggregateError',
        message: 'both',
        cause: { text: 'plain' },
        errors: [{ message: 'one' }, 'two'],
      },
    });
    expect(arrived).toHaveProperty('cause.errors[0]', expect.any(RangeError));
  });

  it('end where causes go in circles', () => {
    const error = new Error('round');
    error.cause = error;
    let depth = 0;
    for (let at = travel(error); at instanceof Error; at = at.cause) depth++;
    expect(depth).toBeGreaterThan(3);
    expect(depth).toBeLessThan(50);
  });

  it('survive names, messages and getters that are not what they should be', () => {
    const error = new Error('x');
    Object.defineProperty(error, 'name', { value: 5 });
    Object.defineProperty(error, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('in a getter');
      },
    });
    expect(travel(error)).toBeInstanceOf(Error);
  });

  it('let anything else arrive as it was thrown, if it can', () => {
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

  it('read as one line', () => {
    expect(messageOf(new Error('why'))).toBe('why');
    expect(messageOf({ status: 5 })).toBe('{ status: 5 }');
  });
});
