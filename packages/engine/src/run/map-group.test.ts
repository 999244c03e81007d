import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { skip } from '../authoring/skip.ts';
import { task } from '../authoring/task.ts';
import type { TaskFuture } from '../future/future.ts';
import { gate, turns, until } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const quick = { validate: false };

const square = task({ name: 'square' }, (n: number) => n * n);
const addLater = task({ name: 'add-later' }, async (a: number, b: number) => {
  await turns(a % 3);
  return a + b;
});
const even = task({ name: 'even' }, (n: number): number => {
  if (n % 2 === 1) throw new RangeError('odd');
  return n;
});
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const total = task({ name: 'total' }, (values: number[]) => values.reduce((a, b) => a + b, 0));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a map', () => {
  it('gives its values in the order of its items, whenever they end', async () => {
    const maps = flow({ name: 'maps' }, async () => addLater.map(upTo(20), (n, index) => [n, index * 100]));
    const { value, record } = await runs.run(maps);
    expect(value).toEqual(upTo(20).map((n) => n + n * 100));
    const group = record.node('add-later', 'map');
    expect(group).toMatchObject({ state: 'completed', parent: 0 });
    expect(record.tally('add-later')).toEqual({ completed: 20 });
    expect(record.named('add-later', 'task').every((node) => node.group === group.idx)).toBe(true);
    expect(record.entries(group.idx, 'map')).toEqual([{ size: 20 }]);
  });

  it.each([
    ['an array', () => [1, 2, 3]],
    ['a set', () => new Set([1, 2, 3])],
    [
      'a generator',
      function* () {
        yield* [1, 2, 3];
      },
    ],
    [
      'an async generator',
      async function* () {
        for (const n of [1, 2, 3]) {
          await turns(1);
          yield n;
        }
      },
    ],
    ['a promise of an array', () => turns().then(() => [1, 2, 3])],
    ['promises of items', () => [turns(2).then(() => 1), 2, turns(1).then(() => 3)]],
    ['futures of items', () => [square(1), add(1, 1), 3]],
    ['a future of an array', () => total.map([[0, 1], [2], [3]])],
  ])('goes through %s', async (_, items) => {
    const maps = flow({ name: 'maps-any' }, async () => square.map(items()));
    expect(await runs.value(maps)).toEqual([1, 4, 9]);
  });

  it('of a future of an array begins when that is there, and comes after it in the record', async () => {
    const list = task({ name: 'list' }, async () => {
      await turns();
      return [1, 2];
    });
    const maps = flow({ name: 'maps-future' }, async () => square.map(list()));
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([1, 4]);
    expect(record.upstream('square', 'map')).toEqual(['list']);
    const late = flow({ name: 'maps-late' }, async () => {
      const later = task({ name: 'later-list' }, (n: number) => [n, n]);
      return square.map(later(turns().then(() => 3)));
    });
    expect(await runs.value(late)).toEqual([9, 9]);
  });

  it('of the future of an array that fails does not begin', async () => {
    const list = task({ name: 'no-list' }, (): number[] => {
      throw new Error('no list');
    });
    const maps = flow({ name: 'maps-nothing' }, async () => settled(square.map(list())));
    const { value, record } = await runs.run(maps);
    expect(value).toMatchObject({ state: 'upstream_failed', error: { cause: { message: 'no list' } } });
    expect(record.states('square', 'map')).toEqual(['upstream_failed']);
  });

  it('of nothing gives nothing', async () => {
    const maps = flow({ name: 'maps-empty' }, async () => [
      await square.map([]),
      await square.map(square.map([])),
      await eachSettled(square.map([])),
    ]);
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([[], [], []]);
    expect(record.tally('square', 'map')).toEqual({ completed: 4 });
  });

  it.each<[string, () => unknown]>([
    ['at hand', () => 5],
    ['promised', () => Promise.resolve(5)],
    ['of a future', () => square(5)],
  ])('refuses what it cannot go through, with the line: %s', async (_what, items) => {
    const maps = flow({ name: 'maps-number' }, async () => square.map(items() as never));
    expect(await runs.error(maps)).toMatchObject({
      code: 'NOT_ITERABLE',
      message: expect.stringMatching(/square\.map was given (5|25) /),
      at: expect.stringMatching(/map-group\.test\.ts:\d+:\d+$/),
    });
  });

  it('fails with the error of the iterable, and cancels what it has submitted', async () => {
    const waits = task({ name: 'waits' }, async (n: number) => {
      await until(() => run.signal.aborted);
      return n;
    });
    const maps = flow({ name: 'maps-broken' }, async () =>
      waits.map(
        (async function* () {
          yield 1;
          await turns();
          throw new Error('the source is broken');
        })(),
      ),
    );
    const { error, record } = await runs.run(maps);
    expect(error).toMatchObject({ message: 'the source is broken' });
    expect(record.states('waits', 'map')).toEqual(['failed']);
  });

  it('may be awaited twice, late, and by several', async () => {
    const maps = flow({ name: 'maps-twice' }, async () => {
      const squares = square.map([1, 2, 3]);
      const sum = await reduce(add, squares);
      await turns();
      const late = await squares;
      const again = await Promise.all([squares, squares]);
      return [sum, late, again];
    });
    expect(await runs.value(maps)).toEqual([
      14,
      [1, 4, 9],
      [
        [1, 4, 9],
        [1, 4, 9],
      ],
    ]);
  });

  it('may be an argument, whole and item by item', async () => {
    const maps = flow({ name: 'maps-arguments' }, async () => {
      const squares = square.map([1, 2, 3]);
      const kept: TaskFuture<number>[] = [];
      const doubled = add.map(squares, (item) => {
        kept.push(item);
        return [item, item];
      });
      await doubled;
      await turns();
      const items = await Promise.all(kept);
      return [await total(squares), await total(doubled), items, await add(kept[0] ?? 0, kept[2] ?? 0)];
    });
    expect(await runs.value(maps)).toEqual([14, 28, [1, 4, 9], 10]);
  });

  it('passes index and arguments that hold futures', async () => {
    const maps = flow({ name: 'maps-futures' }, async () => {
      const offset = square(10);
      return add.map([1, 2], (n, index) => [add(n, index), offset]);
    });
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([101, 103]);
    // The args function belongs to the flow: what it calls is the flow's.
    const group = record.node('add', 'map');
    const calls = record.named('add', 'task').filter(({ parent }) => parent !== group.idx);
    expect(calls.map(({ parent }) => parent)).toEqual([0, 0]);
  });

  it('calls generators in the flow that they belong to', async () => {
    const maps = flow({ name: 'maps-generator' }, async () => {
      function* calls(): Generator<TaskFuture<number>> {
        for (const n of upTo(3)) yield square(n);
      }
      async function* asyncCalls(): AsyncGenerator<number> {
        for (const n of upTo(3)) yield await square(n);
      }
      return [await square.map(calls()), await square.map(asyncCalls())];
    });
    expect(await runs.value(maps)).toEqual([
      [0, 1, 16],
      [0, 1, 16],
    ]);
  });

  it('tells items apart by the key that it is given, and equal ones by their order', async () => {
    const maps = flow({ name: 'maps-keys' }, async () => {
      await square.map([1, 1, 2], { key: (n, index) => `${n} ${index}` });
      await square.map([1, 1, 2]);
    });
    const [one, two] = await Promise.all([runs.run(maps), runs.run(maps)]);
    const keys = one.record.nodes.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(two.record.nodes.map(({ key }) => key)).toEqual(keys);
  });

  it('may be of stages', async () => {
    const stage = flow({ name: 'stage', input: { '~standard': anyNumber() } }, async (n: number) =>
      square(n),
    );
    const maps = flow({ name: 'maps-stages' }, async () => [
      await stage.map([1, 2, 3]),
      await stage.map(square.map([1, 2]), (n) => n),
      await square.map(stage.map([2])),
    ]);
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([[1, 4, 9], [1, 16], [16]]);
    expect(record.tally('stage', 'stage')).toEqual({ completed: 6 });
    expect(record.tally('stage', 'map')).toEqual({ completed: 3 });
  });

  it('comes after what it is told to, under the rule that it is told', async () => {
    const order: string[] = [];
    const first = task({ name: 'first' }, async () => {
      await turns();
      order.push('first');
      throw new Error('no');
    });
    const then = task({ name: 'then' }, (n: number) => void order.push(`then ${n}`));
    const maps = flow({ name: 'maps-after' }, async () => {
      await then.with({ after: [first()], when: 'all_done' }).map([1, 2]);
      return settled(then.with({ after: [first()] }).map([3]));
    });
    expect(await runs.value(maps)).toMatchObject({ state: 'upstream_failed' });
    expect(order).toEqual(['first', 'then 1', 'then 2', 'first']);
  });

  it('ends before its flow does, though nobody awaits it', async () => {
    const maps = flow({ name: 'maps-left' }, async () => {
      addLater.map(upTo(10), (n) => [n, 1]);
      addLater.map(
        turns().then(() => upTo(5)),
        (n) => [n, 1],
      );
    });
    const { record } = await runs.run(maps);
    expect(record.tally('add-later')).toEqual({ completed: 15 });
  });

  it('may be large', async () => {
    const maps = flow({ name: 'maps-large' }, async () => {
      const values = await square.map(upTo(10_000));
      return values.reduce((a, b) => a + b, 0);
    });
    const { value, record } = await runs.run(maps, undefined, quick);
    expect(value).toBe(upTo(10_000).reduce((sum, n) => sum + n * n, 0));
    expect(record.nodes).toHaveLength(10_002);
  });
});

describe('a map whose items fail', () => {
  it('rejects once all have ended, causes grouped', async () => {
    const maps = flow({ name: 'fails' }, async () => even.map([0, 1, 2, 3, 4, 5]));
    const { error, record } = await runs.run(maps);
    expect(error).toMatchObject({
      code: 'MAP_FAILED',
      message: '3 of 6 runs of even failed: 3× odd',
      cause: { message: '1 different causes', errors: [{ message: 'odd' }] },
      remedy: expect.stringContaining('eachSettled'),
    });
    expect(record.tally('even')).toEqual({ completed: 3, failed: 3 });
    expect(record.states('even', 'map')).toEqual(['failed']);
  });

  it('groups by cause, without the names of single runs', async () => {
    const picky = task({ name: 'picky' }, (n: number): number => {
      if (n % 3 === 0) throw new RangeError('no thirds');
      if (n % 3 === 1) throw new TypeError('no ones');
      return n;
    });
    const maps = flow({ name: 'fails-grouped' }, async () => {
      const picked = picky.map(upTo(9));
      const next = await settled(square.map(picked));
      return [next.error?.message, (await settled(picked)).error?.message];
    });
    expect(await runs.value(maps)).toEqual([
      '6 of 9 runs of square failed: 6× square could not run: picky, which it needs, has failed',
      '6 of 9 runs of picky failed: 3× no thirds; 3× no ones',
    ]);
  });

  it('goes on with those that have not, in maps that consume it', async () => {
    const maps = flow({ name: 'fails-chain' }, async () => {
      const outcomes = await eachSettled(square.map(even.map([0, 1, 2])));
      return outcomes.map(({ state, value }) => [state, value]);
    });
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([
      ['completed', 0],
      ['upstream_failed', undefined],
      ['completed', 4],
    ]);
    expect(record.tally('square')).toEqual({ completed: 2, upstream_failed: 1 });
  });

  it('takes a rejecting promise for the failure of that item alone', async () => {
    const maps = flow({ name: 'fails-promise' }, async () => {
      const items = [1, Promise.reject<number>(new Error('no item')), 3];
      const outcomes = await eachSettled(square.map(items));
      return outcomes.map(({ value, error }) => value ?? error?.message);
    });
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([1, 'no item', 9]);
    expect(record.tally('square')).toEqual({ completed: 2, failed: 1 });
  });

  it('leaves skipped items out, and is not failed by them', async () => {
    const pick = task({ name: 'pick' }, (n: number) => (n % 2 === 0 ? n : skip('odd')));
    const maps = flow({ name: 'skips' }, async () => {
      const picked = pick.map(upTo(5));
      return [await square.map(picked), await picked, await total(picked)];
    });
    const { value, record } = await runs.run(maps);
    expect(value).toEqual([[0, 4, 16], [0, 2, 4], 6]);
    expect(record.tally('square')).toEqual({ completed: 3, skipped: 2 });
  });

  it('fails fast only when asked: what waits is cancelled, what runs is signalled, no item is pulled', async () => {
    let pulled = 0;
    let closed = false;
    let started = 0;
    function* items(): Generator<number> {
      try {
        for (;;) {
          pulled += 1;
          yield pulled;
        }
      } finally {
        closed = true;
      }
    }
    const second = task({ name: 'second' }, async (n: number) => {
      started += 1;
      if (n === 2) {
        await until(() => started >= 4);
        throw new RangeError('two');
      }
      await until(() => run.signal.aborted);
      throw run.signal.reason;
    });
    const maps = flow({ name: 'fails-fast', concurrency: 4 }, async () =>
      settled(second.map(items(), { failFast: true })),
    );
    const { value, record } = await runs.run(maps, undefined, quick);
    expect(value).toMatchObject({
      state: 'failed',
      error: { code: 'MAP_FAILED', message: expect.stringContaining('1 of ') },
    });
    expect([started, closed]).toEqual([4, true]);
    expect(record.tally('second')).toEqual({ failed: 1, cancelled: pulled - 1 });
  });

  it('fails fast while it consumes another map', async () => {
    const refuse = task({ name: 'refuse' }, (_: number): number => {
      throw new Error('no');
    });
    const maps = flow({ name: 'fails-fast-chain' }, async () => {
      const squares = square.map(upTo(10_000));
      const state = await settled(refuse.map(squares, { failFast: true }));
      return [state.state, (await squares).length];
    });
    expect(await runs.value(maps, undefined, quick)).toEqual(['failed', 10_000]);
  });
});

describe('a chain of maps', () => {
  it('goes deep first', async () => {
    const order: string[] = [];
    const step = (name: string) =>
      task({ name }, async (n: number) => {
        await turns(1);
        order.push(`${name}${n}`);
        return n;
      });
    const [a, b, c] = [step('a'), step('b'), step('c')];
    const chain = flow({ name: 'deep', concurrency: 1 }, async () => c.map(b.map(a.map([1, 2, 3]))));
    expect(await runs.value(chain)).toEqual([1, 2, 3]);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
  });

  it('keeps order though items are promised', async () => {
    const chain = flow({ name: 'promised' }, async () =>
      add.map(square.map(upTo(10)), (item, index) => [item, turns(10 - index).then(() => index)]),
    );
    expect(await runs.value(chain)).toEqual(upTo(10).map((n) => n * n + n));
  });

  it('pulls a window ahead of the slowest, never all', async () => {
    const door = gate();
    let pulled = 0;
    let waiting = 0;
    function* items(): Generator<number> {
      for (const n of upTo(20_000)) {
        pulled += 1;
        yield n;
      }
    }
    const slow = task({ name: 'slow', on: 'inline' }, async (n: number) => {
      waiting += 1;
      await door.passed;
      return n;
    });
    const chain = flow({ name: 'window' }, async () => {
      const ends = slow.map(square.map(square.map(items())));
      await until(() => waiting > 0);
      await turns(50);
      const ahead = pulled;
      door.open();
      return [ahead, (await ends).length];
    });
    const [ahead, count] = await runs.value(chain, undefined, quick);
    expect(ahead).toBeLessThanOrEqual(4096 + 1);
    expect(count).toBe(20_000);
  });

  it('of stages pulls fewer, though nothing runs but their own code', async () => {
    const door = gate();
    let pulled = 0;
    function* items(): Generator<number> {
      for (const n of upTo(600)) {
        pulled += 1;
        yield n;
      }
    }
    const stage = flow({ name: 'slow-stage', input: { '~standard': anyNumber() } }, async (n: number) => {
      await door.passed;
      return n;
    });
    const chain = flow({ name: 'stage-window' }, async () => {
      const ends = stage.map(items());
      await turns(50);
      const ahead = pulled;
      door.open();
      return [ahead, (await ends).length];
    });
    expect(await runs.value(chain, undefined, quick)).toEqual([256, 600]);
  });

  it('pulls no more while items wait for a retry', async () => {
    let pulled = 0;
    function* items(): Generator<number> {
      for (const n of upTo(6000)) {
        pulled += 1;
        yield n;
      }
    }
    let ahead = 0;
    const flaky = task({ name: 'flaky', retries: { limit: 1, delay: 30 } }, (n: number) => {
      if (run.attempt === 1) throw new Error('again');
      ahead ||= pulled;
      return n;
    });
    const retries = flow({ name: 'retry-window' }, async () => (await flaky.map(items())).length);
    expect(await runs.value(retries, undefined, quick)).toBe(6000);
    expect(ahead).toBeLessThanOrEqual(4096 + 1);
  });

  it('pulls all if every item needs all others', async () => {
    const divide = task({ name: 'divide' }, (a: number, b: number) => a / b);
    const normalises = flow({ name: 'normalises' }, async () => {
      const values = square.map(upTo(9000));
      const sum = reduce(add, values);
      const parts = divide.map(values, (value) => [value, sum]);
      return Math.round(1000 * (await reduce(add, parts)));
    });
    expect(await runs.value(normalises, undefined, quick)).toBe(1000);
  });
});

function anyNumber() {
  return {
    version: 1 as const,
    vendor: 'test',
    validate: (value: unknown) =>
      typeof value === 'number' ? { value } : { issues: [{ message: 'not a number' }] },
    types: undefined as { readonly input: number; readonly output: number } | undefined,
  };
}
