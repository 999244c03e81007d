import { describe, expect, it } from 'vitest';
import { replaceThenables, thenablesIn } from './futures-inside.ts';

const one = Promise.resolve(1);
const two = Promise.resolve(2);

describe('futures inside arguments', () => {
  it('are found in arrays and plain objects, in order, once each', () => {
    expect(thenablesIn([one, { b: [two, one], c: null }, new Map([['k', two]])])).toEqual([one, two]);
    expect(thenablesIn(one)).toEqual([one]);
    expect(thenablesIn('text')).toEqual([]);
  });

  it('are replaced in a copy that leaves the original and other values as they are', () => {
    const date = new Date(0);
    const shared = [two];
    const args = [one, { date, deep: { shared } }, shared];
    const copy = replaceThenables(args, (thenable) => (thenable === one ? 'one' : 'two'));
    expect(copy).toEqual(['one', { date, deep: { shared: ['two'] } }, ['two']]);
    expect(args[0]).toBe(one);
    expect(copy).toHaveProperty('[1].date', date);
  });

  it('are looked for in circles only once', () => {
    const args: Record<string, unknown> = { one };
    args['self'] = args;
    expect(thenablesIn(args)).toEqual([one]);
    const copy = replaceThenables(args, () => 1);
    expect(copy).toHaveProperty('self.self.one', 1);
  });
});
