import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { flow, task } from 'sidereal';
import { z } from 'zod';

const opened = Promise.withResolvers<number>();
const gate = task({ name: 'gate' }, () => opened.promise);
const wait = task({ name: 'wait' }, (_gate: number, i: number) => i);

/** Lets the journal catch up, and collects garbage. */
async function settle(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < 40; i += 1) {
    await sleep(50);
    gc();
  }
}

/** Plain calls that all wait for one gate: the resident memory of each, and how long they take to submit and run. */
export const pending = flow(
  { name: 'pending', input: z.object({ n: z.int(), slots: z.int() }) },
  async ({ n }) => {
    const first = gate();
    await settle();
    const before = process.memoryUsage.rss();
    const submitted = performance.now();
    for (let i = 0; i < n; i += 1) {
      wait(first, i);
      if (i % 10_000 === 0) await turn();
    }
    const tSubmit = (performance.now() - submitted) / 1000;
    await settle();
    const rssBytesPerTask = (process.memoryUsage.rss() - before) / n;
    const began = performance.now();
    opened.resolve(0);
    return { began, tSubmit, rssBytesPerTask };
  },
);
