import type { VisibilitySet } from './observation.ts';

/** Some rows of one pair of antennas, in the order of the set (time). */
export interface BaselineRows {
  readonly antenna1: number;
  readonly antenna2: number;
  readonly rows: Int32Array;
}

/** Rows grouped by baseline, and by scan or field, in order of first appearance. */
export function rowsByBaseline(set: VisibilitySet, within: 'scan' | 'field'): BaselineRows[] {
  const part = within === 'scan' ? set.scan : set.field;
  const groups = new Map<string, number[]>();
  for (let row = 0; row < set.rows; row++) {
    const key = `${set.antenna1[row]} ${set.antenna2[row]} ${part[row]}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return Array.from(groups.values(), (rows) => ({
    antenna1: set.antenna1[rows[0] ?? 0] ?? 0,
    antenna2: set.antenna2[rows[0] ?? 0] ?? 0,
    rows: Int32Array.from(rows),
  }));
}
