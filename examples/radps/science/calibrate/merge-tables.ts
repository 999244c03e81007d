import { requireParameter } from '../science-error.ts';
import { unitTable } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';

/** Tables of the same antennas, feeds and channels as one, their solutions in order of time. */
export function mergeTables(tables: readonly CalibrationTable[]): CalibrationTable {
  const [first] = tables;
  requireParameter(first !== undefined, 'there is no table to merge', 'Give at least one.');
  for (const table of tables) {
    requireParameter(
      table.kind === first.kind &&
        table.antennas === first.antennas &&
        table.feeds.join() === first.feeds.join() &&
        table.frequencyHz.length === first.frequencyHz.length,
      `a ${table.kind} table of ${table.antennas} antennas and ${table.frequencyHz.length} channels does not go with a ${first.kind} table of ${first.antennas} and ${first.frequencyHz.length}`,
      'Merge tables that were solved in the same way.',
    );
  }
  const solutions = tables
    .flatMap((table) => Array.from(table.timeS, (time, solution) => ({ table, time, solution })))
    .toSorted((a, b) => a.time - b.time);
  const merged = unitTable(first.kind, {
    ...first,
    timeS: Float64Array.from(solutions, ({ time }) => time),
  });
  const width = first.antennas * first.feeds.length * first.frequencyHz.length;
  for (const [index, { table, solution }] of solutions.entries()) {
    const from = solution * width;
    merged.value.set(table.value.subarray(2 * from, 2 * (from + width)), 2 * index * width);
    merged.snr.set(table.snr.subarray(from, from + width), index * width);
    merged.flag.set(table.flag.subarray(from, from + width), index * width);
  }
  return merged;
}

/**
 * How far two tables of the same shape are apart: the root mean square of |a − b| over the entries that neither has
 * flagged, relative to that of |a|. Infinity if they have no such entry, or are of different shape.
 */
export function tableChange(a: CalibrationTable, b: CalibrationTable): number {
  if (a.value.length !== b.value.length) return Infinity;
  let change = 0;
  let size = 0;
  for (const [entry, flag] of a.flag.entries()) {
    if (flag === 1 || b.flag[entry] === 1) continue;
    const re = a.value[2 * entry] ?? 0;
    const im = a.value[2 * entry + 1] ?? 0;
    change += (re - (b.value[2 * entry] ?? 0)) ** 2 + (im - (b.value[2 * entry + 1] ?? 0)) ** 2;
    size += re * re + im * im;
  }
  return size > 0 ? Math.sqrt(change / size) : Infinity;
}

/** The amplitudes of a table alone, as for a source whose phases are known better from itself. */
export function amplitudesOf(table: CalibrationTable): CalibrationTable {
  const value = new Float64Array(table.value.length);
  for (let at = 0; at < value.length; at += 2)
    value[at] = Math.hypot(table.value[at] ?? 0, table.value[at + 1] ?? 0);
  return { ...table, value };
}
