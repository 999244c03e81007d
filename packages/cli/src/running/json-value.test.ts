import { expect, test } from 'vitest';
import { jsonValue } from './json-value.ts';

test('what JSON cannot say is said otherwise', () => {
  expect(
    jsonValue({
      array: new Float64Array([1, 0.5]),
      big: 12n,
      bigs: new BigInt64Array([1n]),
      date: new Date(0),
      invalid: new Date(Number.NaN),
      map: new Map([['a', new Set([1])]]),
      nan: [Number.NaN, Infinity],
      error: new TypeError('no'),
      nothing: undefined,
      nil: null,
      nested: [{ a: 'b' }],
    }),
  ).toEqual({
    array: [1, 0.5],
    big: '12',
    bigs: ['1'],
    date: '1970-01-01T00:00:00.000Z',
    invalid: null,
    map: [['a', [1]]],
    nan: ['NaN', 'Infinity'],
    error: { name: 'TypeError', message: 'no' },
    nothing: undefined,
    nil: null,
    nested: [{ a: 'b' }],
  });
});

test('what is too large is only named', () => {
  expect(jsonValue(new Float64Array(100_000))).toEqual({ $preview: 'Float64Array(100000)' });
  expect(jsonValue([() => 1])).toMatchObject([{ $preview: expect.stringContaining('function') }]);
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  expect(JSON.stringify(jsonValue(cycle))).toContain('$preview');
});
