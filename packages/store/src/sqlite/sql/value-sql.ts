import type { DatabaseSync } from 'node:sqlite';
import type { StoredValue } from '@sidereal/core';
import { toInteger } from '../rows/row.ts';
import { partId } from '../rows/run-number.ts';
import { prepareSegmentReader } from './segment-reader.ts';

/** The value recorded for a node of a run, read by offset; undefined if none was. */
export type ValueReader = (runNo: number, idx: number) => StoredValue | undefined;

export function prepareValueReader(db: DatabaseSync): ValueReader {
  const pointer = db.prepare(
    'SELECT value_storage, value_segment, value_offset, value_length FROM node WHERE id = ?',
  );
  const segments = prepareSegmentReader(db, 1);
  return (runNo, idx) => {
    const row = pointer.get(partId(runNo, idx));
    if (row === undefined || row['value_storage'] === null) return undefined;
    const segment = toInteger(row['value_segment']);
    const offset = toInteger(row['value_offset']);
    const bytes = segments.heap(runNo, segment, offset, toInteger(row['value_length']));
    return { storage: toInteger(row['value_storage']), bytes };
  };
}
