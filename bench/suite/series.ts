/**
 * The rows of the suite, as data. A series is one workload at growing sizes; which sizes belong to the quick,
 * the standard and the full set stands beside each.
 */
import type { Case, RowName } from './case.ts';

export const SETS = ['quick', 'standard', 'full'] as const;
export type SetName = (typeof SETS)[number];

export interface Series extends Omit<Case, 'n' | 'variant' | 'seed'> {
  /** Stable name, as in the CSV file and for `--only`. */
  readonly name: string;
  readonly sizes: Readonly<Record<SetName, readonly number[]>>;
  /** Only this system is asked. */
  readonly onlySystem?: string;
}

/** Sizes of the published tests. */
const PUBLISHED = [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000];

function tree(
  [minSeconds, maxSeconds]: readonly [number, number],
  sizes: Series['sizes'],
  options: Readonly<{ mebibytes?: number; processes?: number; threads?: number }> = {},
): Series {
  const { mebibytes = 0.1, processes = 1, threads = 16 } = options;
  const name = `U(${minSeconds},${maxSeconds}) ${mebibytes} MiB ${processes}x${threads}`;
  return { name, row: 'tree', minSeconds, maxSeconds, mebibytes, processes, threads, sizes };
}

function micro(row: RowName, sizes: Series['sizes'], onlySystem?: string): Series {
  const workload = { minSeconds: 0, maxSeconds: 0, mebibytes: 0, processes: 1, threads: 16 };
  return { name: row, row, ...workload, sizes, ...(onlySystem === undefined ? {} : { onlySystem }) };
}

export const series: readonly Series[] = [
  // The published series: short and long.
  tree([0.1, 1], { quick: [1000], standard: [1000, 4000], full: PUBLISHED }),
  tree([4, 6], { quick: [], standard: [], full: PUBLISHED }),
  // The same shapes scaled, so that large n end.
  tree([0.09, 0.11], { quick: [1000, 4000], standard: [1000, 4000, 16_000], full: PUBLISHED }),
  tree([0.9, 1.1], { quick: [], standard: [1000], full: PUBLISHED }),
  tree([0.01, 0.1], { quick: [1000, 4000], standard: [1000, 4000, 16_000], full: PUBLISHED }),
  // The rest of the published sweep over durations at a fixed n.
  tree([0.001, 0.01], { quick: [1000], standard: [1000, 4000], full: [1000, 4000] }),
  tree([0.03, 0.3], { quick: [1000], standard: [1000, 4000], full: [1000, 4000] }),
  // Large arrays.
  tree([0.001, 0.01], { quick: [250], standard: [1000], full: PUBLISHED }, { mebibytes: 10 }),
  tree([0.1, 1], { quick: [], standard: [1000], full: PUBLISHED }, { mebibytes: 10 }),
  tree([4, 6], { quick: [], standard: [], full: PUBLISHED }, { mebibytes: 10 }),
  // Sixteen processes of one thread.
  tree([0.09, 0.11], { quick: [], standard: [1000, 4000], full: PUBLISHED }, { processes: 16, threads: 1 }),
  tree([0.1, 1], { quick: [], standard: [1000], full: PUBLISHED }, { processes: 16, threads: 1 }),

  micro('noop-map', {
    quick: [20_000],
    standard: [1000, 10_000, 100_000, 1_000_000],
    full: [1000, 10_000, 100_000, 1_000_000],
  }),
  micro('chain', { quick: [2000], standard: [1000, 10_000], full: [1000, 10_000] }),
  micro('fan', { quick: [100], standard: [100, 1000], full: [100, 1000] }),
  micro('stages', { quick: [1000], standard: [1000, 16_000], full: [1000, 16_000] }),
  micro('cold-hello', { quick: [1], standard: [1], full: [1] }),
  micro('pending', { quick: [200_000], standard: [1_000_000], full: [1_000_000] }, 'sidereal'),
];
