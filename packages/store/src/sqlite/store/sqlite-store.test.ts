import { journalStoreContract } from '../../testing/journal-store-contract.ts';
import { openSqliteHarness } from '../../testing/sqlite-harness.ts';

journalStoreContract('SQLite', openSqliteHarness);
