import type { DatabaseSync } from 'node:sqlite';
import type { DecodedBatch } from '@sidereal/core';
import { partId } from '../rows/run-number.ts';

/** Writes the names that a batch introduces; one that comes again (a resumed run) replaces its row. */
export function prepareNameWriter(db: DatabaseSync) {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO name (id, name, module, runner, tags) VALUES (?, ?, ?, ?, ?)',
  );
  return (runNo: number, batch: DecodedBatch): void => {
    const { name } = batch.rows;
    for (let row = 0; row < name.count; row++) {
      insert.run(
        partId(runNo, name.id[row] ?? 0),
        batch.text(name.name[row] ?? 0),
        batch.text(name.module[row] ?? 0),
        batch.text(name.runner[row] ?? 0),
        batch.text(name.tags[row] ?? 0),
      );
    }
  };
}
