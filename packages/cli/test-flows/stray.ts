import { flow, sleep } from '@sidereal/engine';

/** Leaves a rejection that nobody awaits. */
export const stray = flow({ name: 'stray' }, async () => {
  void Promise.reject(new Error('nobody awaits this'));
  await sleep('1ms');
  return 'done';
});
