import { describe, expect, it } from 'vitest';
import { flow, type Flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';
import { RESUME } from '@sidereal/core';

const runs = testStore();

const double = task({ name: 'double' }, (n: number) => 2 * n);
const keyed = double.with({ key: 'the one' });
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const ends = { fails: true, n: 1 };

const once = flow({ name: 'once' }, async () => {
  const value = await keyed(ends.n);
  if (ends.fails) throw new Error('stopped');
  return value;
});

/** Goes on with a run: what it gives, and its record then. */
async function goOn<T>(again: Flow<void, T>, runId: string, rules = RESUME) {
  const { value } = await runs.start(again, undefined, { resume: { runId, rules, takeOver: false } }).outcome;
  return { value, record: runs.record(runId) };
}

/** Goes on with a run whose call has this argument now. */
async function resumed(runId: string, n: number, fails: boolean) {
  Object.assign(ends, { n, fails });
  return goOn(once, runId);
}

describe('a key that stands for other arguments than before', () => {
  it('stands for another call, which the record explains, in every execution of the run', async () => {
    Object.assign(ends, { n: 1, fails: true });
    const first = await runs.run(once);
    const second = await resumed(first.id, 2, true);
    // The execution failed: what it did not call stays.
    expect(second.record.named('double').map(({ state }) => state)).toEqual(['completed', 'completed']);
    const [, other] = second.record.named('double');
    expect(second.record.entries(other!.idx, 'note')).toContainEqual(
      expect.objectContaining({ code: 'runs_again', message: expect.stringContaining('arguments') }),
    );
    expect((await resumed(first.id, 2, true)).record.node(other!.idx).attempt).toBe(1);
    const last = await resumed(first.id, 1, false);
    expect(last.value).toBe(2);
    expect(last.record.named('double').map(({ state }) => state)).toEqual([
      'removed',
      'removed',
      'completed',
    ]);
  });

  it('does so in a later attempt, whose value no resume gives for the arguments of the first', async () => {
    const stop = { fails: true, isSwapped: false };
    const again = flow({ name: 'again', retries: 1 }, async () => {
      const isSecond = run.attempt > 1 && !stop.isSwapped;
      const value = await keyed(isSecond ? 2 : 1);
      if (run.attempt === 1 && stop.fails) throw new Error('first');
      if (stop.fails) throw new Error('second');
      return value;
    });
    const first = await runs.run(again);
    expect(first.record.named('double')).toHaveLength(2);
    Object.assign(stop, { fails: false, isSwapped: true });
    expect((await goOn(again, first.id, { ...RESUME, retryFailed: true })).value).toBe(2);
  });

  it('makes what consumes a keyed reduce without items run again', async () => {
    const begin = { with: 1, fails: true };
    const reduced = flow({ name: 'reduced' }, async () => {
      const sum = reduce(add.with({ key: 'sum' }), [], { initial: begin.with });
      const value = await double(sum);
      if (begin.fails) throw new Error('stopped');
      return value;
    });
    const first = await runs.run(reduced);
    Object.assign(begin, { with: 5, fails: false });
    expect((await goOn(reduced, first.id)).value).toBe(10);
  });
});
