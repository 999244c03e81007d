import { describe, expect, test } from 'vitest';
import { byteSize, type ByteSize } from './byte-size.ts';

describe('byteSize', () => {
  test.each<[ByteSize, number]>([
    [0, 0],
    [1500, 1500],
    [1.4, 1],
    ['17B', 17],
    ['64KB', 64_000],
    ['2MB', 2_000_000],
    ['3GB', 3_000_000_000],
    ['64KiB', 65_536],
    ['200MiB', 209_715_200],
    ['1.5GiB', 1_610_612_736],
  ])('%s is %d bytes', (size, bytes) => {
    expect(byteSize(size)).toBe(bytes);
  });

  test.each<[unknown, string]>([
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    ['', '""'],
    ['5', '"5"'],
    ['5 MB', '"5 MB"'],
    ['5mb', '"5mb"'],
    ['-5MB', '"-5MB"'],
    ['5iB', '"5iB"'],
    [undefined, 'undefined'],
    [5n, '5'],
  ])('%s is none, and the error says so', (wrong, shown) => {
    expect(() => byteSize(wrong as ByteSize)).toThrow(
      expect.objectContaining({
        code: 'INVALID_SIZE',
        message: `${shown} is not a size`,
        remedy: expect.stringContaining("'200MiB'"),
      }),
    );
  });
});
