import { DatabaseSync } from 'node:sqlite';
import { isSiderealError } from '@sidereal/core';
import { unwritable } from '../../file-system/prepare-folder.ts';
import { storeError } from '../../errors/store-error.ts';
import { checkVersion, migrate, storeVersion } from './migrate.ts';
import { classifyFailure } from './sqlite-failure.ts';
import { databasePath } from './store-files.ts';

/** How long a statement waits inside SQLite for another process's lock before the caller decides what to do. */
const BUSY_TIMEOUT_MS = 500;

/**
 * Opens the database of a store to write it, creating and migrating it as needed. Throws STORE_TOO_NEW, STORE_TOO_OLD,
 * STORE_FOREIGN, STORE_CORRUPT, STORE_UNWRITABLE; and SQLITE_BUSY as it is: the caller tries again.
 */
export function openDatabase(folder: string): DatabaseSync {
  const path = databasePath(folder);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
    checkVersion(storeVersion(db), path);
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = NORMAL');
    db.exec('PRAGMA fullfsync = ON'); // macOS: a sync reaches the medium, not only the drive's cache
    db.exec('PRAGMA cache_size = -16384'); // KiB
    db.exec('PRAGMA journal_size_limit = 67108864'); // a write-ahead log that grew is cut back to this
    migrate(db, path);
    return db;
  } catch (error) {
    db?.close();
    throw openFailure(error, folder);
  }
}

/** What to tell the user when a database cannot be opened. */
export function openFailure(error: unknown, folder: string): unknown {
  if (isSiderealError(error)) return error;
  switch (classifyFailure(error)) {
    case 'corrupt':
    case 'foreign':
      return corruptStore(folder, error);
    case 'full':
    case 'readonly':
    case 'unopenable':
      return unwritable(folder, error);
    case 'busy':
    case 'constraint':
    case 'other':
      return error;
  }
}

/** The database of the store in this folder is damaged. */
export function corruptStore(folder: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return storeError(
    'STORE_CORRUPT',
    `the store ${databasePath(folder)} is damaged: ${why}`,
    'Run `sidereal doctor` on it; restore the folder from a copy, or move it away to begin with an empty store.',
    cause,
  );
}

/** SQLite cannot go on for a reason that has no better name. */
export function failedStore(folder: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return storeError(
    'STORE_FAILED',
    `the store ${databasePath(folder)} failed: ${why}`,
    'Look at the disk and its permissions; then resume the run: what was acknowledged is safe.',
    cause,
  );
}
