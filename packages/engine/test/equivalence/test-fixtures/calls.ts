/** Plain calls: what is called, with what, and in what order. */
import { flow, group, task, type TaskFuture } from '../../../src/index.ts';
import { add, double, doubling, echo, later, total } from './arithmetic.ts';
import { anything, codeOf } from './anything.ts';

const nothing = task({ name: 'nothing' }, () => undefined);
const sumOf = task(
  { name: 'sum-of' },
  ({ parts, more }: { parts: readonly number[]; more: { last: number } }) =>
    parts.reduce((sum, n) => sum + n, 0) + more.last,
);
const rest = task({ name: 'rest' }, (first: number, ...others: number[]) => [first, others.length]);
const withDefault = task({ name: 'with-default' }, (n: number, factor?: number) => n * (factor ?? 10));
const strict = task({ name: 'strict', durability: 'strict' }, (n: number) => n + 1);
const kept = task({ name: 'kept', persist: true }, (n: number) => new Float64Array(n).fill(1));
const measure = task({ name: 'measure' }, (array: Float64Array) => array.length);
const here = task({ name: 'here', on: 'inline' }, (n: number) => n - 1);

export const one = flow({ name: 'one' }, async () => add(1, 2));
export const chain = flow({ name: 'chain' }, async () => add(add(1, 2), add(3, 4)));
export const diamond = flow({ name: 'diamond' }, async () => {
  const top = add(1, 1);
  return add(add(top, 10), add(top, 20));
});
export const nested = flow({ name: 'nested' }, async () =>
  sumOf({ parts: [add(1, 2), 4], more: { last: double(5) } }),
);
export const asynchronous = flow({ name: 'asynchronous' }, async () =>
  Promise.all([1, 2, 3].map((n) => later(n))),
);
export const inTurn = flow({ name: 'in-turn' }, async () => {
  let sum = 0;
  for (let n = 1; n <= 4; n += 1) sum = await add(sum, n);
  return sum;
});
export const promised = flow({ name: 'promised' }, async () =>
  add(Promise.resolve(2), double(Promise.resolve(3))),
);
export const empty = flow({ name: 'empty' }, async () => [await nothing(), await echo(null)]);
export const unawaited = flow({ name: 'unawaited' }, async () => {
  void add(1, 2);
  return 'returned';
});
export const equal = flow({ name: 'equal' }, async () => total([add(1, 1), add(1, 1), add(1, 1)]));
export const keyed = flow({ name: 'keyed' }, async () =>
  total([add.with({ key: 'first' })(1, 1), add.with({ key: 'second' })(1, 1)]),
);
export const sameKey = flow({ name: 'same-key' }, async () =>
  codeOf(async () => {
    const first = add.with({ key: 'only' })(1, 1);
    const second = add.with({ key: 'only' })(2, 2);
    return [await first, await second];
  }),
);
const keyedStage = flow({ name: 'keyed-stage', input: anything<number>() }, async (n) =>
  add.with({ key: 'only' })(n, n),
);
export const keyInScopes = flow({ name: 'key-in-scopes' }, async () => [
  await add.with({ key: 'only' })(1, 1),
  await keyedStage(2),
  await group('apart', () => add.with({ key: 'only' })(3, 3)),
]);
export const variadic = flow({ name: 'variadic' }, async () => rest(1, double(1), 3));
export const defaulted = flow({ name: 'defaulted' }, async () => [
  await withDefault(2),
  await withDefault(2, 3),
]);
export const strictly = flow({ name: 'strictly' }, async () => strict(strict(1)));
export const persistent = flow({ name: 'persistent' }, async () => measure(kept(20_000)));
export const placed = flow({ name: 'placed' }, async () => here(add(4, 4)));
export const urgent = flow({ name: 'urgent' }, async () =>
  total([add.with({ priority: 5 })(1, 2), add.with({ priority: -5 })(3, 4)]),
);
export const tagged = flow({ name: 'tagged' }, async () => add.with({ tags: ['night', 'band-6'] })(1, 2));
export const flowTags = flow({ name: 'flow-tags', tags: ['survey-a'] }, async () => add(1, 2));
export const ordered = flow({ name: 'ordered' }, async () => {
  const first = double(1);
  return add.with({ after: [first] })(10, 10);
});
export const orderedByMap = flow({ name: 'ordered-by-map' }, async () =>
  add.with({ after: [double.map([1, 2])] })(10, 10),
);
export const orderedByStage = flow({ name: 'ordered-by-stage' }, async () =>
  add.with({ after: [doubling(4)] })(10, 10),
);
export const wide = flow({ name: 'wide', concurrency: 1 }, async () => {
  const sums: TaskFuture<number>[] = [];
  for (let n = 0; n < 40; n += 1) sums.push(add(n, n));
  return total(sums);
});
