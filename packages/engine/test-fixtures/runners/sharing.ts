import { threadId } from 'node:worker_threads';
import { define } from './define.ts';
import { nextTurn, scope } from './contract-tasks.ts';

const module = import.meta.url;

/** Counts itself in, and returns the number of its thread once so many have. */
export const meets = define(module, 'meets', async (counter: Int32Array, all: number) => {
  Atomics.add(counter, 0, 1);
  while (Atomics.load(counter, 0) < all) await nextTurn();
  return threadId;
});

/** The same, as a function that does not look asynchronous. */
export const meetsUnseen = define(module, 'meets-unseen', (counter: Int32Array, all: number) =>
  Reflect.apply(meets.fn as (...args: unknown[]) => unknown, undefined, [counter, all]),
);

/** Counts itself in at place 0 and waits for place 1 to be set; gives the number of its thread. */
export const waitsForFlag = define(module, 'waits-for-flag', async (flag: Int32Array) => {
  Atomics.add(flag, 0, 1);
  scope().say('log', { threadId }, undefined);
  while (Atomics.load(flag, 1) === 0) await nextTurn();
  return threadId;
});

/** Sets place 1, and gives the number of its thread. */
export const setsFlag = define(module, 'sets-flag', (flag: Int32Array) => {
  Atomics.store(flag, 1, 1);
  Atomics.notify(flag, 1);
  return threadId;
});

export const setsFlagLater = define(module, 'sets-flag-later', async (flag: Int32Array) => {
  await nextTurn();
  return Reflect.apply(setsFlag.fn as (flag: Int32Array) => unknown, undefined, [flag]);
});

/** Stands still until place 1 is set. */
export const standsUntilFlag = define(module, 'stands-until-flag', (flag: Int32Array) => {
  Atomics.add(flag, 0, 1);
  scope().say('log', { threadId }, undefined);
  Atomics.wait(flag, 1, 0);
  return threadId;
});
