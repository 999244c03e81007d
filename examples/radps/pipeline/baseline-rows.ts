import type { VisibilitySet } from '../science/index.ts';

/** Rows of the baselines of one of `groups` groups, ascending; every baseline is in exactly one group. */
export function rowsOfGroup(
  { antenna1, antenna2 }: VisibilitySet,
  group: number,
  groups: number,
): Int32Array {
  const rows: number[] = [];
  for (const [row, first] of antenna1.entries()) {
    if ((first + (antenna2[row] ?? 0)) % groups === group) rows.push(row);
  }
  return Int32Array.from(rows);
}

/** The given rows of a set, as a set of their own. */
export function selectRows(set: VisibilitySet, rows: Int32Array): VisibilitySet {
  const samples = set.channels * set.correlations.length;
  return {
    ...set,
    rows: rows.length,
    timeS: pick(set.timeS, new Float64Array(rows.length), rows, 1),
    intervalS: pick(set.intervalS, new Float64Array(rows.length), rows, 1),
    antenna1: pick(set.antenna1, new Int32Array(rows.length), rows, 1),
    antenna2: pick(set.antenna2, new Int32Array(rows.length), rows, 1),
    field: pick(set.field, new Int32Array(rows.length), rows, 1),
    scan: pick(set.scan, new Int32Array(rows.length), rows, 1),
    uvwM: pick(set.uvwM, new Float64Array(3 * rows.length), rows, 3),
    data: pick(set.data, new Float32Array(2 * samples * rows.length), rows, 2 * samples),
    weight: pick(set.weight, new Float32Array(samples * rows.length), rows, samples),
    flag: pick(set.flag, new Uint8Array(samples * rows.length), rows, samples),
  };
}

/** Copies whole rows of `width` values from a column. */
function pick<Column extends Float64Array | Float32Array | Int32Array | Uint8Array>(
  from: Column,
  to: Column,
  rows: Int32Array,
  width: number,
): Column {
  for (const [index, row] of rows.entries())
    to.set(from.subarray(row * width, (row + 1) * width), index * width);
  return to;
}
