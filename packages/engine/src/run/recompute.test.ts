import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { future } from '../authoring/flow-schema.ts';
import { eachSettled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';
import { RESUME } from '@sidereal/core';

const runs = testStore();

/** Too large to be kept in the journal: a run that is resumed computes it again. */
const BIG = 100_000;

describe('a value that was not kept', () => {
  it('is waited for by who was about to start when somebody else found it lost', async () => {
    let isBroken = true;
    const big = task({ name: 'big' }, () => new Float64Array(BIG).fill(2));
    const busy = task({ name: 'busy' }, async () => {
      if (isBroken) throw new Error('not now');
      await turns(5);
    });
    const use = task({ name: 'use' }, async (value: Float64Array) => {
      if (isBroken) throw new Error('not now');
      return value.length;
    });
    const contended = flow({ name: 'contended', concurrency: 1 }, async () => {
      const value = big();
      // On resume the slot goes to `busy`; `use`, with nothing to wait for by the record, stands behind it.
      const other = busy.with({ priority: 5 })();
      const used = use(value);
      await value;
      await other;
      return used;
    });
    const first = await runs.run(contended);
    expect(first.state).toBe('failed');
    isBroken = false;
    const rules = { ...RESUME, retryFailed: true };
    const resume = { runId: first.id, rules, takeOver: false };
    const { value, error, record } = await runs.run(contended, undefined, { resume });
    expect(error).toBeUndefined();
    expect(value).toBe(BIG);
    expect(record.node('big').attempt).toBe(2);
  });

  it('is made again by its stage out of what the stage recorded: futures that pass through keep their identity', async () => {
    let isBroken = true;
    let made = 0;
    const big = task({ name: 'source', identity: 'source' }, () => new Float64Array(BIG).fill(3));
    const part = task(
      { name: 'part', identity: 'part', persist: true },
      async (value: Float64Array, factor: number) => {
        made += 1;
        return value.map((item) => factor * item);
      },
    );
    const stage = flow(
      { name: 'stage', identity: 'stage', input: { value: future<Float64Array>() } },
      async ({ value }) => {
        const parts = await part.map([1, 2, 3], (factor) => [value, factor]);
        return { parts };
      },
    );
    const use = task({ name: 'use-parts' }, async ({ parts }: { parts: Float64Array[] }) => {
      if (isBroken) throw new Error('not now');
      return parts.map((item) => item[0]);
    });
    const staged = flow({ name: 'staged' }, async () => use(stage({ value: big() })));
    const first = await runs.run(staged);
    expect(first.state).toBe('failed');
    isBroken = false;
    const rules = { ...RESUME, retryFailed: true };
    const resume = { runId: first.id, rules, takeOver: false };
    const { value, record } = await runs.run(staged, undefined, { resume });
    expect(value).toEqual([3, 6, 9]);
    expect(made).toBe(3);
    expect(record.tally('part')).toEqual({ completed: 3 });
    expect(record.node('stage').attempt).toBe(2);
    expect(record.node('source').attempt).toBe(1);
  });

  it('concerns nobody who asked how it ended, once the flow is over', async () => {
    const big = task({ name: 'big' }, async (_item: number) => {
      await turns(5);
      return new Float64Array(BIG);
    });
    let isFirst = true;
    const ends = flow({ name: 'ends' }, async () => {
      const map = big.map([0, 1]);
      if (isFirst) await map;
      else void eachSettled(map);
      await turns(3);
      throw new RangeError('over');
    });
    const { id } = await runs.run(ends);
    isFirst = false;
    const resume = { runId: id, rules: { ...RESUME, retryFailed: true }, takeOver: false };
    const { error, record } = await runs.run(ends, undefined, { resume });
    // What rejects with nobody to hear it ends the process.
    await turns(5);
    expect(error).toMatchObject({ message: 'over' });
    // The second would only have been cancelled: its record stays as it is.
    expect(record.states('big')).toEqual(['completed', 'completed']);
  });
});
