import { resolve } from 'node:path';
import { prepareFolder } from '../../file-system/prepare-folder.ts';
import type { FileSystemTypeReader } from '../../file-system/read-file-system-type.ts';
import { SqliteStore } from './sqlite-store.ts';

export interface SqliteStoreOptions {
  /** Made if it is not there. Must be on a disk of this machine. */
  readonly folder: string;
  /** Put every change of state through core's `transition()`, and refuse a batch that breaks the table. */
  readonly validate?: boolean;
  /** How the type of the folder's file system is read; for tests. */
  readonly fileSystemType?: FileSystemTypeReader;
  /** Upper bound of the database in pages of 4 KiB; for tests of a full disk. */
  readonly maxPages?: number;
}

/**
 * Opens (and creates) the store in a folder: `sidereal.db` and, for result files, `results/`. Several
 * processes may have one store open at once. Close it: it owns a thread.
 *
 * Throws STORE_UNWRITABLE, STORE_ON_NETWORK_FS, STORE_TOO_NEW, STORE_TOO_OLD, STORE_FOREIGN, STORE_CORRUPT.
 *
 * @example
 * await using store = await openSqliteStore({ folder: '.sidereal' });
 * const journal = await store.createRun(header, (event) => console.log(event.type));
 * await journal.append(batch, { sync: true });
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const folder = resolve(options.folder);
  await prepareFolder(folder, options.fileSystemType);
  return await SqliteStore.open({
    folder,
    validate: options.validate ?? false,
    maxPages: options.maxPages,
  });
}
