import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyInput, Future, Point, twoInputs } from './canonical-arbitraries.ts';
import { canonicalText, type CanonicalContext } from './canonical.ts';

const context: CanonicalContext = {
  futureKey: (value) => (value instanceof Future ? value.key : undefined),
  digestBytes: (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 32),
};
const textOf = (value: unknown): string => canonicalText(value, context);
/** What a task key sees: the text as UTF-8. */
const seen = (value: unknown): string => Buffer.from(textOf(value), 'utf8').toString('hex');

describe('canonicalText', () => {
  test('two inputs have one text if and only if they are equal', () => {
    let equal = 0;
    let different = 0;
    fc.assert(
      fc.property(twoInputs, fc.nat(2), ([a, b], turn) => {
        const areEqual = JSON.stringify(a.description) === JSON.stringify(b.description);
        if (areEqual) equal += 1;
        else different += 1;
        expect(seen(a.build(0)) === seen(b.build(turn))).toBe(areEqual);
      }),
      { numRuns: 3000 },
    );
    expect(Math.min(equal, different)).toBeGreaterThan(100);
  });

  test('a list of inputs is not another list: no input runs into the next', () => {
    fc.assert(
      fc.property(
        fc.array(anyInput, { maxLength: 3 }),
        fc.array(anyInput, { maxLength: 3 }),
        (some, others) => {
          const joined = (list: typeof some): string =>
            list.map((input) => `${textOf(input.build(0))}\n`).join('');
          const described = (list: typeof some): string =>
            JSON.stringify(list.map(({ description }) => description));
          expect(joined(some) === joined(others)).toBe(described(some) === described(others));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('a field that is undefined is not a missing one', () => {
    expect(textOf({ a: 1, b: undefined })).not.toBe(textOf({ a: 1 }));
    expect(textOf([1, undefined])).not.toBe(textOf([1]));
  });

  test('a view counts by what it shows, not by the buffer around it', () => {
    const around = Float64Array.of(1, 2, 3, 4);
    expect(textOf(around.subarray(1, 3))).toBe(textOf(Float64Array.of(2, 3)));
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([2, 3]);
    expect(textOf(shared)).toBe(textOf(Float64Array.of(2, 3)));
  });

  test('functions count by their source', () => {
    const made = [1, 2].map(() => (x: number) => x + 1);
    expect(textOf(made[0])).toBe(textOf(made[1]));
    expect(textOf(made[0])).not.toBe(textOf((x: number) => x + 2));
    expect(textOf(Math.sin)).not.toBe(textOf(Math.cos));
  });

  test('a field called constructor or toJSON is only a field', () => {
    expect(textOf({ constructor: 1 })).not.toBe(textOf({ constructor: 2 }));
    expect(textOf({ toJSON: 1 })).not.toBe(textOf({ toJSON: 2 }));
    expect(textOf(Object.assign(new Point(1, 2), { constructor: 'x' }))).not.toBe(textOf(new Point(1, 2)));
  });

  test.each<[string, () => unknown]>([
    ['a symbol', () => Symbol('s')],
    ['a symbol in an object', () => ({ deep: [Symbol('s')] })],
    ['a weak map', () => new WeakMap()],
    ['a promise', () => Promise.resolve(1)],
    ['an instance whose state is private', () => new Secret(1)],
    ['a cycle', cycle],
  ])('%s has no identity, and the error says what to do', (_what, make) => {
    expect(() => textOf(make())).toThrow(
      expect.objectContaining({ code: 'UNKEYABLE_ARGUMENT', remedy: expect.stringContaining('key') }),
    );
  });

  test('nesting is fine down to 64 levels', () => {
    expect(textOf(nested(64))).toContain('n1');
    expect(() => textOf(nested(66))).toThrow(/nested deeper than 64/);
  });
});

class Secret {
  readonly #value: number;
  constructor(value: number) {
    this.#value = value;
  }

  get doubled(): number {
    return this.#value * 2;
  }
}

function cycle(): unknown {
  const self: unknown[] = [];
  self.push(self);
  return self;
}

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}
