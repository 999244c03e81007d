import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { storeError } from '../../errors/store-error.ts';
import { checkVersion, migrate, storeVersion } from './migrate.ts';
import { SCHEMA_VERSION } from '../migrations/migrations.ts';
import { openFailure } from './open-database.ts';
import { classifyFailure } from './sqlite-failure.ts';
import { databasePath } from './store-files.ts';

/** How long a reader waits for the moments in which a write-ahead log is being recovered or removed. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the database of a store to read it, whoever else writes it. Never creates one. A store of an earlier
 * version is migrated first. Throws STORE_NOT_FOUND, STORE_TOO_NEW, STORE_TOO_OLD, STORE_FOREIGN, STORE_CORRUPT.
 */
export function openReadOnly(folder: string): DatabaseSync {
  const path = databasePath(folder);
  if (!existsSync(path)) throw noStore(folder);
  try {
    const db = openConnection(path);
    try {
      const version = storeVersion(db);
      checkVersion(version, path);
      if (version.kind === 'empty') throw noStore(folder); // its creator was stopped before the first step
      if (version.kind === 'store' && version.version < SCHEMA_VERSION) upgrade(path);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw openFailure(error, folder);
  }
}

/** Opens the database of a store that is there already, for one small write. */
export function openExisting(folder: string): DatabaseSync {
  const path = databasePath(folder);
  openReadOnly(folder).close();
  return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
}

function openConnection(path: string): DatabaseSync {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    db.prepare('PRAGMA schema_version').get(); // opens the file
    return db;
  } catch (error) {
    // Someone else's store on a medium that cannot be written: there is no log beside it, so nobody writes it.
    if (classifyFailure(error) !== 'unopenable' || existsSync(`${path}-wal`)) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return new DatabaseSync(url, { readOnly: true });
  }
}

function upgrade(path: string): void {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    migrate(db, path);
  } finally {
    db.close();
  }
}

function noStore(folder: string): Error {
  return storeError(
    'STORE_NOT_FOUND',
    `there is no store in ${folder}`,
    'Run a flow first, or name the folder of the store that you mean.',
  );
}
