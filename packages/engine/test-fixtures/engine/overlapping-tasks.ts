import { run } from '../../src/authoring/run.ts';
import { task } from '../../src/authoring/task.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Places of the shared memory that these tasks are given. */
const UNDER_WAY = 0;
const MOST = 1;
const BEGUN = 2;
export const OPEN = 3;

/** Shared memory for a run: who is under way, the most at once, who has begun, and a gate. */
export function board(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(16));
}

export const mostAtOnce = (of: Int32Array): number => Atomics.load(of, MOST);
export const begun = (of: Int32Array): number => Atomics.load(of, BEGUN);

function enter(of: Int32Array): void {
  Atomics.add(of, BEGUN, 1);
  const now = Atomics.add(of, UNDER_WAY, 1) + 1;
  for (let most = mostAtOnce(of); now > most; most = mostAtOnce(of))
    Atomics.compareExchange(of, MOST, most, now);
}

function leave(of: Int32Array): void {
  Atomics.sub(of, UNDER_WAY, 1);
}

/** Waits until so many have begun. */
export const meets = task({ name: 'meets' }, async (of: Int32Array, all: number) => {
  enter(of);
  while (begun(of) < all) await nextTurn();
  leave(of);
  return run.attempt;
});

/** The same, as a function that does not look asynchronous. */
export const meetsUnseen = task({ name: 'meets-unseen' }, (of: Int32Array, all: number) => {
  enter(of);
  const met = async (): Promise<void> => {
    while (begun(of) < all) await nextTurn();
    leave(of);
  };
  return met();
});

/** Takes a few turns. */
export const turns = task({ name: 'turns' }, async (of: Int32Array) => {
  enter(of);
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
  leave(of);
});

/** Waits for the gate. */
export const waitsForGate = task({ name: 'waits-for-gate' }, async (of: Int32Array) => {
  enter(of);
  while (Atomics.load(of, OPEN) === 0) await nextTurn();
  leave(of);
  return run.attempt;
});

/** Opens the gate once so many have begun. */
export const opensGate = task({ name: 'opens-gate' }, (of: Int32Array, all: number) => {
  while (begun(of) < all);
  Atomics.store(of, OPEN, 1);
});

/** Computes for a moment, so that others may be seen beside it. */
export const computes = task({ name: 'computes' }, (of: Int32Array) => {
  enter(of);
  for (const until = performance.now() + 5; performance.now() < until;);
  leave(of);
});

/** Calls a task and waits for it, then for the gate. */
export const callsAndWaits = task({ name: 'calls-and-waits' }, async (of: Int32Array) => {
  await deep(0);
  enter(of);
  while (Atomics.load(of, OPEN) === 0) await nextTurn();
  leave(of);
  return run.attempt;
});

/** Runs away once so many have begun. */
export const runsAway = task({ name: 'runs-away', timeout: 300 }, async (of: Int32Array, all: number) => {
  while (begun(of) < all) await nextTurn();
  for (;;);
});

/** The depth that it was called with. */
export const deep = task({ name: 'deep' }, async (levels: number): Promise<number> =>
  levels === 0 ? 0 : 1 + (await deep(levels - 1)),
);
