import { setTimeout as sleep } from 'node:timers/promises';
import { flow, reduce, task } from 'sidereal';
import { z } from 'zod';
import { counted } from './counted.ts';
import { meet, warmUp } from './warm-up.ts';

/** An array, and the seconds spent inside the tasks that it was made by. */
type Timed = readonly [array: Float64Array, seconds: number];

const warm = task({ name: 'warm-up' }, (slots: number, present: Int32Array, _index: number) =>
  meet(slots, present),
);

const leaf = task({ name: 'leaf' }, async (tree: TreeInput, _index: number): Promise<Timed> => {
  const began = performance.now();
  const { minSeconds, maxSeconds, doubles } = tree;
  // Timers count whole milliseconds; rounded up, no sleep is shorter than what was drawn.
  await sleep(Math.ceil(1000 * (minSeconds + (maxSeconds - minSeconds) * Math.random())));
  const array = new Float64Array(doubles).fill(1);
  return [array, (performance.now() - began) / 1000];
});

const add = task({ name: 'add' }, ([a, secondsA]: Timed, [b, secondsB]: Timed): Timed => {
  const began = performance.now();
  const sum = new Float64Array(a.length);
  for (let i = 0; i < sum.length; i += 1) sum[i] = (a[i] ?? 0) + (b[i] ?? 0);
  return [sum, secondsA + secondsB + (performance.now() - began) / 1000];
});

const treeInput = z.object({
  n: z.int(),
  /** To be warmed up. */
  slots: z.int(),
  minSeconds: z.number(),
  maxSeconds: z.number(),
  doubles: z.int(),
});
type TreeInput = z.infer<typeof treeInput>;

/** Sleeping leaves and a tree of adds over adjacent pairs: the workload of the RADPS overhead tests. */
export const tree = flow({ name: 'tree', input: treeInput }, async (input) => {
  await warmUp(warm, input.slots);
  const began = performance.now();
  const indices = counted(input.n);
  const leaves = leaf.map(indices.items, (index) => [input, index]);
  const [array, tSumTaskTimes] = await reduce(add, leaves);
  const check = array.reduce((sum, element) => (element === array[0] ? sum : Number.NaN), array[0] ?? 0);
  return { began, check, tSumTaskTimes, tSubmit: indices.tSubmit(began) };
});
