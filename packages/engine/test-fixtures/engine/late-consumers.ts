/** Tasks of a solver whose cycles pass on whole maps of the cycle before. */
import { task } from '../../src/authoring/task.ts';

interface Column {
  readonly data: Float32Array;
}

const LENGTH = 1220;

/** Throws unless all of a map has come. */
function check(columns: readonly Column[] | undefined, who: string): void {
  if (columns === undefined) return;
  if (columns.length !== 2 || columns.some(({ data }) => data.length !== LENGTH))
    throw new RangeError(`${who} got ${columns.length} of 2 items`);
}

function spin(rounds: number): number {
  let sum = 0;
  for (let at = 0; at < rounds * 2e4; at += 1) sum += Math.sqrt(at);
  return sum;
}

export const calibrate = task(
  { name: 'calibrate', on: 'threads', persist: true },
  (before: readonly Column[] | undefined, cycle: number, index: number): Column => {
    check(before, 'calibrate');
    spin(5);
    return { data: new Float32Array(LENGTH).fill(index + cycle) };
  },
);

export const applyOne = task(
  { name: 'apply', on: 'threads', persist: true },
  (columns: readonly Column[], index: number, solution: number): Column => {
    check(columns, 'apply');
    return { data: (columns[index]?.data ?? new Float32Array(0)).slice().fill(solution) };
  },
);

export const solve = task(
  { name: 'solve', on: 'threads', persist: true },
  (columns: readonly Column[]): number => {
    check(columns, 'solve');
    spin(10);
    return columns[0]?.data[0] ?? Number.NaN;
  },
);

export const grid = task({ name: 'grid', on: 'threads' }, (columns: readonly Column[]): Float64Array => {
  check(columns, 'grid');
  spin(5);
  return new Float64Array(80_000).fill(columns[0]?.data[0] ?? Number.NaN);
});

export const add = task({ name: 'add', on: 'threads' }, (...planes: Float64Array[]): Float64Array => {
  return (planes[0] ?? new Float64Array(0)).slice();
});

export const clean = task({ name: 'clean', on: 'threads' }, (sum: Float64Array): Float64Array => {
  spin(20);
  return sum.slice(0, 20_000);
});

export const predict = task(
  { name: 'predict', on: 'threads', persist: true },
  (model: Float64Array, index: number): number => model[index] ?? Number.NaN,
);

/** Too large to be kept in the record: computed again when it is needed late. */
export const large = task({ name: 'large', on: 'threads' }, async (n: number): Promise<Float64Array> => {
  await new Promise((resolve) => setTimeout(resolve, 10 * n));
  return new Float64Array(100_000).fill(n);
});

export const count = task(
  { name: 'count', on: 'threads' },
  (list: readonly Float64Array[], _turn: number): number => list.length,
);
