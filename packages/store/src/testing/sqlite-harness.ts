import { openStoreReader } from '../reader/store-reader.ts';
import { requestCancel } from '../cancel/request-cancel.ts';
import { openSqliteStore } from '../sqlite/store/open-sqlite-store.ts';
import { SqliteJournal } from '../sqlite/store/sqlite-journal.ts';
import type { SqliteStore } from '../sqlite/store/sqlite-store.ts';
import type { StoreHarness } from './contract/contract-bench.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The SQLite store in a folder of its own. */
export async function openSqliteHarness(): Promise<StoreHarness> {
  const folder = await temporaryFolder();
  const stores: SqliteStore[] = [];
  return {
    async open() {
      const store = await openSqliteStore({ folder: folder.path, validate: true });
      stores.push(store);
      return store;
    },
    async deliver(journal, batch) {
      if (!(journal instanceof SqliteJournal)) throw new TypeError('not a journal of this store');
      await journal.deliver(batch);
    },
    requestCancel(runId, by, task) {
      requestCancel(folder.path, runId, { by, task });
    },
    counters(runId) {
      using reader = openStoreReader(folder.path);
      return reader.counters(runId);
    },
    verify(runId) {
      using reader = openStoreReader(folder.path);
      return reader.verify(runId);
    },
    async [Symbol.asyncDispose]() {
      for (const store of stores) await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
