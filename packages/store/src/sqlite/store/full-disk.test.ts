/** A full disk as SQLite itself can feign it: the database may not grow beyond a number of pages. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import type { Journal, JournalEvent } from '@sidereal/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStoreReader } from '../../reader/store-reader.ts';
import { RandomJournal } from '../../testing/random-journal.ts';
import { sampleHeader } from '../../testing/sample-run.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import type { SqliteStore } from './sqlite-store.ts';
import { databasePath } from '../database/store-files.ts';

const FILLER_PAGES = 300;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: SqliteStore;
let events: JournalEvent[];
let journal: Journal;
let made: RandomJournal;
let acknowledged: number[];

/** Room that can be made again: what is deleted from the table is free for others. */
function onFiller(sql: string): void {
  const db = new DatabaseSync(databasePath(folder.path), { timeout: 5000 });
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}

function typesOf(list: readonly JournalEvent[]): readonly string[] {
  return list.map(({ type }) => type);
}

beforeEach(async () => {
  folder = await temporaryFolder();
  await (await openSqliteStore({ folder: folder.path })).close();
  onFiller(`CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(${FILLER_PAGES * 4096}))`);
  store = await openSqliteStore({ folder: folder.path, validate: true, maxPages: FILLER_PAGES + 60 });
  events = [];
  made = new RandomJournal(5);
  acknowledged = [];
  journal = await store.createRun(sampleHeader('full'), (event) => events.push(event));
});
afterEach(async () => {
  await store.close();
  await folder[Symbol.asyncDispose]();
});

let appended = 0;
async function append(): Promise<void> {
  appended += 1;
  const number = appended;
  await journal.append(made.batch(200), { sync: false });
  acknowledged.push(number);
}

/** Appends until the store reports that it is full; gives the appends that are still waiting. */
async function fillUp(): Promise<readonly Promise<void>[]> {
  appended = 0;
  const appends: Promise<void>[] = [];
  while (events.length === 0) {
    appends.push(append());
    await sleep(1);
  }
  for (let i = 0; i < 5; i++) appends.push(append());
  return appends;
}

test('tells `full` once, keeps everything in order, and recovers', async () => {
  const appends = await fillUp();
  expect(events).toEqual([{ type: 'full', message: 'database or disk is full' }]);
  const before = acknowledged.length;
  expect(journal.pendingBytes).toBeGreaterThan(0);
  await sleep(1300); // several retries, one heartbeat
  expect(acknowledged).toHaveLength(before);
  expect(typesOf(events)).toEqual(['full']);

  onFiller('DROP TABLE filler');
  await Promise.all(appends);
  expect(typesOf(events)).toEqual(['full', 'recovered']);
  expect(acknowledged).toEqual(Array.from({ length: appended }, (_, i) => i + 1));
  expect(journal.pendingBytes).toBe(0);
  using reader = openStoreReader(folder.path);
  expect(reader.verify('full')).toMatchObject({ batches: appended, discrepancies: [] });
});

test('closing waits for room', async () => {
  const appends = await fillUp();
  const closed = journal.close();
  onFiller('DROP TABLE filler');
  await closed;
  await Promise.all(appends);
  expect(acknowledged).toHaveLength(appended);
});

test('giving up refuses what was not committed, and half of no batch', async () => {
  const appends = await fillUp();
  const outcomes = Promise.allSettled(appends);
  const patient = journal.close();
  await journal.close({ abandon: true });
  await patient;
  const refused = (await outcomes).filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(appended - acknowledged.length);
  for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'JOURNAL_ABANDONED' } });
  using reader = openStoreReader(folder.path);
  expect(reader.verify('full')).toMatchObject({ batches: acknowledged.length, discrepancies: [] });
});

test('a store that is closed while it is full does not wait', async () => {
  const outcomes = Promise.allSettled(await fillUp());
  await store.close();
  const kept = (await outcomes).filter(({ status }) => status === 'fulfilled').length;
  using reader = openStoreReader(folder.path);
  expect(reader.verify('full')).toMatchObject({ batches: kept, discrepancies: [] });
  expect(kept).toBeLessThan(appended);
});

test('no run begins, and the error says why', async () => {
  const outcomes = Promise.allSettled(await fillUp());
  const header = sampleHeader('too-much', { inputBytes: new Uint8Array(1_000_000) });
  await expect(store.createRun(header, () => undefined)).rejects.toMatchObject({ code: 'STORE_FULL' });
  await journal.close({ abandon: true });
  await outcomes;
});

test('values that were committed can be read meanwhile', async () => {
  const outcomes = Promise.allSettled(await fillUp());
  using reader = openStoreReader(folder.path);
  const node = reader.nodes({ run: 'full', limit: 1000 }).find(({ value }) => value !== undefined);
  expect(node).toBeDefined();
  const read = await journal.readValue(node?.idx ?? -1);
  await vi.waitFor(() => expect(read).toEqual(reader.value('full', node?.idx ?? -1)));
  await journal.close({ abandon: true });
  await outcomes;
});
