/** Maps: their items, arguments, keys and failures. */
import { eachSettled, flow, settled, skip, task } from '../../../src/index.ts';
import { add, double, doubling, echo, total } from './arithmetic.ts';
import { anything, codeOf } from './anything.ts';

const failsAt = task({ name: 'fails-at' }, (n: number, bad: number) => {
  if (n === bad) throw new RangeError(`item ${n}`);
  return n;
});
const odd = task({ name: 'odd' }, (n: number): number => (n % 2 === 0 ? skip('even') : n));
async function* arriving(): AsyncGenerator<number> {
  for (let n = 1; n <= 4; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    yield n;
  }
}
function* counted(count: number): Generator<number> {
  for (let n = 0; n < count; n += 1) yield n;
}
function unreadableAt(count: number, bad: number): Promise<number>[] {
  return Array.from({ length: count }, async (_, n) => {
    if (n === bad) throw new RangeError(`file ${n} is unreadable`);
    return n;
  });
}
async function failures(items: readonly Promise<number>[]): Promise<unknown> {
  const all = await eachSettled(echo.map(items));
  return [all.length, all.filter(({ error }) => error !== undefined).map(({ error }) => error?.message)];
}

export const simple = flow({ name: 'simple' }, async () => double.map([1, 2, 3]));
export const none = flow({ name: 'none' }, async () => [await double.map([]), await total(double.map([]))]);
export const generator = flow({ name: 'generator' }, async () => total(double.map(counted(100))));
export const asyncItems = flow({ name: 'async-items' }, async () => double.map(arriving()));
export const promisedItems = flow({ name: 'promised-items' }, async () =>
  double.map(Promise.resolve([1, 2])),
);
export const itemsAreFutures = flow({ name: 'items-are-futures' }, async () =>
  double.map([add(1, 2), add(3, 4), 5]),
);
export const args = flow({ name: 'args' }, async () => {
  const base = add(10, 10);
  return add.map([1, 2, 3], (n, index) => [add(n, index), base]);
});
export const keyed = flow({ name: 'keyed' }, async () =>
  double.map(
    [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ],
    ({ n }) => [n],
    { key: ({ id }) => id },
  ),
);
export const keyTwice = flow({ name: 'key-twice' }, async () =>
  codeOf(() => double.map([1, 2], { key: () => 'same' })),
);
export const equalItems = flow({ name: 'equal-items' }, async () => double.map([1, 1, 1]));
export const chained = flow({ name: 'chained' }, async () => total(double.map(double.map([1, 2, 3]))));
export const consumedWhole = flow({ name: 'consumed-whole' }, async () => {
  const doubles = double.map([1, 2, 3]);
  return [await total(doubles), await echo({ inside: doubles })];
});
export const skippedItems = flow({ name: 'skipped-items' }, async () => [
  await odd.map([1, 2, 3]),
  await total(odd.map([4, 5, 7])),
]);
export const ofStages = flow({ name: 'of-stages' }, async () => doubling.map([1, 2, 3], (n) => n + 10));
const nestedMap = flow({ name: 'nested-map', input: anything<number>() }, async (n) =>
  total(double.map(counted(n))),
);
export const mapsInStages = flow({ name: 'maps-in-stages' }, async () => nestedMap.map([2, 3, 4]));
export const oneFails = flow({ name: 'one-fails' }, async () => {
  try {
    return await failsAt.map([1, 2, 3], (n) => [n, 2]);
  } catch (error) {
    return [(error as { code: string }).code, (error as Error).message.includes('fails-at')];
  }
});
export const unhandledItem = flow({ name: 'unhandled-item' }, async () => {
  void failsAt.map([1, 2, 3], (n) => [n, 2]);
});
export const each = flow({ name: 'each' }, async () =>
  (await eachSettled(failsAt.map([1, 2, 3], (n) => [n, 2]))).map(({ state, value, error }) => [
    state,
    value ?? error?.message,
  ]),
);
export const eachSkipped = flow({ name: 'each-skipped' }, async () =>
  (await eachSettled(odd.map([1, 2, 3]))).map(({ state }) => state),
);
export const whole = flow({ name: 'whole' }, async () => {
  const { state, error } = await settled(failsAt.map([1, 2, 3], (n) => [n, 2]));
  return [state, error?.name];
});
export const failFast = flow({ name: 'fail-fast', concurrency: 1 }, async () => {
  const { state } = await settled(failsAt.map([2], (n) => [n, 2], { failFast: true }));
  return state;
});
export const consumerOfFailed = flow({ name: 'consumer-of-failed' }, async () => {
  const items = failsAt.map([1, 2], (n) => [n, 2]);
  return (await eachSettled(double.map(items))).map(({ state }) => state);
});
export const rejectedFirst = flow({ name: 'rejected-first' }, async () => failures(unreadableAt(3, 0)));
export const rejectedLast = flow({ name: 'rejected-last' }, async () => failures(unreadableAt(200, 199)));
export const rejectedOfMany = flow({ name: 'rejected-of-many', concurrency: 50 }, async () =>
  failures(unreadableAt(10_000, 9000)),
);
export const allRejected = flow({ name: 'all-rejected' }, async () => {
  const all = await eachSettled(
    echo.map(Array.from({ length: 20 }, (_, n) => Promise.reject(new RangeError(String(n))))),
  );
  return all.filter(({ error }) => error !== undefined).length;
});
export const rejectedInArguments = flow({ name: 'rejected-in-arguments' }, async () => {
  const all = await eachSettled(
    echo.map([0, 1, 2], (n) => [{ of: n === 1 ? Promise.reject(new RangeError('one')) : n }]),
  );
  return all.map(({ state, error }) => [state === 'completed', error?.message]);
});
export const tagged = flow({ name: 'tagged' }, async () => double.with({ tags: ['many'] }).map([1, 2]));
