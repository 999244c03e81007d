import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const odd = task({ name: 'odd' }, (n: number): number => {
  if (n % 2 === 0) throw new RangeError(`${n} is even`);
  return n;
});
const double = task({ name: 'double' }, (n: number) => 2 * n);
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
function* breaking(): Generator<number> {
  yield 1;
  throw new Error('no more to be had');
}

describe('what takes the items of a map carries their failures on', () => {
  it('also if the map has failed before it takes them', async () => {
    const late = flow({ name: 'late' }, async () => {
      const items = odd.map([1, 2, 3]);
      await sleep(30);
      const each = await eachSettled(double.map(items));
      const sum = await settled(reduce(add, items));
      return [...each.map(({ state }) => state), sum.state];
    });
    const { value, error } = await runs.run(late);
    expect(error).toBeUndefined();
    expect(value).toEqual(['completed', 'upstream_failed', 'completed', 'failed']);
  });

  it('not if nothing does', async () => {
    const alone = flow({ name: 'alone' }, async () => {
      void odd.map([1, 2, 3]);
      await sleep(30);
    });
    expect((await runs.run(alone)).error).toMatchObject({ code: 'UNHANDLED_FAILURE' });
  });

  it('also if its items come to an end by an error', async () => {
    const broken = flow({ name: 'broken' }, async () => {
      const items = double.map(breaking());
      const [each, sum] = await Promise.all([settled(double.map(items)), settled(reduce(add, items))]);
      return [each.state, each.error?.message, sum.state, sum.error?.message];
    });
    const { value, error } = await runs.run(broken);
    expect(error).toBeUndefined();
    expect(value).toEqual(['failed', 'no more to be had', 'failed', 'no more to be had']);
  });

  it('and who asks how each of them ended is told', async () => {
    const broken = flow({ name: 'broken-each' }, async () => eachSettled(double.map(breaking())));
    expect((await runs.run(broken)).error).toMatchObject({ message: 'no more to be had' });
  });

  it('also if the broken map has failed before', async () => {
    const broken = flow({ name: 'broken-before' }, async () => {
      const items = double.map(breaking());
      await sleep(30);
      const each = await settled(double.map(items));
      return [each.state, each.error?.message];
    });
    const { value, error } = await runs.run(broken);
    expect(error).toBeUndefined();
    expect(value).toEqual(['failed', 'no more to be had']);
  });
});
