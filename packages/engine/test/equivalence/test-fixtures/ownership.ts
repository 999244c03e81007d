/** Who owns what: arguments that are changed after the call, inputs that their consumers change. */
import * as engine from '../../../src/index.ts';
import { flow, run, task, type TaskFuture } from '../../../src/index.ts';
import { echo } from './arithmetic.ts';

const timesTen = task({ name: 'times-ten' }, ({ channel }: { channel: number }) => channel * 10);
const length = task({ name: 'length' }, (values: readonly unknown[]) => values.length);
const size = task({ name: 'size' }, (values: ReadonlyMap<unknown, unknown>) => values.size);
const first = task({ name: 'first' }, (values: ArrayLike<number>) => values[0]);
const make = task({ name: 'make' }, () => [3, 1, 2]);
const makeArray = task({ name: 'make-array' }, () => new Float64Array([3, 1, 2]));
const push = task({ name: 'push' }, (values: number[], _label: string) => values.push(99));
const sortMiddle = task({ name: 'sort-middle' }, (values: number[]) => values.sort((a, b) => a - b)[1]);
const firstAfter = task({ name: 'first-after' }, (values: number[], _after: unknown) => values[0]);
const overwrite = task({ name: 'overwrite' }, (values: Float64Array) => values.fill(7).length);
const pushThenFail = task({ name: 'push-then-fail', retries: 2 }, (values: number[]) => {
  values.push(run.attempt);
  if (run.attempt < 3) throw new Error('not yet');
  return values;
});

export const changedObject = flow({ name: 'changed-object' }, async () => {
  const settings = { channel: 0 };
  const all: TaskFuture<number>[] = [];
  for (let channel = 1; channel <= 4; channel += 1) {
    settings.channel = channel;
    all.push(timesTen(settings));
  }
  settings.channel = -1;
  return Promise.all(all);
});
export const changedNested = flow({ name: 'changed-nested' }, async () => {
  const settings = { of: { channel: 1 } };
  const before = echo(settings);
  settings.of.channel = 2;
  const after = echo(settings);
  return [await before, await after];
});
export const changedArray = flow({ name: 'changed-array' }, async () => {
  const values: number[] = [];
  const lengths: TaskFuture<number>[] = [];
  for (let n = 0; n < 3; n += 1) {
    values.push(n);
    lengths.push(length(values));
  }
  return Promise.all(lengths);
});
export const changedMap = flow({ name: 'changed-map' }, async () => {
  const values = new Map([['a', 1]]);
  const before = size(values);
  values.set('b', 2);
  return [await before, await size(values)];
});
export const changedTypedArray = flow({ name: 'changed-typed-array' }, async () => {
  const values = new Float64Array([1, 2, 3]);
  const before = first(values);
  values[0] = 10;
  const after = first(values);
  values[0] = 20;
  return [await before, await after];
});
export const changedLargeArray = flow({ name: 'changed-large-array' }, async () => {
  const values = new Float64Array(100_000).fill(1);
  const before = first(values);
  values.fill(2);
  const after = first(values);
  values.fill(3);
  return [await before, await after];
});
export const changedWhileWaiting = flow({ name: 'changed-while-waiting' }, async () => {
  const settings = { channel: 1 };
  const waits = firstAfter([5], echo('first'));
  const given = timesTen.with({ after: [waits] })(settings);
  await waits;
  settings.channel = 2;
  return given;
});
function* refilled(): Generator<{ channel: number }> {
  const item = { channel: 0 };
  for (let channel = 1; channel <= 4; channel += 1) {
    item.channel = channel;
    yield item;
  }
}
export const refilledItem = flow({ name: 'refilled-item' }, async () => timesTen.map(refilled()));
export const refilledArguments = flow({ name: 'refilled-arguments' }, async () => {
  const reused: [{ channel: number }] = [{ channel: 0 }];
  return timesTen.map([1, 2, 3], (channel) => {
    reused[0].channel = channel;
    return reused;
  });
});
export const callerKeeps = flow({ name: 'caller-keeps' }, async () => {
  const values = [0];
  const grown = await push(values, 'only');
  return [grown, values];
});
export const twoConsumers = flow({ name: 'two-consumers' }, async () => {
  const values = make();
  const one = push(values, 'one');
  const two = push.with({ after: [one] })(values, 'two');
  return [await one, await two];
});
export const sortedInPlace = flow({ name: 'sorted-in-place' }, async () => {
  const values = make();
  const middle = sortMiddle(values);
  return [await middle, await firstAfter(values, middle), await values];
});
export const overwritten = flow({ name: 'overwritten' }, async () => {
  const values = makeArray();
  const written = await overwrite(values);
  return [written, await first(values), (await values)[0]];
});
export const flowChangesResult = flow({ name: 'flow-changes-result' }, async () => {
  const values = make();
  (await values).push(9);
  return length(values);
});
export const mapResultChanged = flow({ name: 'map-result-changed' }, async () => {
  const rows = echo.map([[1], [2]]) as unknown as TaskFuture<number[][]>;
  const taken = await rows;
  taken[0]?.push(9);
  return [await length(rows), await echo(rows)];
});
export const retriedWithWhole = flow({ name: 'retried-with-whole' }, async () => pushThenFail([0]));
export const retriedWithFuture = flow({ name: 'retried-with-future' }, async () => pushThenFail(make()));
const keepsIt = task({ name: 'keeps-it' }, (values: { list: number[] }) => values.list);
export const partOfInput = flow({ name: 'part-of-input' }, async () => {
  const whole = echo({ list: [1] }) as unknown as TaskFuture<{ list: number[] }>;
  const part = keepsIt(whole);
  (await part).push(2);
  return whole;
});
const changeInside = task({ name: 'change-inside' }, async () => {
  const values = [1];
  const before = length(values);
  values.push(2);
  return [await before, await length(values)];
});
export const changedInTask = flow({ name: 'changed-in-task' }, async () => changeInside());

const declareShared = Reflect.get(engine, 'shared') as (<T>(value: T) => T) | undefined;
/** An array declared as one that nobody changes, given three times. */
export const sharedArray = flow({ name: 'shared-array' }, async () => {
  if (declareShared === undefined) throw new TypeError('the engine has no shared()');
  const values = declareShared(new Float64Array(50_000).fill(1));
  const many = declareShared(new Float64Array(50_000).fill(2));
  return Promise.all([first(values), first(values), first(many)]);
});
