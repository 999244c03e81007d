import type { DatabaseSync } from 'node:sqlite';
import { storeError } from '../../errors/store-error.ts';
import { APPLICATION_ID, lastVersion, MIGRATIONS } from '../migrations/migrations.ts';
import type { Migration } from '../migrations/migration.ts';
import { toInteger } from '../rows/row.ts';

/** What a database file is, by its header alone. */
export type StoreVersion =
  | { readonly kind: 'empty' }
  | { readonly kind: 'store'; readonly version: number }
  | { readonly kind: 'foreign' };

/**
 * Reads what the file is. All in one read transaction: between two reads of their own another process may
 * have made the store, and an empty file with a store's tables would look like a foreign database.
 */
export function storeVersion(db: DatabaseSync): StoreVersion {
  if (db.isTransaction) return readVersion(db);
  db.exec('BEGIN');
  try {
    return readVersion(db);
  } finally {
    if (db.isTransaction) db.exec('ROLLBACK');
  }
}

function readVersion(db: DatabaseSync): StoreVersion {
  const tables = toInteger(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
  const version = toInteger(db.prepare('PRAGMA user_version').get()?.['user_version']);
  const application = toInteger(db.prepare('PRAGMA application_id').get()?.['application_id']);
  if (version > 0 && application === APPLICATION_ID) return { kind: 'store', version };
  return version === 0 && application === 0 && tables === 0 ? { kind: 'empty' } : { kind: 'foreign' };
}

/** Throws unless the database is empty or a store of a version that `migrations` can bring up to date. */
export function checkVersion(version: StoreVersion, path: string, migrations = MIGRATIONS): void {
  if (version.kind === 'foreign') {
    throw storeError(
      'STORE_FOREIGN',
      `${path} is a database, but not a Sidereal store`,
      'Choose another folder for the store.',
    );
  }
  if (version.kind !== 'store') return;
  const latest = lastVersion(migrations);
  if (version.version > latest) {
    throw storeError(
      'STORE_TOO_NEW',
      `the store ${path} has schema version ${version.version}; this Sidereal knows up to ${latest}`,
      'Use the Sidereal that wrote it or a later one, or choose another folder for the store.',
    );
  }
  const earliest = migrations[0]?.version ?? 0;
  if (version.version < earliest) {
    throw storeError(
      'STORE_TOO_OLD',
      `the store ${path} has schema version ${version.version}; this Sidereal reads ${earliest} and later`,
      'Read it with the Sidereal that wrote it. Move its folder away, or choose another one, to begin with an empty store.',
    );
  }
}

/**
 * Brings the database up to date. Each step is one transaction that looks at the version again under the
 * write lock, so that several processes may open a store at once and any may be killed half way.
 * May throw SQLITE_BUSY: the caller tries again.
 */
export function migrate(db: DatabaseSync, path: string, migrations: readonly Migration[] = MIGRATIONS): void {
  for (;;) {
    const before = storeVersion(db);
    checkVersion(before, path, migrations);
    if (before.kind === 'store' && before.version === lastVersion(migrations)) return;
    db.exec('BEGIN IMMEDIATE');
    try {
      const current = storeVersion(db);
      checkVersion(current, path, migrations);
      const next = current.kind === 'store' ? after(current.version, migrations) : migrations[0];
      if (next !== undefined) {
        db.exec(next.sql);
        db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${next.version}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** The step that follows a version, if there is one. */
function after(version: number, migrations: readonly Migration[]): Migration | undefined {
  return migrations.find((step) => step.version === version + 1);
}
