import { writeSync } from 'node:fs';
import { flow, run, sleep, task } from 'sidereal';

const wait = task({ name: 'wait' }, async (n: number) => {
  writeSync(1, `waiting ${n}\n`);
  await sleep('10m');
  return n;
});

/** Does not listen to its signal. */
const deaf = task({ name: 'deaf' }, async (): Promise<number> => {
  run.log.info('deaf');
  writeSync(1, 'deaf\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
  return 0;
});

/** Waits until it is stopped. */
export const endless = flow({ name: 'endless' }, async () =>
  process.env['DEAF'] === undefined ? wait.map([1, 2]) : deaf(),
);

if (process.env['OWN_HANDLER'] !== undefined) {
  process.on('SIGTERM', () => writeSync(1, 'the program has heard\n'));
}

if (import.meta.main) console.log(await endless());
