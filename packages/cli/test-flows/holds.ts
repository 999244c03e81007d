import { flow, sleep, task } from '@sidereal/engine';

const leaf = task({ name: 'leaf' }, async () => sleep('10m'));
const caller = task({ name: 'caller' }, async () => leaf());
const train = task({ name: 'train', resources: { gpu: 1 } }, async (_n: number) => sleep('10m'));
const later = task({ name: 'later', retries: { limit: 1, delay: '50m' } }, () => {
  throw new Error('closed until morning');
});

/** Stands still: one task waits for what it called, one for a gpu, one for its retry. */
export const holds = flow({ name: 'holds', resources: { gpu: 1 } }, async () => {
  await Promise.all([caller(), train.map([1, 2]), later()]);
});
