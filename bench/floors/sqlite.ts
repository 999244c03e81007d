import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Floor of a record: seconds for one upsert a task into a SQLite table by integer key, batches of 500, WAL. */
export function bareUpserts(count: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-bench-'));
  const db = new DatabaseSync(join(folder, 'floor.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  db.exec(
    'CREATE TABLE node (id INTEGER PRIMARY KEY, key BLOB, state INTEGER, started INTEGER, ended INTEGER) STRICT',
  );
  const upsert = db.prepare(
    'INSERT INTO node VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, ended = excluded.ended',
  );
  const key = new Uint8Array(16);
  const began = performance.now();
  for (let at = 0; at < count; at += 500) {
    db.exec('BEGIN');
    for (let id = at; id < Math.min(at + 500, count); id += 1) upsert.run(id, key, 11, id * 10, id * 10 + 5);
    db.exec('COMMIT');
  }
  const seconds = (performance.now() - began) / 1000;
  db.close();
  rmSync(folder, { recursive: true });
  return seconds;
}
