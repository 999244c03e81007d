import type { DatabaseSync } from 'node:sqlite';
import type { DecodedBatch } from '@sidereal/core';
import { partId, partRange } from '../rows/run-number.ts';

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

/** The name of a node, by both primary keys; undefined if it is not recorded. */
export function prepareNodeNames(db: DatabaseSync) {
  const select = db.prepare(
    'SELECT name.name FROM node JOIN name ON name.id = ? + node.name WHERE node.id = ?',
  );
  return (runNo: number, idx: number): string | undefined => {
    const [from] = partRange(runNo);
    const name = select.get(from, partId(runNo, idx))?.['name'];
    return typeof name === 'string' ? name : undefined;
  };
}
