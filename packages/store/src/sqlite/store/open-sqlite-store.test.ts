import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openStoreReader } from '../../reader/store-reader.ts';
import { requestCancel } from '../../cancel/request-cancel.ts';
import { RandomJournal } from '../../testing/random-journal.ts';
import { sampleHeader } from '../../testing/sample-run.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { databasePath } from '../database/store-files.ts';

const ignore = (): void => undefined;

/** Threads of this process that have been started and have not ended. */
const alive = new Set<Worker>();
process.on('worker', (worker) => {
  alive.add(worker);
  worker.once('exit', () => alive.delete(worker));
});

function threads(): number {
  return alive.size;
}

test('makes the folder, the database and the place for results; leaves no thread and no log behind', async () => {
  await using folder = await temporaryFolder();
  const before = threads();
  const path = join(folder.path, 'deep', 'store');
  const store = await openSqliteStore({ folder: path });
  expect(store.dataFolder).toBe(join(path, 'results'));
  expect(threads()).toBeGreaterThan(before);
  await store.close();
  expect(await readdir(path)).toEqual(['results', 'sidereal.db']);
  expect(threads()).toBe(before);
});

test('eight at once create one store', async () => {
  await using folder = await temporaryFolder();
  const stores = await Promise.all(Array.from({ length: 8 }, () => openSqliteStore({ folder: folder.path })));
  await Promise.all(stores.map((store, i) => store.createRun(sampleHeader(`run-${i}`), ignore)));
  await Promise.all(stores.map((store) => store.close()));
  using reader = openStoreReader(folder.path);
  expect(reader.listRuns({ limit: 100 })).toHaveLength(8);
});

test('a folder that cannot be made is refused, and nothing is left running', async () => {
  await using folder = await temporaryFolder();
  const before = threads();
  await writeFile(join(folder.path, 'file'), '');
  await expect(openSqliteStore({ folder: join(folder.path, 'file', 'store') })).rejects.toMatchObject({
    code: 'STORE_UNWRITABLE',
  });
  expect(threads()).toBe(before);
});

test('a place where a database cannot be is refused', async () => {
  await using folder = await temporaryFolder();
  await mkdir(databasePath(folder.path));
  await expect(openSqliteStore({ folder: folder.path })).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
});

test('a folder on a network file system is refused before anything is created there', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'not', 'yet');
  const asked: string[] = [];
  const opening = openSqliteStore({
    folder: path,
    fileSystemType: async (existing) => {
      asked.push(existing);
      return { magic: 0x6969 };
    },
  });
  await expect(opening).rejects.toMatchObject({
    code: 'STORE_ON_NETWORK_FS',
    message: expect.stringContaining('NFS'),
  });
  expect(asked).toEqual([folder.path]);
  expect(await readdir(folder.path)).toEqual([]);
});

test('where the type of the file system cannot be read, the store is opened', async () => {
  await using folder = await temporaryFolder();
  const fileSystemType = async (): Promise<never> => {
    throw new Error('no statfs here');
  };
  await (await openSqliteStore({ folder: folder.path, fileSystemType })).close();
  expect(await readdir(folder.path)).toContain('sidereal.db');
});

test('a store of a later version is refused, to write and to read', async () => {
  await using folder = await temporaryFolder();
  await (await openSqliteStore({ folder: folder.path })).close();
  const db = new DatabaseSync(databasePath(folder.path));
  db.exec('PRAGMA user_version = 1000');
  db.close();
  await expect(openSqliteStore({ folder: folder.path })).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
  expect(() => openStoreReader(folder.path)).toThrow(expect.objectContaining({ code: 'STORE_TOO_NEW' }));
});

test('a store of version 1 is refused, to write and to read, and is not touched', async () => {
  await using folder = await temporaryFolder();
  const packed = await readFile(new URL('../../../test-fixtures/version-1.db.gz', import.meta.url));
  const bytes = gunzipSync(packed);
  await writeFile(databasePath(folder.path), bytes);
  const refused = {
    code: 'STORE_TOO_OLD',
    message: expect.stringContaining('schema version 1'),
    remedy: expect.stringContaining('Read it with the Sidereal that wrote it'),
  };
  await expect(openSqliteStore({ folder: folder.path })).rejects.toMatchObject(refused);
  expect(() => openStoreReader(folder.path)).toThrow(expect.objectContaining(refused));
  expect(() => requestCancel(folder.path, 'first', { by: 'me' })).toThrow(expect.objectContaining(refused));
  expect(await readFile(databasePath(folder.path))).toEqual(bytes);
});

test('a file that is no database is refused, and is not touched', async () => {
  await using folder = await temporaryFolder();
  await writeFile(databasePath(folder.path), 'not a database, but long enough to be looked at. '.repeat(100));
  await expect(openSqliteStore({ folder: folder.path })).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  expect(() => openStoreReader(folder.path)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
});

test('a database of somebody else is refused', async () => {
  await using folder = await temporaryFolder();
  const db = new DatabaseSync(databasePath(folder.path));
  db.exec('CREATE TABLE theirs (x INTEGER)');
  db.close();
  await expect(openSqliteStore({ folder: folder.path })).rejects.toMatchObject({ code: 'STORE_FOREIGN' });
});

test('a database that is damaged while it is open fails every append with its code, and one event', async () => {
  await using folder = await temporaryFolder();
  const store = await openSqliteStore({ folder: folder.path });
  const events: string[] = [];
  const journal = await store.createRun(sampleHeader('damaged'), (event) => events.push(event.type));
  const made = new RandomJournal(1);
  await journal.append(made.batch(100), { sync: false });
  const db = new DatabaseSync(databasePath(folder.path));
  db.exec('DROP TABLE segment');
  db.close();
  await expect(journal.append(made.batch(10), { sync: false })).rejects.toMatchObject({
    code: 'STORE_FAILED',
  });
  await expect(journal.append(made.batch(10), { sync: false })).rejects.toMatchObject({
    code: 'STORE_FAILED',
  });
  expect(events).toEqual(['failed']);
  await store.close();
});
