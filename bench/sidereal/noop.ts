import { flow, task, type TaskFuture } from 'sidereal';
import { z } from 'zod';
import { counted } from './counted.ts';
import { meet, warmUp } from './warm-up.ts';

const warm = task({ name: 'warm-up' }, (slots: number, present: Int32Array, _index: number) =>
  meet(slots, present),
);
const noop = task({ name: 'noop' }, (_item: number) => undefined);
const increment = task({ name: 'increment' }, (n: number) => n + 1);
const branch = task({ name: 'branch' }, (stem: number, _branch: number) => stem);
const gather = task({ name: 'gather' }, (branches: readonly number[]) => branches.length);

/** Rows of `fan` go out this wide. */
const WIDTH = 16;

const input = z.object({ n: z.int(), slots: z.int() });

/** One map of no-op task runs. */
export const noopMap = flow({ name: 'noop-map', input }, async ({ n, slots }) => {
  await warmUp(warm, slots);
  const began = performance.now();
  const items = counted(n);
  await noop.map(items.items);
  return { began, tSubmit: items.tSubmit(began) };
});

/** Task runs that each wait for the one before. */
export const chain = flow({ name: 'chain', input }, async ({ n, slots }) => {
  await warmUp(warm, slots);
  const began = performance.now();
  let last = increment(0);
  for (let i = 1; i < n; i += 1) last = increment(last);
  const tSubmit = (performance.now() - began) / 1000;
  return { began, tSubmit, check: await last };
});

/** Rounds of sixteen task runs from one, gathered by one. */
export const fan = flow({ name: 'fan', input }, async ({ n, slots }) => {
  await warmUp(warm, slots);
  const began = performance.now();
  const widths = Array.from({ length: WIDTH }, (_, i) => i);
  let last: TaskFuture<number> | number = WIDTH;
  for (let round = 0; round < n; round += 1) {
    const stem: TaskFuture<number> | number = last;
    last = gather(branch.map(widths, (index) => [stem, index]));
  }
  const tSubmit = (performance.now() - began) / 1000;
  return { began, tSubmit, check: ((await last) / WIDTH) * n };
});

const stage = flow({ name: 'stage', input: z.int() }, async (item) => noop(item));

/** Flows in a flow, each of one no-op task run. */
export const stages = flow({ name: 'stages', input }, async ({ n, slots }) => {
  await warmUp(warm, slots);
  const began = performance.now();
  const items = counted(n);
  await stage.map(items.items);
  return { began, tSubmit: items.tSubmit(began) };
});
