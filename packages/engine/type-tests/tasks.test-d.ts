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
    // @ts-expect-error futures cannot hide in a Map
    date(new Date(), /x/, new Map([['a', Promise.resolve(1)]]));
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
    // @ts-expect-error a delay without a limit
    task({ name: 'x', retries: { delay: '2s' } }, () => 1);
    task(
      {
        name: 'x',
        on: 'threads',
        retries: { limit: 3, delay: '2s', factor: 2, jitter: 0.2, maxDelay: '1m', retryIf: () => true },
        timeout: '5m',
        resources: { memory: '200MiB' },
        durability: 'strict',
        onUnknown: 'rerun',
        priority: 5,
        persist: true,
        tags: ['night'],
      },
      () => 1,
    );
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
