import { describe, expectTypeOf, it } from 'vitest';
import { settled, task, type MapFuture, type Settled, type Task, type TaskFuture } from '../src/index.ts';

const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const load = task({ name: 'load', retries: 2 }, async (path: string) => ({
  path,
  data: new Float64Array(4),
}));
const join = task({ name: 'join' }, (parts: readonly string[], how: { sep: string; deep: { n: number[] } }) =>
  parts.join(how.sep),
);
const optional = task({ name: 'optional' }, (a: number, b?: string) => `${a}${b ?? ''}`);
const rest = task({ name: 'rest' }, (...values: number[]) => values.length);
const nothing = task(function nothing() {});
const identity = task({ name: 'identity' }, <T>(value: T): T => value);
const anything = task({ name: 'anything' }, (value: unknown) => typeof value);
const date = task(
  { name: 'date' },
  (when: Date, pattern: RegExp, table: Map<string, number>) => [when, pattern, table].length,
);
const tags = task(
  { name: 'tags' },
  (set: Set<string>, nested: ReadonlyMap<string, Map<string, number>>) => set.size + nested.size,
);

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Term = number | readonly ['+' | '*', Term, Term];
interface Tree {
  readonly value: number;
  readonly children: readonly Tree[];
}
interface Named {
  readonly name: string;
  readonly inner: readonly { readonly n: number }[];
}

describe('a task', () => {
  it('is called with the arguments of its function, and gives a future of its value', () => {
    expectTypeOf(add(1, 2)).toEqualTypeOf<TaskFuture<number>>();
    expectTypeOf(load('a')).toEqualTypeOf<TaskFuture<{ path: string; data: Float64Array<ArrayBuffer> }>>();
    expectTypeOf(nothing()).toEqualTypeOf<TaskFuture<void>>();
    expectTypeOf<Awaited<ReturnType<typeof load>>['path']>().toEqualTypeOf<string>();
    optional(1);
    optional(1, 'x');
    rest();
    rest(1, 2, 3);
    anything({ any: [1, 'x'] });
    expectTypeOf(identity(5)).toExtend<TaskFuture<unknown>>();
  });

  it('takes futures and promises wherever it takes values', () => {
    add(add(1, 2), Promise.resolve(3));
    join(['a', Promise.resolve('b')], { sep: Promise.resolve('-'), deep: { n: [1, add(1, 2)] } });
    join(Promise.resolve(['a']), Promise.resolve({ sep: '-', deep: { n: [1] } }));
    rest(add(1, 2), 3);
    date(Promise.resolve(new Date()), /x/, new Map());
    anything(add(1, 2));
    date(new Date(), /x/, new Map([['a', add(1, 2)]]));
    tags(new Set([optional(1), 'x']), new Map([['a', new Map([['b', add(1, 2)]])]]));
    tags(
      optional(1).then((tag) => new Set([tag])),
      new Map(),
    );
  });

  it('takes recursive data, and futures at any depth of it', () => {
    const write = task({ name: 'write' }, (json: Json) => JSON.stringify(json).length);
    write({ a: [1, 'x', { b: null, c: [true, [2, { d: 'y' }]] }] });
    write({ a: [add(1, 2), { b: optional(1), c: [[Promise.resolve(true)]] }] });
    expectTypeOf(write.map([{ a: 1 }, [2], 'x'])).toEqualTypeOf<MapFuture<number>>();
    const count = task({ name: 'count' }, (tree: Tree) => tree.children.length);
    count({ value: add(1, 2), children: [{ value: 1, children: [{ value: add(1, 2), children: [] }] }] });
    const evaluate = task({ name: 'evaluate' }, (term: Term): number =>
      typeof term === 'number' ? term : 1,
    );
    evaluate(['+', 1, ['*', add(1, 2), 3]]);
    const between = task(
      { name: 'between' },
      ([from, to]: [number, number?], ...more: [string, ...number[]][]) => (more.length > 0 ? from : to),
    );
    between([add(1, 2), 2], ['a', 1, add(1, 2)]);
    between([1]);
    // @ts-expect-error three are too many
    between([1, 2, 3]);
    // @ts-expect-error a text is no number
    between([1, 'x']);
    // @ts-expect-error a text is no term
    evaluate(['+', 1, ['*', 'x', 3]]);
    expectTypeOf(task({ name: 'read' }, (text: string) => JSON.parse(text) as Json)('x')).toEqualTypeOf<
      TaskFuture<Json>
    >();
    const grow = task({ name: 'grow' }, (tree: Tree): Tree => ({ value: 1, children: [tree] }));
    expectTypeOf(grow(grow({ value: 1, children: [] }))).toEqualTypeOf<TaskFuture<Tree>>();
    // @ts-expect-error a function is no JSON
    write({ a: [() => 1] });
    // @ts-expect-error a future of a text is no number, however deep
    count({ value: 1, children: [{ value: optional(1), children: [] }] });
  });

  it('need not be given what has a default', () => {
    const scaled = task(
      { name: 'scaled' },
      (n: number, factor = 2, { unit = 'Jy' } = {}) => `${n * factor}${unit}`,
    );
    expectTypeOf(scaled(1)).toEqualTypeOf<TaskFuture<string>>();
    scaled(1, add(1, 2));
    scaled(1, 3, { unit: optional(1) });
    scaled.map([1, 2]);
    scaled.map([1, 2], (n) => [n, n]);
    // @ts-expect-error its default says that it is a number
    scaled(1, 'x');
    // @ts-expect-error one argument too many
    scaled(1, 2, {}, 4);
    // @ts-expect-error the first has no default
    scaled();
  });

  it('does not take a future in a field of an instance, where none is found', () => {
    class Box<T> {
      readonly #value: T;
      readonly label = 'box';
      constructor(value: T) {
        this.#value = value;
      }
      get(): T {
        return this.#value;
      }
    }
    class Sealed {
      readonly #secret = 1;
      readonly size = 2;
      sum(): number {
        return this.#secret + this.size;
      }
    }
    const open = task({ name: 'open' }, (box: Box<number>) => box.get());
    const weigh = task({ name: 'weigh' }, (sealed: Sealed) => sealed.sum());
    open(new Box(1));
    open(Promise.resolve(new Box(1)));
    weigh(new Sealed());
    // @ts-expect-error await it first
    open(new Box(add(1, 2)));
    // @ts-expect-error what has the same fields is not the same
    weigh({ size: 2, sum: () => 3 });
    // @ts-expect-error nor with a future among them
    weigh({ size: add(1, 2), sum: () => 3 });
    const anyObject = task({ name: 'any-object' }, (value: object) => typeof value);
    anyObject({ a: add(1, 2) });
    // @ts-expect-error a number is no object
    anyObject(5);
  });

  it('gives the values of futures in what its function returns', () => {
    const pair = task({ name: 'pair' }, () => [add(1, 2), add(3, 4)] as const);
    expectTypeOf(pair()).resolves.toEqualTypeOf<readonly [number, number]>();
    const record = task({ name: 'record' }, async () => ({
      sums: [add(1, 2)],
      byName: new Map([['a', optional(1)]]),
      seen: new Set([add(1, 2)]),
      inner: { late: load('a') },
      plain: new Date(),
    }));
    expectTypeOf(record()).resolves.toEqualTypeOf<{
      sums: number[];
      byName: Map<string, string>;
      seen: Set<number>;
      inner: { late: { path: string; data: Float64Array<ArrayBuffer> } };
      plain: Date;
    }>();
    const either = task({ name: 'either' }, (n: number) => (n > 1 ? add(n, n) : ([add(n, n)] as const)));
    expectTypeOf(either(1)).resolves.toEqualTypeOf<number | readonly [number]>();
    const named = task({ name: 'named' }, (): Named => ({ name: 'x', inner: [{ n: 1 }] }));
    expectTypeOf(named()).toEqualTypeOf<TaskFuture<Named>>();
    const unknowable = task({ name: 'unknowable' }, (): unknown => 1);
    expectTypeOf(unknowable()).toEqualTypeOf<TaskFuture<unknown>>();
  });

  it('refuses what its function would not take', () => {
    // @ts-expect-error one argument is missing
    add(1);
    // @ts-expect-error one argument too many
    add(1, 2, 3);
    // @ts-expect-error a text is no number
    add('1', 2);
    // @ts-expect-error a future of an object is no number
    add(load('a'), 2);
    // @ts-expect-error a promise of a text is no number
    add(Promise.resolve('1'), 2);
    // @ts-expect-error a number is no text, however deep
    join(['a'], { sep: '-', deep: { n: ['x'] } });
    // @ts-expect-error a future of a number is no text, however deep
    join([add(1, 2)], { sep: '-', deep: { n: [] } });
    // @ts-expect-error a field is missing
    join(['a'], { sep: '-' });
    // @ts-expect-error there is no argument
    nothing(1);
  });

  it('has promises of its values', () => {
    expectTypeOf(add(1, 2).then((n) => `${n}`)).toEqualTypeOf<Promise<string>>();
    expectTypeOf(add(1, 2).catch(() => 'none' as const)).toEqualTypeOf<Promise<number | 'none'>>();
    expectTypeOf(add(1, 2).finally(() => {})).toEqualTypeOf<Promise<number>>();
    expectTypeOf(Promise.all([add(1, 2), load('a')])).resolves.toExtend<[number, { path: string }]>();
  });

  it('is made with options that exist', () => {
    // @ts-expect-error a word is no duration
    task({ name: 'x', timeout: 'soon' }, () => 1);
    // @ts-expect-error no such option
    task({ name: 'x', retry: 3 }, () => 1);
    // @ts-expect-error no such option of retries
    task({ name: 'x', retries: { limit: 3, dealy: '2s' } }, () => 1);
    // @ts-expect-error no such rule
    task({ name: 'x', when: 'sometimes' }, () => 1);
    // Kinds of runners are open; that one is registered is checked when the task is defined.
    task({ name: 'x', on: 'dask' }, () => 1);
    // @ts-expect-error no size
    task({ name: 'x', resources: { memory: 'much' } }, () => 1);
    // @ts-expect-error an amount is a number
    task({ name: 'x', resources: { gpu: true } }, () => 1);
    // @ts-expect-error a delay without a limit
    task({ name: 'x', retries: { delay: '2s' } }, () => 1);
    task(
      {
        name: 'x',
        on: 'threads',
        retries: { limit: 3, delay: '2s', factor: 2, jitter: 0.2, maxDelay: '1m', retryIf: () => true },
        timeout: '5m',
        resources: { memory: '200MiB', gpu: 1, cpu: 2 },
        durability: 'strict',
        onUnknown: 'rerun',
        priority: 5,
        persist: true,
        tags: ['night'],
        arrays: 'borrow',
        identity: 'grid/2',
      },
      () => 1,
    );
    // @ts-expect-error it belongs to a call
    task({ name: 'x', key: 'a' }, () => 1);
  });
});

describe('with', () => {
  it('keeps arguments and value', () => {
    const urgent = add.with({ priority: 5, retries: 1, after: [load('a')] });
    expectTypeOf(urgent(1, 2)).toEqualTypeOf<TaskFuture<number>>();
    expectTypeOf(urgent).toExtend<Task<[number, number], number>>();
    // @ts-expect-error a text is no number
    urgent('1', 2);
    // @ts-expect-error no such option
    add.with({ prioritty: 5 });
    // @ts-expect-error a name belongs to the definition
    add.with({ name: 'other' });
  });

  it('makes futures arrive settled under a tolerant rule', () => {
    const look = task({ name: 'look', when: 'all_done' }, (one: Settled<number>, n: number) => [
      one.state,
      n,
    ]);
    look(add(1, 2), 5);
    look(Promise.resolve(1), 5);
    // @ts-expect-error a plain number does not arrive settled
    look(1, 5);
    // @ts-expect-error a future of a text is no future of a number
    look(optional(1), 5);
    // @ts-expect-error futures arrive settled, so none can stand for a number
    look(add(1, 2), add(1, 2));
    const late = task({ name: 'late' }, (one: Settled<number>) => one.value);
    late.with({ when: 'all_done' })(add(1, 2));
    late.with({ when: 'one_failed' })({ state: 'completed', value: 1 });
    late(settled(add(1, 2)));
    // @ts-expect-error under all_success, a future arrives as its value
    late(add(1, 2));
    const many = task({ name: 'many', when: 'always' }, (all: Settled<number>[]) => all.length);
    many([add(1, 2), add(3, 4)]);
    const strict = look.with({ when: 'all_success' });
    strict(settled(add(1, 2)), add(1, 2));
  });
});

describe('map', () => {
  it('takes anything that can be gone through', () => {
    expectTypeOf(load.map(['a', 'b'])).toEqualTypeOf<
      MapFuture<{ path: string; data: Float64Array<ArrayBuffer> }>
    >();
    load.map(new Set(['a']));
    load.map(['a', Promise.resolve('b'), optional(1)]);
    load.map(Promise.resolve(['a']));
    load.map(
      (async function* () {
        yield 'a';
      })(),
    );
    const list = task({ name: 'list' }, () => ['a']);
    load.map(list());
    load.map(optional.map([1, 2]));
    expectTypeOf(add.map([1, 2], (n) => [n, n])).toEqualTypeOf<MapFuture<number>>();
    add.map([{ a: 1 }], ({ a }, index) => [a, index], { key: ({ a }) => `${a}`, failFast: true });
    rest.map([1, 2], {
      key: (n, index) => {
        expectTypeOf(n).toExtend<number>();
        return `${n} ${index}`;
      },
    });
    add.map(rest.map([1]), (item) => {
      expectTypeOf(item).toEqualTypeOf<TaskFuture<number>>();
      return [item, 1];
    });
  });

  it('refuses items and arguments that do not fit', () => {
    // @ts-expect-error numbers are no texts
    load.map([1, 2]);
    // @ts-expect-error a map of numbers is no source of texts
    load.map(rest.map([1]));
    // @ts-expect-error a future of numbers is no source of texts
    load.map(Promise.resolve([1]));
    // @ts-expect-error an argument is missing
    add.map([1, 2], (n) => [n]);
    // @ts-expect-error an argument too many
    add.map([1, 2], (n) => [n, n, n]);
    // @ts-expect-error the task takes two arguments, an item is one
    add.map([1, 2]);
    // @ts-expect-error nor is an item of another map
    add.map(rest.map([1]));
    // @ts-expect-error an argument does not fit
    add.map(['a'], (text) => [text, 1]);
    // @ts-expect-error a number cannot be gone through
    rest.map(5);
    // @ts-expect-error no such option
    load.map(['a'], { failfast: true });
  });

  it('infers along a chain', () => {
    const lengths = rest.map(load.map(['a']), (item) => [item.then(({ data }) => data.length)]);
    expectTypeOf(lengths).resolves.toEqualTypeOf<number[]>();
    const sizes = rest.map(add.map(rest.map([1]), (item) => [item, 1]));
    expectTypeOf(sizes).toEqualTypeOf<MapFuture<number>>();
    anything.map(identity.map(load.map(['a'])));
  });
});
