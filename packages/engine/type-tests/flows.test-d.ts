import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  eachSettled,
  flow,
  future,
  group,
  loop,
  reduce,
  run,
  settled,
  task,
  threads,
  type LoopResult,
  type MapFuture,
  type Settled,
  type TaskFuture,
} from '../src/index.ts';

const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const text = task({ name: 'text' }, (n: number) => `${n}`);
const concat = task({ name: 'concat' }, (...parts: string[]) => parts.join(''));
const image = flow(
  { name: 'image', input: z.object({ target: z.string(), channels: z.int() }) },
  async ({ target, channels }) => {
    expectTypeOf(target).toEqualTypeOf<string>();
    return { target, planes: text.map([channels]) as MapFuture<string> };
  },
);
const none = flow(async function none() {
  return 5;
});
const passing = flow(
  {
    name: 'passing',
    input: { target: z.string(), vis: future<Float64Array>(), n: z.coerce.number<string>() },
  },
  async ({ target, vis, n }) => {
    expectTypeOf(target).toEqualTypeOf<string>();
    expectTypeOf(vis).toEqualTypeOf<TaskFuture<Float64Array>>();
    expectTypeOf(n).toEqualTypeOf<number>();
    return n;
  },
);

describe('a flow', () => {
  it('takes its input, or none', () => {
    expectTypeOf(none()).toEqualTypeOf<TaskFuture<number>>();
    image({ target: 'J1851+0035', channels: 64 });
    image({ target: text(1), channels: add(1, 2) });
    image(Promise.resolve({ target: 'x', channels: 1 }));
    // @ts-expect-error no input
    image();
    // @ts-expect-error a field is missing
    image({ target: 'x' });
    // @ts-expect-error a field of another type
    image({ target: 'x', channels: '1' });
    // @ts-expect-error a future of another type
    image({ target: add(1, 2), channels: 1 });
    // @ts-expect-error it takes none
    none(5);
  });

  it('has fields that stay futures', () => {
    const vis = task({ name: 'vis' }, () => new Float64Array(1));
    passing({ target: 'x', vis: vis(), n: '5' });
    passing({ target: text(1), vis: new Float64Array(1), n: text(2) });
    // @ts-expect-error a future of another type
    passing({ target: 'x', vis: add(1, 2), n: '5' });
    // @ts-expect-error what the schema reads is a text
    passing({ target: 'x', vis: vis(), n: 5 });
  });

  it('is made with options that exist', () => {
    flow(
      {
        name: 'all',
        runner: threads(16),
        concurrency: 4,
        memory: '2GiB',
        resources: { gpu: 2 },
        retries: { limit: 1 },
        timeout: '1h',
        persist: true,
        tags: ['night'],
        version: '1',
        taskDefaults: { retries: 3, timeout: '5m', priority: 1 },
      },
      async () => 1,
    );
    // @ts-expect-error no such option
    flow({ name: 'x', parallel: 4 }, async () => 1);
    // @ts-expect-error a rule is no default
    flow({ name: 'x', taskDefaults: { when: 'all_done' } }, async () => 1);
    // @ts-expect-error without a schema there is no input
    flow({ name: 'x' }, async (input: string) => input);
  });

  it('may be mapped, and called with options', () => {
    expectTypeOf(image.map([{ target: 'x', channels: 1 }])).resolves.items.toHaveProperty('planes');
    image.map(['x', 'y'], (target) => ({ target, channels: add(1, 2) }));
    image.map(text.map([1]), (target, index) => ({ target, channels: index }), { failFast: true });
    expectTypeOf(none.with({ priority: 5, retries: 2, when: 'all_done' })()).toEqualTypeOf<
      TaskFuture<number>
    >();
    // @ts-expect-error a field of another type
    image.map([1], (n) => ({ target: n, channels: 1 }));
    // @ts-expect-error where it runs is its own business
    none.with({ on: 'threads' });
  });
});

describe('what a flow returns', () => {
  it('is what its futures give', () => {
    const sums = flow({ name: 'sums' }, async () => ({ sums: text.map([1, 2]), last: [add(1, 2)] }));
    expectTypeOf(sums()).resolves.toEqualTypeOf<{ sums: string[]; last: number[] }>();
    expectTypeOf(sums.map([undefined])).resolves.toEqualTypeOf<{ sums: string[]; last: number[] }[]>();
  });
});

describe('reduce', () => {
  it('gives what its task gives', () => {
    expectTypeOf(reduce(add, [1, 2])).toEqualTypeOf<TaskFuture<number>>();
    expectTypeOf(reduce(concat, text.map([1, 2]))).toEqualTypeOf<TaskFuture<string>>();
    reduce(add, [1, add(1, 2), Promise.resolve(3)], { arity: 2, initial: add(1, 2) });
    reduce(concat, ['a', text(1)], { arity: 7, initial: 'b' });
    const upToThree = task({ name: 'up-to-three' }, (a: number, b: number, c = 0) => a + b + c);
    expectTypeOf(reduce(upToThree, [1, 2], { arity: 3 })).toEqualTypeOf<TaskFuture<number>>();
    reduce(
      upToThree,
      add.map([[1, 2]], ([a = 0, b = 0]) => [a, b]),
    );
    const wide = task({ name: 'wide' }, (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Float64Array.from([a.length, b.length]),
    );
    expectTypeOf(reduce(wide, [new Float64Array(2)])).resolves.toExtend<Float64Array>();
    // @ts-expect-error the task takes two at once
    reduce(add, [1, 2, 3], { arity: 3 });
    // @ts-expect-error the task takes three at most
    reduce(upToThree, [1, 2, 3], { arity: 4 });
    const allThree = task({ name: 'all-three' }, (a: number, b: number, c: number) => a + b + c);
    // @ts-expect-error where two are left, the third would be missing
    reduce(allThree, [1, 2, 3], { arity: 3 });
    const one = task({ name: 'one' }, (a: number) => a);
    // @ts-expect-error the task takes only one
    reduce(one, [1, 2]);
    // @ts-expect-error no such option
    reduce(add, [1, 2], { aritty: 2 });
    reduce(add, Promise.resolve([1, 2]));
    // @ts-expect-error texts are no numbers
    reduce(add, ['a', 'b']);
    // @ts-expect-error a map of texts is no source of numbers
    reduce(add, text.map([1]));
    // @ts-expect-error the task does not combine two of a kind
    reduce(text, [1, 2]);
    // @ts-expect-error the initial value is another type
    reduce(add, [1], { initial: 'a' });
  });
});

describe('outcomes', () => {
  it('tell value from error by state', async () => {
    const outcome = await settled(add(1, 2));
    expectTypeOf(outcome).toEqualTypeOf<Settled<number>>();
    if (outcome.state === 'completed') expectTypeOf(outcome.value).toEqualTypeOf<number>();
    if (outcome.state === 'failed') {
      expectTypeOf(outcome.error).toEqualTypeOf<Error>();
      expectTypeOf(outcome.value).toEqualTypeOf<undefined>();
    }
    expectTypeOf(eachSettled(text.map([1]))).resolves.toEqualTypeOf<Settled<string>[]>();
    // @ts-expect-error one run is no map
    void eachSettled(add(1, 2));
  });
});

describe('loops and groups', () => {
  it('give what their code gives', () => {
    const solved = loop('solve', { max: 3 }, async (cycle) => {
      cycle.metric('snr', 5, 'dB');
      if (cycle.index === 2) cycle.exit('converged');
      return add(cycle.index, 1);
    });
    expectTypeOf(solved).toEqualTypeOf<TaskFuture<LoopResult<number>>>();
    expectTypeOf(loop('plain', { max: 1 }, () => 'x'))
      .resolves.toHaveProperty('value')
      .toEqualTypeOf<string>();
    expectTypeOf(group('part', () => text(1))).toEqualTypeOf<TaskFuture<string>>();
    add(
      solved.then(({ value }) => value),
      1,
    );
    // @ts-expect-error a loop needs its bound
    loop('solve', {}, () => 1);
  });
});

describe('run', () => {
  it('binds a function as it is', () => {
    const bound = run.bind((n: number, word: string) => `${n}${word}`);
    expectTypeOf(bound).toEqualTypeOf<(n: number, word: string) => string>();
    // @ts-expect-error fields are data by name
    run.log('x', 5);
  });
});
