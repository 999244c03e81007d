import { describe, expect, it } from 'vitest';
import { artifact } from '../authoring/artifact.ts';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { qa } from '../authoring/qa.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { skip } from '../authoring/skip.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import type { Settled } from '../future/future.ts';

const add = task({ name: 'add', retries: 3 }, (a: number, b: number) => a + b);
const addLater = task({ name: 'add-later' }, async (a: number, b: number) => a + b);
const half = task({ name: 'half' }, (n: number) => {
  if (n % 2 === 1) throw new RangeError(`${n} is odd`);
  return n / 2;
});
const states = task({ name: 'states', when: 'all_done' }, (...given: Settled<number>[]) =>
  given.map(({ state, value, error }) => [state, value ?? error?.message]),
);
const total = task({ name: 'total' }, (values: number[]) => values.reduce((a, b) => a + b, 0));

describe('with no flow alive', () => {
  it('a task is a function that gives a promise', async () => {
    expect(await add(1, 2)).toBe(3);
    expect(await addLater(1, 2)).toBe(3);
    await expect(half(3)).rejects.toThrow('3 is odd');
    expect(await half(3).catch(() => 'caught')).toBe('caught');
    expect(await add.with({ priority: 5, after: [add(1, 1)] })(2, 2)).toBe(4);
  });

  it('what calls give may be passed on, nested', async () => {
    expect(await add(add(1, 2), addLater(3, 4))).toBe(10);
    expect(await total([add(1, 2), 3, addLater(1, 1)])).toBe(8);
    expect(await add(Promise.resolve(1), 2)).toBe(3);
  });

  it('arguments arrive settled under a tolerant rule', async () => {
    expect(await states(half(4), half(3), Promise.resolve(7))).toEqual([
      ['completed', 2],
      ['failed', '3 is odd'],
      ['completed', 7],
    ]);
    expect(
      await states(
        half(4),
        settled(half(4)).then(({ state }) => {
          throw new Error(state);
        }),
      ),
    ).toEqual([
      ['completed', 2],
      ['failed', 'completed'],
    ]);
  });

  it('maps and reduces give their values', async () => {
    expect(await half.map([2, 4, 6])).toEqual([1, 2, 3]);
    expect(await add.map([1, 2], (n, index) => [n, index])).toEqual([1, 3]);
    expect(await half.map(half.map([4, 8]))).toEqual([1, 2]);
    expect(await add.map(half.map([4, 8]), (item, index) => [item, index])).toEqual([2, 5]);
    expect(await reduce(add, half.map([2, 4, 6]))).toBe(6);
    expect(await reduce(add, [], { initial: 5 })).toBe(5);
    expect(await total(half.map([2, 4]))).toBe(3);
    await expect(reduce(add, [])).rejects.toMatchObject({ code: 'EMPTY_REDUCE' });
    async function* arriving(): AsyncGenerator<number> {
      yield 2;
      yield 4;
    }
    expect(await half.map(arriving())).toEqual([1, 2]);
  });

  it('outcomes can be asked for', async () => {
    expect(await settled(half(4))).toEqual({ state: 'completed', value: 2 });
    expect(await settled(half(3))).toMatchObject({ state: 'failed', error: { message: '3 is odd' } });
    const outcomes = await eachSettled(half.map([4, 3]));
    expect(outcomes.map(({ state }) => state)).toEqual(['completed', 'failed']);
  });

  it('a map with failures rejects as it does in a flow', async () => {
    await expect(half.map([2, 3])).rejects.toMatchObject({
      code: 'MAP_FAILED',
      message: '1 of 2 runs of half failed: 1× 3 is odd',
    });
  });

  it('skipped items are absent, and awaiting a skipped call rejects', async () => {
    const even = task({ name: 'even' }, (n: number) => (n % 2 === 0 ? n : skip('odd')));
    await expect(even(1)).rejects.toMatchObject({ code: 'SKIPPED' });
    expect(await even.map([1, 2, 3, 4])).toEqual([2, 4]);
    expect((await settled(even(1))).state).toBe('skipped');
  });

  it('loops, groups and what is recorded do their work, unrecorded', async () => {
    const { value, cycles, reason } = await loop('solve', { max: 10 }, async (cycle) => {
      cycle.metric('snr', 1);
      if (cycle.index === 2) cycle.exit('converged');
      return add(cycle.index, 10);
    });
    expect([value, cycles, reason]).toEqual([12, 3, 'converged']);
    expect(await group('part', () => add(1, 1))).toBe(2);
    run.log('unheard');
    run.progress(1, 2);
    await artifact.markdown('note', '# nothing');
    await qa({ name: 'q', score: 1 });
    await sleep(1);
    expect([run.name, run.attempt, run.signal.aborted, run.id]).toEqual(['', 1, false, '']);
    expect(run.now()).toBeGreaterThan(0);
    expect(run.random()).toBeLessThan(1);
    expect(run.bind((n: number) => n + 1)(1)).toBe(2);
  });

  it('a flow cannot be mapped: that needs a flow around it', async () => {
    const stage = flow({ name: 'stage' }, async () => 1);
    expect(() => stage.map([])).toThrow(
      expect.objectContaining({ code: 'NO_FLOW', at: expect.stringContaining('plain-scope.test.ts') }),
    );
  });
});
