import type { DatabaseSync } from 'node:sqlite';
import { digestAtOrNone, ENTRY_KIND_CODE, type DecodedBatch } from '@sidereal/core';
import { levelOf } from '../segments/log-level.ts';
import { partId } from '../rows/run-number.ts';

/** Writes a batch's entries to the index of entries; `first` is the number of its first one in the journal. */
export function prepareEntryWriter(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO entry (id, idx, attempt, kind, level, time_us, key, segment, row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (runNo: number, segment: number, first: number, batch: DecodedBatch): void => {
    const { entry } = batch.rows;
    for (let row = 0; row < entry.count; row++) {
      const kind = entry.kind[row] ?? 0;
      const level = kind === ENTRY_KIND_CODE.log ? levelOf(batch.text(entry.body[row] ?? 0)) : undefined;
      const key = digestAtOrNone(entry.key, row);
      insert.run(
        partId(runNo, first + row),
        entry.idx[row] ?? 0,
        entry.attempt[row] ?? 0,
        kind,
        level ?? null,
        entry.timeUs[row] ?? 0,
        key.length === 0 ? null : key,
        segment,
        row,
      );
    }
  };
}
