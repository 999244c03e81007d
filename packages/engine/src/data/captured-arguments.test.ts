import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classOf, keyText } from '@sidereal/core';
import {
  captureArguments,
  materialize,
  opaqueAmong,
  textOfArguments,
  type CaptureContext,
  type CapturedArguments,
} from './captured-arguments.ts';
import { bytesDigest } from './digest.ts';
import { shared } from './shared-values.ts';
import { ArraySnapshots } from './snapshots.ts';
import { plainValue } from './value-arbitraries.ts';
import { argumentDigest, ValueIdentity } from './value-identity.ts';

/** Stands for a task's future. */
class Later {
  readonly key: string;
  constructor(key: string) {
    this.key = key;
  }

  then(): void {}
}
const keyOf = (future: object): string | undefined => (future instanceof Later ? future.key : undefined);

class Box {
  value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}
class Secret {
  readonly #value: unknown;
  seen: unknown;
  constructor(value: unknown) {
    this.#value = value;
    this.seen = value;
  }

  get value(): unknown {
    return this.#value;
  }
}

function contextOf(): CaptureContext {
  const snapshots = new ArraySnapshots(bytesDigest);
  return {
    snapshots,
    identity: new ValueIdentity(snapshots),
    isFuture: (value) => value instanceof Later,
  };
}
const context = contextOf();
const capture = (...args: unknown[]): CapturedArguments => captureArguments(args, context);
const unresolved = (future: object): unknown => future;
const given = (captured: CapturedArguments): readonly unknown[] => materialize(captured, unresolved);
const digestOf = (captured: CapturedArguments): string =>
  keyText(argumentDigest(textOfArguments(captured, context.identity, keyOf)));

/** Changes something somewhere in a value; false if nothing in it can be changed. */
function mutate(value: unknown): boolean {
  if (ArrayBuffer.isView(value) && value.byteLength > 0) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return true;
  }
  if (Array.isArray(value)) return value.push('changed') > 0;
  if (value instanceof Map) return value.set('changed', true).size > 0;
  if (value instanceof Set) return value.add('changed').size > 0;
  if (value instanceof Date) return value.setTime(value.getTime() === 77 ? 78 : 77) > 0;
  if (typeof value !== 'object' || value === null) return false;
  const { kind } = classOf(value);
  return (kind === 'record' || kind === 'instance') && Reflect.set(value, 'changed', true);
}

describe('captured arguments', () => {
  test('are what they were at the call, whatever becomes of the objects', () => {
    let changed = 0;
    fc.assert(
      fc.property(plainValue, (value) => {
        const before = given(capture(value));
        const captured = capture(value);
        const digest = digestOf(captured);
        const isChanged = mutate(value);
        if (isChanged) changed += 1;
        assert.deepStrictEqual(given(captured), before);
        expect(digestOf(captured)).toBe(digest);
        expect(digestOf(capture(value)) === digest).toBe(!isChanged);
        expect(captured.isPlain).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(changed).toBeGreaterThan(300);
  });

  test('are given to each consumer as its own', () => {
    const captured = capture([3, 1, 2], { deep: { n: 1 } });
    const [list] = given(captured) as [number[]];
    list.push(99);
    assert.deepStrictEqual(given(captured), [[3, 1, 2], { deep: { n: 1 } }]);
    const last = materialize(captured, unresolved, { isLast: true });
    expect(last).toBe(captured.args);
  });

  test('that are scalars cost nothing', () => {
    const args = [1, 'a', null, undefined, true, 2n];
    const captured = captureArguments(args, context);
    expect(captured.args).toBe(args);
    expect(given(captured)).toBe(args);
    expect(captured).toMatchObject({ shape: 'scalars', isPlain: true, thenables: [] });
    expect(capture(Symbol('x')).isPlain).toBe(false);
  });

  test('hold futures in arrays, objects, maps and sets, at any depth, and are given their values', () => {
    const [a, b] = [new Later('a'), new Later('b')];
    const captured = capture(a, [b, { k: new Map([['x', new Set([a])]]) }]);
    expect(captured.thenables).toEqual([a, b, a]);
    const values = new Map<object, unknown>([
      [a, 'A'],
      [b, 'B'],
    ]);
    const valueOf = (future: object): unknown => values.get(future);
    expect(materialize(captured, valueOf)).toEqual(['A', ['B', { k: new Map([['x', new Set(['A'])]]) }]]);
    expect(capture(a, 1)).toMatchObject({ shape: 'flat' });
    expect(materialize(capture(a, 1, b), valueOf)).toEqual(['A', 1, 'B']);
    // Again, for another consumer.
    expect(materialize(captured, valueOf)).toHaveLength(2);
  });

  test('stand for their futures by what the caller says', () => {
    const textOf = (completion: number): string =>
      textOfArguments(
        capture([new Later('a')]),
        context.identity,
        (future) => `${keyOf(future)}#${completion}`,
      ).text;
    expect(textOf(1)).toBe(textOf(1));
    expect(textOf(1)).not.toBe(textOf(2));
  });

  test.each<[string, unknown[], string]>([
    ['a class', [1, new Box(new Later('a'))], 'args[1].value'],
    ['a class, deeper', [{ box: [new Box([new Later('a')])] }], 'args[0].box[0].value[0]'],
    ['an error', [new Error('x', { cause: new Later('a') })], 'args[0].cause'],
    ['what hides state', [new Secret(new Later('a'))], 'args[0].seen'],
    ['an object with a getter', [withGetter({ f: new Later('a') })], 'args[0].f'],
    ['a class beside a plain future', [new Later('b'), new Box(new Later('a'))], 'args[1].value'],
  ])('hide a future in %s: an error with the path', (_what, args, path) => {
    const at = (): string => 'flow.ts:3:1';
    expect(() => captureArguments(args, context, at)).toThrow(
      expect.objectContaining({
        code: 'FUTURE_HIDDEN',
        message: expect.stringContaining(`${path} `),
        at: 'flow.ts:3:1',
      }),
    );
  });

  test('may hold an object that has a promise of its own: it is passed as it is', () => {
    const connection = new Box(Promise.resolve(1));
    const captured = capture(connection);
    expect(captured.isPlain).toBe(false);
    expect((given(captured)[0] as Box).value).toBe(connection.value);
  });

  test('say what of them cannot be seen', () => {
    const captured = capture({ model: { fn: Math.max, n: [1] } });
    expect(opaqueAmong(captured)).toEqual({ path: 'args[0].model.fn', what: "the function 'max'" });
    expect(textOfArguments(captured, context.identity, keyOf).isComplete).toBe(false);
    expect(opaqueAmong(capture(new Later('a'), [1]))).toBeUndefined();
    expect(opaqueAmong(capture(new Secret(1)))?.what).toMatch(/an instance of Secret/);
    expect(opaqueAmong(capture(new Uint8Array(new SharedArrayBuffer(4))))?.path).toBe('args[0]');
  });

  test('that are large are encoded once, and decoded for each consumer', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({ i, name: `row ${i}` }));
    const captured = capture(rows, 1);
    const text = textOfArguments(captured, context.identity, keyOf);
    rows[0] = { i: -1, name: 'changed' };
    expect(captured.encoded).toBeDefined();
    const [[first]] = given(captured) as [typeof rows];
    expect(first).toEqual({ i: 0, name: 'row 0' });
    const [again] = given(captured) as [typeof rows];
    expect(again[0]).not.toBe(first);
    expect(textOfArguments(captured, context.identity, keyOf)).toBe(text);
    expect(captured.bytes).toBeGreaterThan(100_000);
  });

  test.each<[string, () => unknown]>([
    ['instances', () => new Box(1)],
    ['memory', () => Float64Array.of(1, 2)],
    ['URLs', () => new URL('file:///x')],
    ['objects without a prototype', () => Object.assign(Object.create(null), { a: 1 })],
    ['futures', () => new Later('a')],
    ['errors with a code', () => Object.assign(new Error('x'), { code: 'E' })],
  ])('that are large come back the same with %s in them', (_what, make) => {
    const value = [Array.from({ length: 10_000 }, (_, i) => ({ i })), make()];
    const [back] = given(capture(value)) as [unknown[]];
    assert.deepStrictEqual(back, value);
  });

  test('may be nested deeper than any format carries', () => {
    let value: unknown = 'x'.repeat(100_000);
    for (let level = 0; level < 50_000; level += 1) value = [value];
    expect(JSON.stringify(peel(given(capture(value))[0], 49_999))).toBe(
      JSON.stringify(['x'.repeat(100_000)]),
    );
  });

  test('hold large arrays as snapshots that no consumer can change', () => {
    const own = contextOf();
    const array = new Float64Array(100_000).fill(1);
    const calls = Array.from({ length: 50 }, (_, i) => captureArguments([array, i], own));
    const texts = calls.map((captured) => textOfArguments(captured, own.identity, keyOf).text);
    expect(own.snapshots.counts).toEqual({ copied: 1, hashed: 1 });
    expect(new Set(texts).size).toBe(50);
    array[0] = 2;
    const [first] = materialize(calls[0] as CapturedArguments, unresolved) as [Float64Array];
    first[1] = 3;
    const [second] = materialize(calls[1] as CapturedArguments, unresolved, { isLast: true }) as [
      Float64Array,
    ];
    expect(second).toStrictEqual(new Float64Array(100_000).fill(1));
    const lent = materialize(calls[2] as CapturedArguments, unresolved, { arrays: 'borrow' });
    expect(lent[0]).toBe(calls[3]?.args[0]);
  });

  test('take shared values as they are, and write their text once', () => {
    const own = contextOf();
    const table = shared(Array.from({ length: 50_000 }, (_, i) => ({ i })));
    const captured = captureArguments([table, 1], own);
    expect(captured.args[0]).toBe(table);
    expect(materialize(captured, unresolved)[0]).toBe(table);
    const { text, isComplete } = textOfArguments(captured, own.identity, keyOf);
    expect(isComplete).toBe(true);
    const same = captureArguments([structuredClone(table), 1], own);
    expect(textOfArguments(same, own.identity, keyOf).text).toBe(text);
    const odd = shared({ fn: (): number => 1 });
    expect(textOfArguments(capture(odd), context.identity, keyOf).isComplete).toBe(false);
    expect(textOfArguments(capture(odd), context.identity, keyOf).isComplete).toBe(false);
  });

  test('have a digest of 16 bytes, also when there are none', () => {
    expect(digestOf(capture())).toMatch(/^[\da-f]{32}$/);
    expect(digestOf(capture())).not.toBe(digestOf(capture(undefined)));
    expect(digestOf(capture(1, 2))).not.toBe(digestOf(capture([1, 2])));
  });
});

function withGetter(fields: object): object {
  return Object.defineProperty(fields, 'x', { get: () => 1, enumerable: true });
}

function peel(value: unknown, levels: number): unknown {
  let inner = value;
  for (let level = 0; level < levels; level += 1) inner = (inner as unknown[])[0];
  return inner;
}
