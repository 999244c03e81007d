import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalText, type CanonicalContext } from './canonical.ts';

const digest = (data: Uint8Array | string): string =>
  createHash('sha256').update(data).digest('hex').slice(0, 32);
const context: CanonicalContext = { futureKey: () => undefined, digestBytes: digest, digestText: digest };
const textOf = (value: unknown): string => canonicalText(value, context).text;
const copyTextOf = (value: unknown): string => canonicalText(value, { ...context, isCopy: true }).text;

const listOf = (length: number, change: Readonly<Record<number, unknown>> = {}): unknown[] => {
  const list: unknown[] = Array.from({ length }, (_, i) => i / 3);
  for (const [at, item] of Object.entries(change)) list[Number(at)] = item;
  return list;
};

it('tells long lists of numbers apart by every item, and by their lengths', () => {
  const long = fc.array(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -0, Number.NaN)), {
    minLength: 30,
    maxLength: 40,
  });
  fc.assert(
    fc.property(long, fc.nat(39), fc.double(), (list, at, item) => {
      const other = list.with(at % list.length, item);
      const areEqual = list.every((one, i) => Object.is(one, other[i]));
      expect(textOf(list) === textOf(other)).toBe(areEqual);
      expect(textOf(list.slice(1))).not.toBe(textOf(list));
      expect(copyTextOf(list)).toBe(textOf(list));
    }),
  );
});

it('gives equal lists one text, however they are held and whatever was written before', () => {
  const whole = listOf(2000, { 1999: 7 });
  const before = textOf(whole);
  textOf(listOf(40));
  expect(textOf([...whole])).toBe(before);
  // Whole numbers, however V8 has come to hold them, and NaN of any sign.
  const refilled = Array.from<number>({ length: 64 }).fill(5);
  expect(textOf(refilled)).toBe(textOf(Array.from({ length: 64 }, () => 5)));
  expect(textOf(listOf(64, { 3: Number.NaN }))).toBe(textOf(listOf(64, { 3: -Number.NaN })));
});

it('tells a list of numbers from all that looks like one', () => {
  const list = listOf(64);
  const others = [
    Float64Array.from({ length: 64 }, (_, i) => i / 3),
    listOf(64, { 5: String(5 / 3) }),
    listOf(64, { 5: 5n }),
    listOf(64, { 5: undefined }),
    listOf(64, { 0: -0 }),
    new Set(list),
    Object.assign(listOf(64), { unit: 'Jy' }),
    { ...list },
  ];
  expect(new Set([list, ...others].map(textOf)).size).toBe(others.length + 1);
});
