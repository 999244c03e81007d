import { appendFileSync } from 'node:fs';
import { flow, run, sleep, task } from '@sidereal/engine';

/** Leaves a line in the file that STEPS_TRACE names whenever it executes. */
const step = task({ name: 'step' }, async (n: number) => {
  const trace = process.env['STEPS_TRACE'];
  if (trace !== undefined) appendFileSync(trace, `${n}\n`);
  if (process.env['STEPS_HANG'] === String(n)) await sleep('10m');
  return n;
});
const publish = task({ name: 'publish', durability: 'strict' }, async () => {
  const trace = process.env['STEPS_TRACE'];
  if (trace !== undefined) appendFileSync(trace, 'publish\n');
  await sleep(Number(process.env['STEPS_PUBLISH_MS'] ?? 0));
  return 'published';
});

/** Steps one after the other, then something strict. */
export const steps = flow({ name: 'steps' }, async () => {
  let sum = 0;
  for (let n = 1; n <= 6; n += 1) {
    sum += await step(n);
    run.log(`step ${n} done`);
  }
  return `${await publish()} ${sum}`;
});
