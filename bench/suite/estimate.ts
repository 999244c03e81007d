import { sleepFloorSeconds } from './foresee.ts';
import type { Planned } from './measurement.ts';

/** Starting a process, its threads and its store, and looking at the record afterwards. */
const SET_UP_SECONDS = 2;
/** Rough seconds a task, to tell how long the suite will take; nothing is judged by them. */
const SECONDS_A_TASK = { bare: 5e-6, sidereal: 8e-5, peer: 3e-3 } as const;
/** What making and adding 10 MiB costs on two cores. */
const SECONDS_A_MEBIBYTE = 3e-3;

/** About how long a case takes, from the start of its process to its end; at most its budget. */
export function estimateSeconds({ system, asked }: Planned, budgetSeconds: number): number {
  const each = system === 'bare' || system === 'sidereal' ? SECONDS_A_TASK[system] : SECONDS_A_TASK.peer;
  const tasks = asked.row === 'fan' ? 17 * asked.n : asked.n;
  const settling = asked.row === 'pending' ? 5 + asked.n * 2e-5 : 0;
  const work = tasks * (each + asked.mebibytes * SECONDS_A_MEBIBYTE);
  return SET_UP_SECONDS + settling + Math.min(budgetSeconds, sleepFloorSeconds(asked) * 1.05 + work);
}

/** The same for all cases of a suite. */
export function sumOfEstimates(planned: readonly Planned[], budgetSeconds: number): number {
  return planned.reduce((sum, one) => sum + estimateSeconds(one, budgetSeconds), 0);
}

/** Seconds as people say them: `40 s`, `4 min`, `2 h 10 min`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
