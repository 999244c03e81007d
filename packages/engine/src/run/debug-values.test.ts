import { afterEach, describe, expect, it, vi } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { task } from '../authoring/task.ts';
import { shared } from '../data/shared-values.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const debug = { debugValues: true };

const read = task({ name: 'read' }, async (table: { rows: number[] }) => table.rows.length);
const ponder = task({ name: 'ponder' }, async (table: { rows: number[] }) => {
  await turns(8);
  return table.rows.length;
});
const spoil = task({ name: 'spoil' }, async (table: { rows: number[] }) => table.rows.push(0));
const total = task({ name: 'total', arrays: 'borrow' }, (array: Float64Array) =>
  array.reduce((sum, item) => sum + item, 0),
);
const clear = task({ name: 'clear', arrays: 'borrow' }, (array: Float64Array) => void array.fill(0));

const changed = (...names: string[]) =>
  expect.objectContaining({
    code: 'SHARED_VALUE_CHANGED',
    message: expect.stringMatching(new RegExp(names.join('.*'), 's')),
  });

describe('in debug mode', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('who changes a shared value fails, and all that had it are named', async () => {
    const spoiled = flow({ name: 'spoiled', concurrency: 2 }, async () => {
      const table = shared({ rows: [1, 2] });
      return Promise.all([ponder(table), spoil(table)]);
    });
    const { error, record } = await runs.run(spoiled, undefined, debug);
    expect(error).toEqual(changed('spoil', 'ponder', 'spoil'));
    expect(record.states('spoil')).toEqual(['failed']);
  });

  it('a change of the flow itself is found when a task is given the value', async () => {
    const spoiled = flow({ name: 'spoiled' }, async () => {
      const table = shared({ rows: [1, 2] });
      await read(table);
      table.rows.push(3);
      return read.with({ key: 'again' })(table);
    });
    expect((await runs.run(spoiled, undefined, debug)).error).toEqual(changed('read'));
  });

  it('who changes a borrowed array fails', async () => {
    const array = new Float64Array(100_000).fill(1);
    const borrowed = flow({ name: 'borrowed' }, async () => {
      const sum = await total(array);
      await clear(array);
      return sum;
    });
    expect((await runs.run(borrowed, undefined, debug)).error).toEqual(changed('clear'));
  });

  it('readers are left alone, however many', async () => {
    const table = shared({ rows: [1, 2, 3] });
    const whole = flow({ name: 'whole', concurrency: 4 }, async () =>
      Promise.all(Array.from({ length: 20 }, async (_, at) => read.with({ key: `read ${at}` })(table))),
    );
    const { value, error } = await runs.run(whole, undefined, debug);
    expect(error).toBeUndefined();
    expect(value).toEqual(Array.from({ length: 20 }, () => 3));
  });

  it('SIDEREAL_DEBUG_VALUES turns it on, and nothing else does', async () => {
    const spoiled = flow({ name: 'spoiled' }, async () => spoil(shared({ rows: [] })));
    expect((await runs.run(spoiled)).value).toBe(1);
    vi.stubEnv('SIDEREAL_DEBUG_VALUES', '1');
    expect((await runs.run(spoiled)).error).toEqual(changed('spoil'));
  });
});
