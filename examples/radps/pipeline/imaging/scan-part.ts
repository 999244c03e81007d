import type { VisibilitySet } from '../../science/index.ts';
import { selectRows } from '../baseline-rows.ts';

/** One of `parts` parts of the scans of a set: what one task of a fan-out takes. */
export interface ScanPart {
  readonly part: number;
  readonly parts: number;
}

/** All parts of a set. */
export function scanParts(parts: number): ScanPart[] {
  return Array.from({ length: parts }, (_, part) => ({ part, parts }));
}

/** The scans of a part, as a set: whole scans, neighbours together, as many in each part as can be; none if there are fewer. */
export function selectScans(set: VisibilitySet, { part, parts }: ScanPart): VisibilitySet {
  if (parts === 1) return set;
  const scans = [...new Set(set.scan)].toSorted((a, b) => a - b);
  const first = Math.round((part * scans.length) / parts);
  const next = Math.round(((part + 1) * scans.length) / parts);
  return selectRows(set, rowsOfScans(set, scans.slice(first, next)));
}

/** The rows of some scans, rising. */
export function rowsOfScans(set: VisibilitySet, scans: readonly number[]): Int32Array {
  const wanted = new Set(scans);
  const rows: number[] = [];
  for (const [row, scan] of set.scan.entries()) if (wanted.has(scan)) rows.push(row);
  return Int32Array.from(rows);
}
