/** Tasks that ask for every kind of operation, at module level, where a thread finds them. */
import {
  eachSettled,
  flow,
  group,
  loop,
  qa,
  reduce,
  run,
  settled,
  task,
  type MapFuture,
} from '../../src/index.ts';

const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const refuse = task({ name: 'refuse' }, (n: number): number => {
  if (n % 2 === 1) throw new RangeError(`${n} is odd`);
  return n;
});
const pair = flow({ name: 'pair' }, async () => Promise.all([add(1, 1), add(2, 2)]));

/** Code in groups within groups, with calls, logs and scores at each depth. */
export const nestsGroups = task({ name: 'nests-groups' }, async () =>
  group('outer', async () => {
    run.log('outside');
    const one = add(1, 0);
    const inner = await group('inner', async () => {
      await qa({ name: 'flags', score: 0.5 });
      return [await add(one, 10), run.name, run.attempt];
    });
    return [...inner, await one, run.name];
  }),
);

/** Two groups side by side, of which one is the other's argument. */
export const passesGroups = task({ name: 'passes-groups' }, async () => {
  const first = group('first', async () => add(1, 2));
  const second = group('second', () => add(first, 10));
  return Promise.all([second, add(first, second)]);
});

export const solves = task({ name: 'solves' }, async () => {
  let image = 0;
  return loop('self-cal', { max: 6 }, async (cycle) => {
    image = await add(image, 1);
    cycle.metric('snr', image * 100, 'dB');
    run.log.info('cycle', { index: cycle.index });
    if (image === 3) cycle.exit('converged');
    return image;
  });
});

/** Nobody awaits the group, whose code calls after the task itself has returned. */
export const leavesGroup = task({ name: 'leaves-group' }, () => {
  group('left', async () => {
    await add(1, 1);
    add(2, 2);
  });
  return 'returned';
});

export const failsInGroup = task({ name: 'fails-in-group' }, async () => {
  const outcome = await settled(
    group('fails', async () => {
      await refuse(1);
    }),
  );
  const { error } = outcome;
  return [outcome.state, error?.name, error?.message];
});

/** The failure of a group that nobody awaits is the task's own. */
export const neglectsGroup = task({ name: 'neglects-group' }, () => {
  group('neglected', async () => {
    throw new RangeError('in the group');
  });
});

export const mapsAndReduces = task({ name: 'maps-and-reduces' }, async () => {
  const squares: MapFuture<number> = add.map([1, 2, 3], (n) => [n, n * n]);
  const outcomes = await eachSettled(refuse.map([1, 2, 3]));
  return [
    await reduce(add, squares),
    await reduce(add, [], { initial: 7 }),
    await reduce(add, squares, { arity: 2, initial: add(1, 1) }),
    outcomes.map(({ state, value, error }) => [state, value, error?.message]),
    await pair(),
    await group('mapped', async () => add.map([1, 2], (n) => [n, 1])),
  ];
});

/** What the outside world gives inside a task is read when the task is run. */
export const readsTheWorld = task({ name: 'reads-the-world' }, async () => [
  typeof run.now(),
  await group('reads', async () => typeof run.random()),
]);

export const loopWithoutEnd = task({ name: 'loop-without-end' }, async () =>
  loop('never', { max: 0 }, async () => 1),
);

export const afterItem = task({ name: 'after-item' }, async () => {
  const map = add.map([1, 2], (n) => [n, n]);
  await map;
  return add.with({ after: [map] })(1, 1);
});

/** Fails in a group the first time: its second attempt opens the same group again. */
export const triesAgain = task({ name: 'tries-again', retries: 1 }, async () =>
  group('part', async () => {
    const value = await add(3, 4);
    if (run.attempt === 1) throw new RangeError('the first time');
    return value;
  }),
);

/** Waits inside a group until it is told to stop. */
export const waitsInGroup = task({ name: 'waits-in-group', timeout: 200 }, async () =>
  group(
    'waiting',
    () =>
      new Promise((_, reject) => {
        run.signal.addEventListener('abort', () => reject(run.signal.reason));
      }),
  ),
);
