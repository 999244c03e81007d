import { uniformDraws } from './draws.ts';
import { median } from './median.ts';
import { overheadPercent } from './overhead.ts';

/**
 * The end of greedy list scheduling: each task, in the order of submission, starts on the slot that is free
 * first. Nothing else costs anything.
 */
export function greedyMakespan(durations: Iterable<number>, slots: number): number {
  // A binary heap of the times at which the slots become free; mutated in place, for 128,000 draws × 5 seeds.
  const free = new Float64Array(slots);
  let end = 0;
  for (const duration of durations) {
    const done = (free[0] ?? 0) + duration;
    if (done > end) end = done;
    sink(free, done);
  }
  return end;
}

/** Replaces the smallest element of the heap by `value`. */
function sink(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] ?? 0) < (heap[child] ?? 0)) child += 1;
    const below = heap[child] ?? 0;
    if (below >= value) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = value;
}

/** What leaves are drawn from, and where they run. */
export interface Workload {
  readonly n: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  readonly slots: number;
}

/** Overhead in percent that no scheduler can beat, which does not know the draws. */
export interface Floor {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

const SEEDS = 5;

/**
 * The floor of a workload, from five sets of draws. Reducers cost nothing in it: with 16 slots they hide under
 * the leaves except for the last few, and theirs is work that the formula counts as such.
 */
export function overheadFloor({ n, minSeconds, maxSeconds, slots }: Workload, seed: number): Floor {
  const floors = Array.from({ length: SEEDS }, (_, index) => {
    const draws = uniformDraws(n, minSeconds, maxSeconds, seed + index);
    const tSumTaskTimes = draws.reduce((sum, draw) => sum + draw, 0);
    const tWorkflow = greedyMakespan(draws, slots);
    return overheadPercent({ tWorkflow, tSumTaskTimes, slots, leaves: n });
  });
  return { median: median(floors), lowest: Math.min(...floors), highest: Math.max(...floors) };
}
