import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyInput, Future, Point, twoInputs } from './canonical-arbitraries.ts';
import { canonicalText, type CanonicalContext } from './canonical.ts';

const context: CanonicalContext = {
  futureKey: (value) => (value instanceof Future ? value.key : undefined),
  digestBytes: (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 32),
  digestText: (text) => createHash('sha256').update(text).digest('hex').slice(0, 32),
};
const textOf = (value: unknown): string => canonicalText(value, context).text;
const isComplete = (value: unknown): boolean => canonicalText(value, context).isComplete;
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
    ['a function', () => () => 1],
    ['a symbol', () => Symbol('s')],
    ['a symbol in an object', () => ({ deep: [Symbol('s')] })],
    ['a field named by a symbol', () => ({ [Symbol('s')]: 1 })],
    ['a getter', () => Object.defineProperty({}, 'x', { get: () => 1, enumerable: true })],
    ['a hidden field', () => Object.defineProperty({}, 'x', { value: 1 })],
    ['a weak map', () => new WeakMap()],
    ['a promise', () => Promise.resolve(1)],
    ['an instance whose state is private', () => new Secret(1)],
    ['an object that inherits from another', () => Object.create({ a: 1 })],
    ['an impostor', () => Object.create(Map.prototype)],
    ['shared memory', () => new Uint8Array(new SharedArrayBuffer(8))],
    ['a proxy that throws', () => new Proxy({}, { ownKeys: () => assert.fail('trap') })],
    ['something deep inside', () => new Map([[{ k: [1] }, new Set([new Secret(1)])]])],
  ])('%s cannot be told apart, and the text says so', (_what, make) => {
    expect(isComplete(make())).toBe(false);
    expect(isComplete([1, { a: make() }])).toBe(false);
    expect(textOf(make())).toBe(textOf(make()));
  });

  test('an error counts by what it says, not by where it was made', () => {
    const make = (code: string, cause: unknown): Error =>
      Object.assign(new RangeError('out', { cause }), { code });
    expect(textOf(make('A', { n: 1 }))).toBe(textOf(make('A', { n: 1 })));
    expect(textOf(make('A', { n: 1 }))).not.toBe(textOf(make('B', { n: 1 })));
    expect(textOf(make('A', { n: 1 }))).not.toBe(textOf(make('A', { n: 2 })));
    expect(textOf(new AggregateError([new Error('a')]))).not.toBe(textOf(new AggregateError([])));
    expect(isComplete(make('A', 1))).toBe(true);
  });

  test('a hole is not an undefined, and a list may have fields', () => {
    // oxlint-disable-next-line no-sparse-arrays
    expect(textOf([1, , 3])).not.toBe(textOf([1, undefined, 3]));
    expect(textOf(Object.assign([1], { unit: 'Jy' }))).not.toBe(textOf([1]));
    expect(textOf(Object.assign([], { length: 4e9 }))).toContain('4000000000');
  });

  test('whether equal parts are one object or two does not matter', () => {
    const one = { name: 'x'.repeat(300) };
    expect(textOf([one, one])).toBe(textOf([{ ...one }, { ...one }]));
  });

  test('a shared structure is looked at once an object', () => {
    let visits = 0;
    const counting = (value: object): object =>
      new Proxy(value, {
        ownKeys: (target) => {
          visits += 1;
          return Reflect.ownKeys(target);
        },
      });
    let shared: unknown = [1];
    for (let level = 0; level < 1000; level += 1) shared = counting({ a: shared, b: shared });
    expect(textOf(shared)).toMatch(/^H/);
    // A few before texts are kept, and each once or twice (its fields, and whether it has others) after.
    expect(visits).toBeLessThan(8000);
  });

  test.each<[string, (levels: number) => unknown]>([
    ['nested', nested],
    ['a linked list whose nodes are listed too', linked],
    ['a linked list, listed from its end', (levels) => ({ deep: nested(150, linked(levels).toReversed()) })],
  ])('any depth is fine: %s', (_what, make) => {
    expect(textOf(make(100_000))).toBe(textOf(make(100_000)));
    expect(textOf(make(100_000))).not.toBe(textOf(make(100_001)));
  });

  test('a value may hold itself; then its objects are told by their order', () => {
    expect(textOf(cycle(1))).toBe(textOf(cycle(1)));
    expect(textOf(cycle(1))).not.toBe(textOf(cycle(2)));
    expect(isComplete(cycle(1))).toBe(true);
    expect(textOf([cycle(1), cycle(1)])).not.toBe(textOf([cycle(1), cycle(2)]));
    const turned = { self: undefined as unknown, n: 1 };
    turned.self = turned;
    const straight: Record<string, unknown> = { n: 1 };
    straight['self'] = straight;
    expect(textOf(turned)).toBe(textOf(straight));
    const deep = nested(100_000) as unknown[];
    let end = deep;
    while (Array.isArray(end[0])) end = end[0] as unknown[];
    end.push(deep);
    expect(textOf(deep)).toMatch(/^Y/);
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

function cycle(n: number): unknown {
  const self: unknown[] = [n];
  self.push({ self });
  return self;
}

function nested(levels: number, within: unknown = 1): unknown {
  let value = within;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

function linked(count: number): unknown[] {
  const nodes: { n: number; before: unknown }[] = [];
  for (let n = 0; n < count; n += 1) nodes.push({ n, before: nodes[n - 1] });
  return nodes;
}
