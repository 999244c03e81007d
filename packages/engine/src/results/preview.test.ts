import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previewArgs, previewValue } from './preview.ts';

const args = (...given: unknown[]): string => previewArgs(given, () => undefined);

describe('a preview', () => {
  it.each([
    [[1, 'J1851', true, null, undefined], "(1, 'J1851', true, null, undefined)"],
    [[new Float64Array(1_310_720)], '(Float64Array(1310720))'],
    [[[1, [2, [3, [4, [5]]]]]], '([1, [2, [3, Array(2)]]])'],
    [[{ a: 1, b: { c: 'x' } }], "({ a: 1, b: { c: 'x' } })"],
    [[new Map([[1, 2]]), new Set([1])], '(Map(1), Set(1))'],
    [[new Date(0), new RangeError('no'), 5n], '(1970-01-01T00:00:00.000Z, RangeError: no, 5n)'],
    [[], '()'],
  ])('is what a person would write: %#', (given, text) => {
    expect(args(...given)).toBe(text);
  });

  it('shows futures by the run that they are of', () => {
    const future = { then: () => undefined };
    const shown = previewArgs([[future], future], (value) => (value === future ? 'load[3]' : undefined));
    expect(shown).toBe('([load[3]], load[3])');
    expect(previewValue([future, Promise.resolve()])).toBe('[future, future]');
  });

  it('is bounded, whatever it is of', () => {
    fc.assert(
      fc.property(
        fc.array(fc.anything({ withTypedArray: true, withMap: true, withBigInt: true })),
        (given) => {
          expect(args(...given).length).toBeLessThanOrEqual(160);
          expect(previewValue(given).length).toBeLessThanOrEqual(160);
        },
      ),
    );
    const cyclic: unknown[] = [];
    cyclic.push(cyclic, 'x'.repeat(1000));
    expect(args(cyclic).length).toBeLessThanOrEqual(160);
    expect(args(Array.from({ length: 100_000 }, (_, i) => i)).length).toBe(160);
    let shared: unknown = [1];
    for (let level = 0; level < 1000; level += 1) shared = [shared, shared];
    expect(args(shared).length).toBeLessThanOrEqual(160);
  });

  it('takes what cannot be shown', () => {
    expect(args(new Date(Number.NaN))).toBe('(Invalid Date)');
    let calls = 0;
    const getter = {
      get field(): number {
        return (calls += 1);
      },
    };
    expect(args(1, getter, 2)).toBe('(1, { field: (a getter) }, 2)');
    expect(calls).toBe(0);
    const throws = new Proxy({ a: 1 }, { ownKeys: () => expect.fail('trap') });
    expect(args(1, throws, 2)).toBe('(1, (cannot be shown), 2)');
    expect(args(new URL('file:///x'), /a/g, new Object(1))).toBe('(file:///x, /a/g, 1)');
    expect(args(Symbol('x'), Math.max, Object.create(null))).toBe('(Symbol(x), function max, {  })');
  });
});
