import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { partId } from '../sqlite/rows/run-number.ts';
import { openSqliteStore } from '../sqlite/store/open-sqlite-store.ts';
import { prepareSegmentReader } from '../sqlite/sql/segment-reader.ts';
import { databasePath } from '../sqlite/database/store-files.ts';
import { declared, finished } from '../testing/contract/batches.ts';
import { asLaterVersion, LATER_TEXT } from '../testing/later-batch.ts';
import { sampleHeader } from '../testing/sample-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStoreReader } from './store-reader.ts';

test('what is not known of a batch is kept byte by byte, and the rest is read', async () => {
  await using folder = await temporaryFolder();
  const batches = [asLaterVersion(declared(2)), asLaterVersion(finished(2))];
  {
    await using store = await openSqliteStore({ folder: folder.path, validate: true });
    const journal = await store.createRun(sampleHeader('later'), () => undefined);
    for (const batch of batches) await journal.append(batch.slice(), { sync: false });
    await journal.close();
  }
  using reader = openStoreReader(folder.path);
  expect(reader.verify('later')).toMatchObject({ batches: 2, records: 11, discrepancies: [] });
  const { node, inputs, upstream, transitions } = reader.node('later', 2);
  expect({ state: node.state, inputs, upstream }).toEqual({
    state: 'completed',
    inputs: '(2)',
    upstream: [1],
  });
  expect(transitions.map(({ state }) => state)).toEqual(['queued', 'running', 'completed']);

  const db = new DatabaseSync(databasePath(folder.path), { readOnly: true });
  try {
    const segments = prepareSegmentReader(db, 1);
    for (const [i, batch] of batches.entries()) {
      const kept = segments.batch(1, i + 1);
      expect(kept).toEqual(new Uint8Array(batch));
      expect(Buffer.from(kept).toString('latin1')).toContain(LATER_TEXT);
    }
    const { records } = db.prepare('SELECT records FROM segment WHERE id = ?').get(partId(1, 1)) ?? {};
    expect(records).toBe(6);
  } finally {
    db.close();
  }
});
