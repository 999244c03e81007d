import { flow, task } from '@sidereal/engine';

const same = task({ name: 'same' }, (value: unknown) => value);

/** The code of `awaiting` awaits what consumes it. */
export const ring = flow({ name: 'ring' }, async () => {
  const made: PromiseLike<unknown>[] = [];
  const awaiting = task({ name: 'awaiting' }, async () => made[0]);
  made.push(same(awaiting()));
  await made[0];
});
