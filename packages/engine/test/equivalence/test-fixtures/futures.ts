/** Futures and promises inside other values, and futures that are taken for values. */
import { flow, settled, task } from '../../../src/index.ts';
import { add, double, echo, fail } from './arithmetic.ts';
import { anything, codeOf } from './anything.ts';

class Holder {
  readonly held: unknown;
  constructor(held: unknown) {
    this.held = held;
  }
}

const collect = task({ name: 'collect' }, (value: unknown) => value);
const pair = task({ name: 'pair' }, () => ({ sum: add(1, 2), doubled: [double(4)] }));
const pairStage = flow({ name: 'pair-stage', input: anything<number>() }, async (n) => ({
  sum: add(n, 1),
  doubled: new Map([['it', double(n)]]),
}));
const consume = task({ name: 'consume' }, (given: unknown) => given);

export const inArray = flow({ name: 'in-array' }, async () => collect([add(1, 2), [double(4)], 5]));
export const inObject = flow({ name: 'in-object' }, async () =>
  collect({ a: add(1, 2), b: { c: double(4) } }),
);
export const inMap = flow({ name: 'in-map' }, async () =>
  collect(
    new Map<string, unknown>([
      ['sum', add(1, 2)],
      ['list', [double(4)]],
    ]),
  ),
);
export const inSet = flow({ name: 'in-set' }, async () => collect(new Set([add(1, 2), double(4)])));
export const promiseInMap = flow({ name: 'promise-in-map' }, async () =>
  collect(new Map([['late', Promise.resolve({ n: double(4) })]])),
);
export const twice = flow({ name: 'twice' }, async () => {
  const sum = add(1, 2);
  return collect([sum, { again: sum }]);
});
export const settledInside = flow({ name: 'settled-inside' }, async () => {
  const seen = (await collect({ good: settled(add(1, 2)), bad: settled(fail('no')) })) as {
    good: { state: string; value: number };
    bad: { state: string; error: Error };
  };
  return [seen.good.state, seen.good.value, seen.bad.state, seen.bad.error.message];
});
export const returnedArray = flow({ name: 'returned-array' }, async () => [add(1, 2), add(3, 4)]);
export const returnedStructure = flow({ name: 'returned-structure' }, async () => ({
  sum: add(1, 2),
  more: new Map([['doubled', [double(4)]]]),
  set: new Set([double(5)]),
}));
export const returnedFailure = flow({ name: 'returned-failure' }, async () => [
  add(1, 2),
  fail('in a structure'),
]);
export const returnedByTask = flow({ name: 'returned-by-task' }, async () => pair());
export const returnedByStage = flow({ name: 'returned-by-stage' }, async () => pairStage(3));
export const returnedAndConsumed = flow({ name: 'returned-and-consumed' }, async () => consume(pair()));
export const hidden = flow({ name: 'hidden' }, async () => codeOf(() => collect(new Holder(add(1, 2)))));
export const hiddenDeeper = flow({ name: 'hidden-deeper' }, async () =>
  codeOf(() => collect({ list: [new Map([['k', new Holder(add(1, 2))]])] })),
);
export const asText = flow({ name: 'as-text' }, async () => {
  const sum = add(1, 2);
  return codeOf(() => `sum: ${sum as unknown as string}`);
});
export const asNumber = flow({ name: 'as-number' }, async () => {
  const sum = add(1, 2) as unknown as number;
  return [await codeOf(() => sum + 1), await codeOf(() => sum > 3)];
});
export const asJson = flow({ name: 'as-json' }, async () => {
  const sum = add(1, 2);
  return codeOf(() => JSON.stringify({ sum }));
});
export const mapAsText = flow({ name: 'map-as-text' }, async () => {
  const doubles = double.map([1, 2]);
  return codeOf(() => String(doubles));
});
const usesAsText = task({ name: 'uses-as-text' }, async () => {
  const sum = add(1, 2);
  return codeOf(() => `sum: ${sum as unknown as string}`);
});
export const asTextInTask = flow({ name: 'as-text-in-task' }, async () => usesAsText());
export const rejectedArgument = flow({ name: 'rejected-argument' }, async () => {
  const seen = await settled(echo(Promise.reject(new RangeError('unreadable'))));
  return [seen.state, seen.error?.message];
});
export const rejectedInside = flow({ name: 'rejected-inside' }, async () => {
  const seen = await settled(echo({ list: [1, Promise.reject(new RangeError('unreadable'))] }));
  return [seen.state, seen.error?.message];
});
export const rejectedInMap = flow({ name: 'rejected-in-map' }, async () => {
  const seen = await settled(echo(new Map([['k', Promise.reject(new RangeError('unreadable'))]])));
  return [seen.state, seen.error?.message];
});
export const severalRejected = flow({ name: 'several-rejected' }, async () => {
  const seen = await settled(
    echo([Promise.reject(new RangeError('one')), Promise.reject(new RangeError('two')), add(1, 2)]),
  );
  return seen.state;
});
