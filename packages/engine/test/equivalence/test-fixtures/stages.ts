/** Flows in flows, groups and loops, and the options that they hand down. */
import {
  flow,
  future,
  group,
  loop,
  run,
  settled,
  task,
  type StandardSchema,
  type TaskFuture,
} from '../../../src/index.ts';
import { add, double, doubling, later, total } from './arithmetic.ts';
import { anything } from './anything.ts';

const whole: StandardSchema<number> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      Number.isInteger(value)
        ? { value: value as number }
        : { issues: [{ message: 'a whole number is wanted' }] },
  },
};
const checked = flow({ name: 'checked', input: whole }, async (n) => double(n));
const passing = flow({ name: 'passing', input: { n: whole, vis: future<number>() } }, async ({ n, vis }) =>
  add(n, vis),
);
const outer = flow({ name: 'outer', input: anything<number>() }, async (n) =>
  add(doubling(n), doubling(n + 1)),
);
const attempts = task({ name: 'attempts' }, () => {
  if (run.attempt < 2) throw new RangeError('first');
  return run.attempt;
});
const inheriting = flow({ name: 'inheriting', input: anything<number>() }, async () => attempts());

export const oneStage = flow({ name: 'one-stage' }, async () => doubling(4));
export const deep = flow({ name: 'deep' }, async () => outer(1));
export const stageConsumes = flow({ name: 'stage-consumes' }, async () => double(doubling(add(1, 2))));
export const stagesSideBySide = flow({ name: 'stages-side-by-side' }, async () =>
  total([1, 2, 3].map((n) => doubling(n))),
);
export const equalStages = flow({ name: 'equal-stages' }, async () => add(doubling(4), doubling(4)));
export const badInput = flow({ name: 'bad-input' }, async () => {
  const seen = await settled(checked(1.5));
  return [seen.state, (seen.error as { code?: string } | undefined)?.code];
});
export const futureField = flow({ name: 'future-field' }, async () => passing({ n: 1, vis: later(2) }));
export const defaults = flow({ name: 'defaults', taskDefaults: { retries: 1, tags: ['all'] } }, async () => [
  await attempts(),
  await inheriting(1),
]);
export const grouped = flow({ name: 'grouped' }, async () =>
  group('calibrate', async () => add(double(1), double(2))),
);
export const groupConsumed = flow({ name: 'group-consumed' }, async () =>
  add(
    group('left', () => double(1)),
    group('right', () => double(2)),
  ),
);
export const looped = flow({ name: 'looped' }, async () => {
  const { value, cycles, reason } = await loop('clean', { max: 4 }, async (cycle) => {
    const doubled = await double(cycle.index);
    cycle.metric('doubled', doubled, 'Jy');
    if (doubled >= 4) cycle.exit('converged');
    return doubled;
  });
  return [value, cycles, reason];
});
export const loopToMax = flow({ name: 'loop-to-max' }, async () => {
  let last: TaskFuture<number> | number = 1;
  const { cycles, reason } = await loop('grow', { max: 3 }, async () => {
    last = double(last);
    return last;
  });
  return [await last, cycles, reason];
});
export const retriedFlow = flow({ name: 'retried-flow', retries: 1 }, async () => {
  const doubled = await double(4);
  if (run.attempt === 1) throw new RangeError('once');
  return add(doubled, 1);
});
