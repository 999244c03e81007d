import { expect, it } from 'vitest';
import { z } from 'zod';
import * as steps from '../../test-fixtures/engine/late-consumers.ts';
import { flow } from '../authoring/flow.ts';
import { loop } from '../authoring/loop.ts';
import { reduce } from '../authoring/reduce.ts';
import type { MapFuture } from '../future/future.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** A solver whose cycles pass on whole maps of the cycle before, when the items of these may have left memory. */
const solver = flow({ name: 'solver', input: { index: z.number() } }, async () => {
  let before: MapFuture<{ readonly data: Float32Array }> | undefined;
  await loop('cycle', { max: 16 }, async (cycle) => {
    const earlier = before;
    const phased = steps.calibrate.map([0, 1], (index) => [earlier, cycle.index, index]);
    const solution = steps.solve(phased);
    const after = cycle.index < 8 ? phased : steps.applyOne.map([0, 1], (index) => [phased, index, solution]);
    const model = steps.clean(
      reduce(
        steps.add,
        steps.grid.map([0, 1], () => [after], { key: (_, index) => String(index) }),
      ),
    );
    before = after;
    await steps.predict.map([0, 1], (index) => [model, index]);
  });
  return (await before)?.length;
});

it('a map whose items have left memory gives them all to whoever asks, again and again', async () => {
  const counted = flow({ name: 'counted', runner: threads(2) }, async () =>
    solver.map([0, 1, 2], (index) => ({ index })),
  );
  expect(await runs.value(counted)).toEqual([2, 2, 2]);
});

it('a map whose values are being computed again gives them all to everybody who asks meanwhile', async () => {
  const use = flow({ name: 'use-again', runner: threads(2) }, async () => {
    let kept: MapFuture<Float64Array> | undefined;
    const counts: number[] = [];
    await loop('cycle', { max: 3 }, async (cycle) => {
      if (cycle.index === 0) {
        kept = steps.large.map([1, 2, 3, 4]);
        counts.push(await steps.count(kept, 0));
        return;
      }
      const list = kept;
      if (list === undefined) throw new Error('there is no map');
      counts.push(
        ...(await Promise.all([1, 2, 3].map((turn) => steps.count(list, 10 * cycle.index + turn)))),
      );
      counts.push(...(await steps.count.map([1, 2, 3], (turn) => [list, 100 * cycle.index + turn])));
    });
    return counts;
  });
  expect(await runs.value(use)).toEqual(Array.from({ length: 13 }, () => 4));
});
