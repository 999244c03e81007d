import { expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatRate,
  plural,
} from './format.ts';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [3_249, '3.2 s'],
  [59_949, '59.9 s'],
  [59_960, '1 m 00 s'],
  [64_000, '1 m 04 s'],
  [3_599_400, '59 m 59 s'],
  [3_599_600, '1 h 00 m'],
  [7_500_000, '2 h 05 m'],
  [172_800_000, '2 d 00 h'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0:00'],
  [59_999, '0:59'],
  [760_000, '12:40'],
  [3_760_000, '1:02:40'],
])('a clock at %d ms shows %s', (ms, text) => {
  expect(formatClock(ms)).toBe(text);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567, '1,234,567'],
])('%d is %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('one thing is one thing', () => {
  expect([plural(0, 'run'), plural(1, 'run'), plural(1_200, 'run'), plural(2, 'entry', 'entries')]).toEqual([
    '0 runs',
    '1 run',
    '1,200 runs',
    '2 entries',
  ]);
});

test.each([
  [0.44, '0.4/s'],
  [12.4, '12/s'],
  [3_400, '3,400/s'],
])('%d per second is %s', (rate, text) => {
  expect(formatRate(rate)).toBe(text);
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [1_572_864, '1.5 MiB'],
  [200 * 2 ** 20, '200 MiB'],
  [1_023.9 * 2 ** 20, '1.0 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [999, '0 s ago'],
  [61_000, '1 m ago'],
  [7_200_000, '2 h ago'],
  [200_000_000, '2 d ago'],
])('%d ms back is %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});
