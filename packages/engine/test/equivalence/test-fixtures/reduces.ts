/** Reductions: their trees, what they leave out, and what they refuse. */
import { flow, reduce, settled, skip, task } from '../../../src/index.ts';
import { add, double, total } from './arithmetic.ts';
import { anything } from './anything.ts';

const join = task({ name: 'join' }, (left: string, right: string) => `(${left}${right})`);
const joinAll = task({ name: 'join-all' }, (...parts: string[]) => `(${parts.join('')})`);
const joinRest = task(
  { name: 'join-rest' },
  (first: string, ...parts: string[]) => `(${first}${parts.join('')})`,
);
const flagged = task({ name: 'flagged' }, (n: number): number => (n % 2 === 0 ? skip('flagged') : n));
const allFlagged = task({ name: 'all-flagged' }, (_n: number): number => skip('flagged'));
const failsAt3 = task({ name: 'fails-at-3' }, (n: number) => {
  if (n === 3) throw new RangeError('three');
  return n;
});
const letters = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String.fromCodePoint(97 + i));
async function* arriving(): AsyncGenerator<number> {
  for (let n = 1; n <= 5; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    yield n;
  }
}

export const pairs = flow({ name: 'pairs' }, async () => [
  await reduce(join, letters(2)),
  await reduce(join, letters(5)),
  await reduce(join, letters(8)),
]);
export const single = flow({ name: 'single' }, async () => reduce(join, ['a']));
export const threes = flow({ name: 'threes' }, async () => [
  await reduce(joinAll, letters(3), { arity: 3 }),
  await reduce(joinAll, letters(7), { arity: 3 }),
]);
export const restParameter = flow({ name: 'rest-parameter' }, async () =>
  reduce(joinRest, letters(4), { arity: 4 }),
);
export const initial = flow({ name: 'initial' }, async () => reduce(add, [1, 2, 3], { initial: 10 }));
export const emptyInitial = flow({ name: 'empty-initial' }, async () => reduce(add, [], { initial: 10 }));
export const emptyRefused = flow({ name: 'empty-refused' }, async () => reduce(add, []));
export const overMap = flow({ name: 'over-map' }, async () => reduce(add, double.map([1, 2, 3])));
export const overAsync = flow({ name: 'over-async' }, async () => reduce(add, arriving()));
export const overFutures = flow({ name: 'over-futures' }, async () =>
  reduce(add, [double(1), 2, Promise.resolve(3)]),
);
export const skippedItems = flow({ name: 'skipped-items' }, async () => {
  const items = flagged.map([1, 2, 3, 4, 5]);
  return [await reduce(add, items), await total(items)];
});
export const allSkipped = flow({ name: 'all-skipped' }, async () =>
  reduce(add, allFlagged.map([1, 2]), { initial: 5 }),
);
export const arityRefused = flow({ name: 'arity-refused' }, async () => {
  try {
    return await reduce(add, [1, 2, 3, 4, 5], { arity: 3 as number as 2 });
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return [code !== undefined, /arity|3/.test(message)];
  }
});
export const failedItem = flow({ name: 'failed-item' }, async () => {
  const { state } = await settled(reduce(add, failsAt3.map([1, 2, 3, 4])));
  return state;
});
export const rejectedItem = flow({ name: 'rejected-item' }, async () => {
  const seen = await settled(reduce(add, [1, Promise.reject<number>(new RangeError('alone'))]));
  return seen.state;
});
export const onlyRejectedItem = flow({ name: 'only-rejected-item' }, async () => {
  const busy = double.map([1, 2, 3, 4, 5, 6, 7, 8]);
  const seen = await settled(reduce(add, [Promise.reject<number>(new RangeError('alone'))]));
  await busy;
  return [seen.state === 'completed', seen.error?.message];
});
export const oneRejectedOfMany = flow({ name: 'one-rejected-of-many' }, async () => {
  const items = Array.from({ length: 300 }, async (_, n) => {
    if (n === 250) throw new RangeError('unreadable');
    return n;
  });
  const seen = await settled(reduce(add, items));
  return seen.state === 'completed';
});
const stage = flow({ name: 'stage', input: anything<number>() }, async (count) =>
  reduce(add, double.map(Array.from({ length: count }, (_, n) => n + 1))),
);
export const inStage = flow({ name: 'in-stage' }, async () => add(stage(3), stage(4)));
export const consumed = flow({ name: 'consumed' }, async () => double(reduce(add, [1, 2, 3])));
