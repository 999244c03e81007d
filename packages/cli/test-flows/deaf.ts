import { flow, task } from '@sidereal/engine';

/** Does not listen to its signal. */
const deaf = task({ name: 'deaf' }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});

export const stubborn = flow({ name: 'stubborn' }, async () => {
  await deaf();
});
