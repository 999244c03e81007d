/** Work for all cores: a task that only computes goes to threads. Run it: `node examples/hello/on-threads.ts`. */
import { flow, reduce, task, threads } from 'sidereal';

/** How many of a million points lie in the circle. At module level, so that other threads find it by its name. */
const throwDarts = task({ name: 'throw-darts', on: 'threads' }, (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let hits = 0;
  for (let dart = 0; dart < 1_000_000; dart += 1) if (next() ** 2 + next() ** 2 < 1) hits += 1;
  return hits;
});
const add = task({ name: 'add', on: 'inline' }, (a: number, b: number) => a + b);

/** `threads()` is one thread a core. The seeds are the items of one map group, the sum a tree over them. */
export const estimatePi = flow({ name: 'estimate-pi', runner: threads() }, async () => {
  const seeds = [11, 22, 33, 44, 55, 66, 77, 88];
  const hits = await reduce(add, throwDarts.map(seeds));
  return (4 * hits) / (seeds.length * 1_000_000);
});

if (import.meta.main) console.log(await estimatePi());
