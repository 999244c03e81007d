/** Tasks that call: tasks, maps, reductions, stages, loops, groups, and themselves. */
import { eachSettled, flow, group, loop, qa, reduce, run, settled, skip, task } from '../../../src/index.ts';
import { add, double, doubling, fail, later, total } from './arithmetic.ts';

const callsTask = task({ name: 'calls-task' }, async (n: number) => (await double(n)) + (await add(n, 1)));
const returnsCall = task({ name: 'returns-call' }, (n: number) => double(n));
const callsMap = task({ name: 'calls-map' }, async (count: number) =>
  total(double.map(Array.from({ length: count }, (_, n) => n))),
);
const callsReduce = task({ name: 'calls-reduce' }, async (count: number) =>
  reduce(add, double.map(Array.from({ length: count }, (_, n) => n))),
);
const callsStage = task({ name: 'calls-stage' }, async (n: number) => (await doubling(n)) + 1);
const callsStages = task({ name: 'calls-stages' }, async () => doubling.map([1, 2]));
const callsLoop = task({ name: 'calls-loop' }, async (n: number) => {
  const { value, cycles, reason } = await loop('refine', { max: 5 }, async (cycle) => {
    const doubled = await double(n + cycle.index);
    cycle.metric('doubled', doubled);
    if (cycle.index === 2) cycle.exit('good enough');
    return doubled;
  });
  return [value, cycles, reason];
});
const callsGroup = task({ name: 'calls-group' }, async (n: number) =>
  group('inner', async () => add(double(n), 1)),
);
const depth: (levels: number) => PromiseLike<number> = task(
  { name: 'depth' },
  async (levels: number): Promise<number> => (levels === 0 ? 0 : 1 + (await depth(levels - 1))),
);
const swallows = task({ name: 'swallows' }, async () => {
  try {
    return await fail('inside');
  } catch (error) {
    return (error as Error).message;
  }
});
const forgets = task({ name: 'forgets' }, () => {
  void fail('nobody looks');
  return 1;
});
const leavesOpen = task({ name: 'leaves-open' }, () => {
  void later(1);
  return 'returned';
});
const settles = task({ name: 'settles' }, async () => {
  const outcomes = await eachSettled(double.map([1, 2]));
  const { state } = await settled(fail('inside'));
  return [outcomes.map(({ value }) => value), state];
});
const skipsAfterCall = task({ name: 'skips-after-call' }, async (): Promise<number> => {
  await double(1);
  return skip('nothing to do');
});
const retriesAround = task({ name: 'retries-around', retries: 1 }, async () => {
  const doubled = await double(4);
  if (run.attempt === 1) throw new RangeError('once');
  return doubled;
});
const tells = task({ name: 'tells' }, async () => {
  run.log('began', { step: 1 });
  run.progress(1, 2);
  await qa({ name: 'fit', score: 0.9, metric: { name: 'snr', value: 42, unit: '' } });
  return [run.name, run.attempt, run.key.length];
});
const draws = task({ name: 'draws' }, () => {
  const [a, b, at, again] = [run.random(), run.random(), run.now(), run.now()];
  return [a !== b, a >= 0 && a < 1, again >= at];
});
const ordersInside = task({ name: 'orders-inside' }, async () => {
  const first = double(1);
  return add.with({ after: [first], tags: ['inner'] })(first, 3);
});

export const calls = flow({ name: 'calls' }, async () => callsTask(3));
export const returns = flow({ name: 'returns' }, async () => returnsCall(3));
export const maps = flow({ name: 'maps' }, async () => callsMap(4));
export const reduces = flow({ name: 'reduces' }, async () => callsReduce(4));
export const stages = flow({ name: 'stages' }, async () => callsStage(3));
export const manyStages = flow({ name: 'many-stages' }, async () => callsStages());
export const loops = flow({ name: 'loops' }, async () => callsLoop(3));
export const groups = flow({ name: 'groups' }, async () => callsGroup(3));
export const recursion = flow({ name: 'recursion', concurrency: 1 }, async () => depth(5));
export const swallowed = flow({ name: 'swallowed' }, async () => swallows());
export const forgotten = flow({ name: 'forgotten' }, async () => (await settled(forgets())).state);
export const open = flow({ name: 'open' }, async () => leavesOpen());
export const settling = flow({ name: 'settling' }, async () => settles());
export const skipping = flow({ name: 'skipping' }, async () => (await settled(skipsAfterCall())).state);
export const retrying = flow({ name: 'retrying' }, async () => retriesAround());
export const telling = flow({ name: 'telling' }, async () => tells());
export const drawing = flow({ name: 'drawing' }, async () => draws());
export const ordering = flow({ name: 'ordering' }, async () => ordersInside());
export const fanned = flow({ name: 'fanned', concurrency: 1 }, async () => callsTask.map([1, 2, 3]));
export const drawnInFlow = flow({ name: 'drawn-in-flow' }, async () => {
  const [a, b] = [run.random(), run.random()];
  return [a !== b, await double(run.now() > 0 ? 1 : 0)];
});
export const drawnThenUsed = flow({ name: 'drawn-then-used' }, async () => {
  const drawn = run.random();
  return (await double(drawn)) === 2 * drawn;
});
