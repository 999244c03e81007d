import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from 'sidereal';

/** Set-up that takes longer is a failure of its own. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 5;

/**
 * What a task of the module to be warmed up does: waits until as many of its kind run as there are slots, so
 * that each is on a thread of its own, and every thread has imported the module.
 */
export async function meet(slots: number, present: Int32Array): Promise<void> {
  Atomics.add(present, 0, 1);
  const limit = performance.now() + PATIENCE_MS;
  while (Atomics.load(present, 0) < slots) {
    if (performance.now() > limit) throw new Error(`not all of ${slots} slots came up within a minute`);
    await sleep(LOOK_MS);
  }
}

/** Brings every slot up before the clock starts, as the published tests do with the threads of Dask. */
export async function warmUp(warm: Task<[number, Int32Array, number], void>, slots: number): Promise<void> {
  const present = new Int32Array(new SharedArrayBuffer(4));
  await warm.map(
    Array.from({ length: slots }, (_, index) => index),
    (index) => [slots, present, index],
    { key: String },
  );
}
