import { createBatchBuilder, STATE_CODE, type BatchBuilder } from '@sidereal/core';
import { expect, test } from 'vitest';
import { openStoreReader } from '../../reader/store-reader.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import type { SqliteJournal } from './sqlite-journal.ts';

const PATIENCE_MS = 60_000;
const header = {
  id: 'held',
  flow: 'held',
  module: 'held.ts',
  entry: 'held',
  version: '',
  tags: [],
  input: '',
  inputBytes: new Uint8Array(0),
  originMs: 0,
  provenance: '{}',
};

function declare(records: BatchBuilder, idx: number): void {
  records.declare({
    idx,
    key: new Uint8Array(16).fill(idx + 1),
    parent: idx === 0 ? -1 : 0,
    group: -1,
    stage: 0,
    kind: idx === 0 ? 'flow' : 'task',
    nameId: 0,
    timeUs: idx,
    flags: 0,
    upstream: [],
    inputs: '',
  });
}

/** Holds this thread until others see so many nodes of the run: only the store's thread can bring that about. */
function holdUntilRecorded(folder: string, nodes: number): void {
  const deadline = performance.now() + PATIENCE_MS;
  using reader = openStoreReader(folder);
  while (reader.nodes({ run: 'held', limit: 1000 }).length < nodes) {
    if (performance.now() > deadline) throw new Error(`${nodes} nodes were not recorded`);
  }
}

async function append(journal: SqliteJournal, records: BatchBuilder): Promise<void> {
  const batch = records.take();
  if (batch !== undefined) await journal.append(batch, { sync: false });
}

test('what a holder has recorded is committed while its thread is held, and numbered like any batch', async () => {
  await using folder = await temporaryFolder();
  await using store = await openSqliteStore({ folder: folder.path, validate: true });
  const journal = await store.createRun(header, () => undefined);
  const sharing = journal.share();
  const records = createBatchBuilder(sharing);
  let nodes = 0;
  // By turns: appended by the holder, taken by the store once, twice; a batch that was sent goes before.
  for (const turn of ['append', 'hold', 'append and hold', 'hold', 'hold', 'append']) {
    for (let i = 0; i < 40; i++) declare(records, nodes++);
    if (turn === 'append') await append(journal, records);
    if (turn === 'append and hold') {
      void append(journal, records);
      declare(records, nodes++);
    }
    if (turn !== 'append') holdUntilRecorded(folder.path, nodes);
  }
  records.transition({ idx: 0, state: STATE_CODE.completed, attempt: 1, timeUs: 9 });
  await append(journal, records);
  await sharing.settled();
  await journal.append(new Uint8Array(0), { sync: true });
  await journal.close();
  using reader = openStoreReader(folder.path);
  expect(reader.nodes({ run: 'held', limit: 1000 }).map(({ idx }) => idx)).toEqual(
    Array.from({ length: nodes }, (_, idx) => idx),
  );
  expect(reader.verify('held').discrepancies).toEqual([]);
  expect(reader.run('held')).toMatchObject({ state: 'completed' });
});

test('what was taken of a holder that another one fenced is refused, and it learns of that', async () => {
  await using folder = await temporaryFolder();
  await using store = await openSqliteStore({ folder: folder.path, validate: true });
  await using other = await openSqliteStore({ folder: folder.path, validate: true });
  const events: string[] = [];
  const journal = await store.createRun(header, ({ type }) => events.push(type));
  const sharing = journal.share();
  const records = createBatchBuilder(sharing);
  declare(records, 0);
  holdUntilRecorded(folder.path, 1);
  declare(records, 1);
  await append(journal, records);
  const taken = await other.resumeRun('held', { takeOver: true }, () => undefined);
  declare(records, 2);
  await expect.poll(() => events, { timeout: PATIENCE_MS }).toContain('fenced');
  await expect(append(journal, records).then(() => sharing.settled())).rejects.toMatchObject({
    code: 'JOURNAL_FENCED',
  });
  expect(taken.snapshot?.nodes.count).toBe(2);
});
