import { flow, sleep, task } from '@sidereal/engine';
import { z } from 'zod';

const work = task({ name: 'work' }, async (n: number) => {
  await sleep(Number(process.env['STAGES_MS'] ?? 20));
  if (n === 7) throw new Error('channel 7 has no data');
  return n;
});
const calibrate = flow(
  { name: 'calibrate', input: z.object({ count: z.int() }), concurrency: 3 },
  async ({ count }) => {
    await work.map(Array.from({ length: count }, (_, n) => n + 10));
  },
);
const window = flow(
  { name: 'image-window', input: z.object({ window: z.int() }), concurrency: 2 },
  async ({ window: at }) => {
    await work.map(Array.from({ length: 20 }, (_, n) => at * 100 + n + 20));
  },
);
const image = flow({ name: 'image', input: z.object({ windows: z.int() }) }, async ({ windows }) => {
  await window.map(Array.from({ length: windows }, (_, at) => ({ window: at })));
});

/** Stages beside and inside each other. */
export const stages = flow(
  { name: 'stages', input: z.object({ count: z.int().default(20), windows: z.int().default(4) }) },
  async ({ count, windows }) => {
    await calibrate({ count });
    console.log('calibrated');
    await Promise.all([
      image({ windows }),
      work
        .with({ retries: 0 })(7)
        .catch(() => undefined),
    ]);
  },
);
