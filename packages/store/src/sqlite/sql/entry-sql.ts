import type { DatabaseSync } from 'node:sqlite';
import { ENTRY_KIND_CODE, type DecodedBatch } from '@sidereal/core';
import { levelOf } from '../log-level.ts';
import { partId } from '../run-number.ts';

/** Writes a batch's entries to the index of entries; `first` is the number of its first one in the journal. */
export function prepareEntryWriter(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO entry (id, idx, attempt, kind, level, time_us, key, segment, row)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (runNo: number, segment: number, first: number, batch: DecodedBatch): void => {
    const { entries } = batch;
    for (let row = 0; row < entries.count; row++) {
      const kind = entries.kinds[row] ?? 0;
      const level = kind === ENTRY_KIND_CODE.log ? levelOf(batch.text(entries.bodies[row] ?? 0)) : undefined;
      const key = batch.entryKey(row);
      insert.run(
        partId(runNo, first + row),
        entries.idx[row] ?? 0,
        entries.attempts[row] ?? 0,
        kind,
        level ?? null,
        entries.times[row] ?? 0,
        key.length === 0 ? null : key,
        segment,
        row,
      );
    }
  };
}
