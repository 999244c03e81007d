import { flow, sleep, task } from '@sidereal/engine';

const wait = task({ name: 'wait' }, async (n: number) => {
  await sleep('10m');
  return n;
});

/** Runs until it is cancelled. */
export const endless = flow({ name: 'endless' }, async () => wait.map([1, 2, 3]));
