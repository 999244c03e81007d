import type { DatabaseSync } from 'node:sqlite';
import type { DecodedBatch } from '@sidereal/core';
import { partId } from '../run-number.ts';

/** Writes the names that a batch introduces; one that comes again (a resumed run, changed code) replaces its row. */
export function prepareNameWriter(db: DatabaseSync) {
  const insert = db.prepare(
    'INSERT OR REPLACE INTO name (id, name, module, code, runner, tags) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return (runNo: number, batch: DecodedBatch): void => {
    const { names } = batch;
    for (let row = 0; row < names.count; row++) {
      insert.run(
        partId(runNo, names.ids[row] ?? 0),
        batch.text(names.names[row] ?? 0),
        batch.text(names.modules[row] ?? 0),
        batch.text(names.codes[row] ?? 0),
        batch.text(names.runners[row] ?? 0),
        batch.text(names.tags[row] ?? 0),
      );
    }
  };
}
