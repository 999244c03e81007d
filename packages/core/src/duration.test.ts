import { describe, expect, test } from 'vitest';
import { durationMs, type Duration } from './duration.ts';

describe('durationMs', () => {
  test.each<[Duration, number]>([
    [0, 0],
    [1500, 1500],
    [0.25, 0.25],
    ['0s', 0],
    ['250ms', 250],
    ['2s', 2000],
    ['5m', 300_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
  ])('%s is %d ms', (duration, ms) => {
    expect(durationMs(duration)).toBe(ms);
  });

  test.each<[unknown, string]>([
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['', '""'],
    ['5', '"5"'],
    ['-5s', '"-5s"'],
    ['5 s', '"5 s"'],
    ['5sec', '"5sec"'],
    ['.5s', '".5s"'],
    ['1e3ms', '"1e3ms"'],
    ['5s\n', String.raw`"5s\n"`],
    [undefined, 'undefined'],
    [null, 'null'],
    [5n, '5'],
  ])('%s is none, and the error says so', (wrong, shown) => {
    expect(() => durationMs(wrong as Duration)).toThrow(
      expect.objectContaining({
        code: 'INVALID_DURATION',
        message: `${shown} is not a duration`,
        remedy: expect.stringContaining("'250ms'"),
      }),
    );
  });
});
