import { VALUE_STORAGE } from '@sidereal/core';
import { afterEach, describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { group } from '../authoring/loop.ts';
import { reduce } from '../authoring/reduce.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** How many of the tasks below execute at once: waiting for children does not count. */
const busy = { now: 0, most: 0 };
afterEach(() => {
  expect(busy.now).toBe(0);
  busy.most = 0;
});
async function work<T>(step: () => T): Promise<T> {
  busy.now += 1;
  busy.most = Math.max(busy.most, busy.now);
  await turns(1);
  const result = step();
  busy.now -= 1;
  return result;
}

const leaf = task({ name: 'leaf' }, async (n: number) => work(() => n));
const depth = task({ name: 'depth' }, async (levels: number): Promise<number> => {
  await work(() => undefined);
  return levels === 0 ? 0 : 1 + (await depth(levels - 1));
});
const fanOut = task({ name: 'fan-out' }, async (width: number, levels: number): Promise<number> => {
  await work(() => undefined);
  if (levels === 0) return 1;
  const counts = await Promise.all(Array.from({ length: width }, () => fanOut(width, levels - 1)));
  await work(() => undefined);
  return counts.reduce((a, b) => a + b, 0);
});

describe.each([1, 2, 3])('with %i slots', (slots) => {
  const within = <T>(name: string, body: () => T) => flow({ name, concurrency: slots }, body);

  it('any depth of calls comes to its end', async () => {
    const { value, record } = await runs.run(within('deep', async () => depth(50)));
    expect(value).toBe(50);
    expect(record.lineage(51)).toHaveLength(52);
    expect(busy.most).toBe(1);
  });

  it('any width of calls comes to its end, no more at once than there are slots', async () => {
    const { value, record } = await runs.run(within('wide', async () => fanOut(4, 3)));
    expect(value).toBe(64);
    expect(record.tally('fan-out')).toEqual({ completed: 85 });
    expect(busy.most).toBe(slots);
  });

  it('maps, reduces, stages, groups and outcomes in tasks come to their ends', async () => {
    const add = task({ name: 'add' }, async (a: number, b: number) => work(() => a + b));
    const stage = flow({ name: 'stage' }, async () => leaf(5));
    const all = task({ name: 'all' }, async (n: number) => [
      ...(await leaf.map([n, n + 1])),
      await reduce(add, leaf.map([1, 2, 3, 4, 5])),
      await stage(),
      await group('part', async () => add(leaf(1), leaf(2))),
      (await settled(leaf(n))).value,
      (await eachSettled(leaf.map([7]))).length,
      ...(await Promise.all([leaf(8), leaf.map([9])])),
    ]);
    const parallel = within('all-kinds', async () => all.map([10, 20]));
    const expected = (n: number): unknown[] => [n, n + 1, 15, 5, 3, n, 1, 8, [9]];
    expect(await runs.value(parallel)).toEqual([expected(10), expected(20)]);
    expect(busy.most).toBeLessThanOrEqual(slots);
  });

  it('what a task calls goes before tasks that have not begun: few wait at once', async () => {
    let waiting = 0;
    let most = 0;
    const caller = task({ name: 'caller' }, async (n: number) => {
      waiting += 1;
      most = Math.max(most, waiting);
      const [twice = 0] = await leaf.map([2 * n]);
      const sum = (await leaf(n)) + twice;
      waiting -= 1;
      return sum;
    });
    const items = Array.from({ length: 50 }, (_, n) => n);
    const { value } = await runs.run(within('callers', async () => caller.map(items)));
    expect(value).toEqual(items.map((n) => 3 * n));
    expect(most).toBeLessThan(10);
  });

  it('children that nobody awaits run before the task counts as ended', async () => {
    const leaves = task({ name: 'leaves' }, async () => {
      leaf(1);
      leaf.map([2, 3]);
      group('part', async () => void leaf(4));
    });
    const { record } = await runs.run(within('left', async () => leaves()));
    expect(record.tally('leaf')).toEqual({ completed: 4 });
    expect(record.lineage(record.named('leaf', 'task').at(-1)?.idx ?? 0)).toEqual([
      'leaf',
      'part',
      'leaves',
      'left',
    ]);
  });
});

/** Tasks that return a call instead of awaiting it. */
const passOn = task({ name: 'pass-on' }, (n: number) => leaf(n));
const passDown = task({ name: 'pass-down' }, (levels: number): PromiseLike<number> =>
  levels === 0 ? leaf(0) : passDown(levels - 1),
);

describe.each([1, 2])('a call that a task returns, with %i slots', (slots) => {
  const within = <T>(name: string, body: () => T) => flow({ name, concurrency: slots }, body);

  it('is waited for as if it were awaited: the task gives its slot back', async () => {
    const { value, record } = await runs.run(within('returned', async () => passOn(7)));
    expect(value).toBe(7);
    expect(record.lineage('leaf')).toEqual(['leaf', 'pass-on', 'returned']);
  });

  it('may return another in turn, any number of times', async () => {
    expect(await runs.value(within('levels', async () => passDown(40)))).toBe(0);
  });

  it('may be that of every item of a map', async () => {
    const items = Array.from({ length: 30 }, (_, n) => n);
    expect(await runs.value(within('items', async () => passOn.map(items)))).toEqual(items);
  });

  it('may be a map, a reduce, a stage, a group or an outcome', async () => {
    const add = task({ name: 'add' }, async (a: number, b: number) => work(() => a + b));
    const stage = flow({ name: 'stage' }, () => leaf(5));
    const map = task({ name: 'map' }, () => leaf.map([1, 2]));
    const sum = task({ name: 'sum' }, () => reduce(add, leaf.map([1, 2, 3])));
    const staged = task({ name: 'staged' }, () => stage());
    const grouped = task({ name: 'grouped' }, () => group('part', async () => leaf(4)));
    const outcome = task({ name: 'outcome' }, () => settled(leaf(8)));
    const all = within('kinds', async () =>
      Promise.all([map(), sum(), staged(), grouped(), outcome()] as const),
    );
    expect(await runs.value(all)).toEqual([[1, 2], 6, 5, 4, { state: 'completed', value: 8 }]);
  });

  it('fails the task if it fails, unless the task takes care of that', async () => {
    const fails = task({ name: 'fails' }, () => {
      throw new RangeError('no');
    });
    const passes = task({ name: 'passes' }, () => fails());
    const mends = task({ name: 'mends' }, () => fails().catch(() => 'mended'));
    const both = within('failing', async () => [(await settled(passes())).error?.message, await mends()]);
    expect(await runs.value(both)).toEqual(['no', 'mended']);
  });
});

describe('futures inside what a task returns', () => {
  it('are replaced by their values, for which it waits without a slot', async () => {
    const pair = task({ name: 'pair' }, () => [leaf(1), leaf(2)]);
    const both = flow({ name: 'inside', concurrency: 1, memory: '1KiB' }, async () => {
      return pair();
    });
    const { value, record } = await runs.run(both);
    expect(value).toEqual([1, 2]);
    expect(record.node('pair').value).toMatchObject({ storage: VALUE_STORAGE.inline });
    expect(record.path('pair')).toEqual(['queued', 'running', 'waiting', 'running', 'completed']);
  });

  it('are kept with it, by a task that must keep its value', async () => {
    const pair = task({ name: 'pair', persist: true }, () => ({ parts: [leaf(1)] }));
    expect(await runs.value(flow({ name: 'kept' }, async () => pair()))).toEqual({ parts: [1] });
  });

  it('fail the task with what they fail with', async () => {
    const fails = task({ name: 'fails' }, (): number => {
      throw new RangeError('no');
    });
    const pair = task({ name: 'pair' }, () => new Map([['part', fails()]]));
    const { value, record } = await runs.run(flow({ name: 'both' }, async () => settled(pair())));
    expect(value).toMatchObject({ state: 'failed', error: { message: 'no' } });
    expect(record.node('pair').state).toBe('failed');
  });
});

describe('the record of nested calls', () => {
  it('shows who called whom, counted under the stage', async () => {
    const inner = flow({ name: 'inner' }, async () => depth(1));
    const { record } = await runs.run(flow({ name: 'outer' }, async () => [await depth(1), await inner()]));
    const stage = record.node('inner').idx;
    expect(
      record.named('depth').map(({ parent, stage: under }) => [record.node(parent).name, under]),
    ).toEqual([
      ['outer', 0],
      ['depth', 0],
      ['inner', stage],
      ['depth', stage],
    ]);
  });
});

describe.each<[string, RunnerChoice]>([
  ['one thread', threads(1)],
  ['two threads', threads(2)],
  ['one inline slot', inline(1)],
])('on %s', (_, runner) => {
  const on = <T>(name: string, body: () => T) => flow({ name, runner }, body);

  it('nested calls come to their ends', async () => {
    const calls = on('nested', async () => [
      await threaded.depth(12),
      await threaded.fanOut(3, 2),
      await threaded.callsInTurn(4),
    ]);
    const { value, record } = await runs.run(calls);
    expect(value).toEqual([12, 9, [11, 12, 14, 1, 8]]);
    expect(record.tally('depth')).toEqual({ completed: 13 });
    expect(record.tally('fan-out')).toEqual({ completed: 13 });
    expect(record.lineage(13)).toHaveLength(14);
  });

  it('children that nobody awaits run before the task counts as ended', async () => {
    const { record } = await runs.run(on('left', async () => threaded.leaves()));
    expect(record.states('add-later')).toEqual(['completed']);
    expect(record.lineage('add-later')).toEqual(['add-later', 'leaves', 'left']);
  });

  it('arrays travel, logs and progress are recorded, tasks know themselves', async () => {
    const calls = on('travels', async () => [
      await threaded.sumArray(threaded.makeArray(100_000)),
      await threaded.sayAll(),
    ]);
    const { value, id, record } = await runs.run(calls);
    const { key, idx } = record.node('say-all');
    expect(value).toEqual([100_000, ['say-all', key, id, 1, `${id}/${key}`]]);
    expect(record.entries(idx, 'log')).toEqual([{ level: 'warn', message: 'careful', fields: { spw: 3 } }]);
    expect(record.entries(idx, 'progress')).toEqual([{ done: 1, total: 2, message: 'half' }]);
  });

  it('a call that a task returns is waited for without a slot', async () => {
    const calls = on('returned', async () => [
      await threaded.passDown(5),
      await threaded.passLater(5),
      await threaded.passDown.map([0, 1, 2]),
      await threaded.passList(),
    ]);
    expect(await runs.value(calls)).toEqual([3, 3, [3, 3, 3], [3, 5]]);
  });

  it('each outcome of a map is told, though some have failed', async () => {
    const calls = on('outcomes', async () => threaded.eachOutcome(5));
    expect(await runs.value(calls)).toEqual([0, '1 is odd', 2, '3 is odd', 4]);
  });

  it('failures travel, with their lines', async () => {
    const calls = on('fails', async () => settled(threaded.fail('no')));
    const { value, record } = await runs.run(calls);
    expect(value).toMatchObject({ state: 'failed', error: { name: 'RangeError', message: 'no' } });
    expect(record.entries('fail', 'error')).toMatchObject([
      { at: expect.stringMatching(/thread-tasks\.ts:\d+:\d+$/) },
    ]);
  });
});
