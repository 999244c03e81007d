/**
 * Appends the batches of a planned run to a store until somebody kills it, going on where an earlier process
 * was killed. Prints `open`, `start <epoch>`, and `<n>` once batch n is acknowledged.
 *
 *   node append-until-killed.ts FOLDER RUN SEED
 */
import { isSiderealError, type Journal } from '@sidereal/core';
import { openStoreReader } from '../src/reader/store-reader.ts';
import { openSqliteStore } from '../src/sqlite/store/open-sqlite-store.ts';
import type { SqliteStore } from '../src/sqlite/store/sqlite-store.ts';
import { sampleHeader } from '../src/testing/sample-run.ts';
import { PlannedRun } from '../src/testing/planned-run.ts';
import { say } from '../src/testing/say.ts';

const [, , folder = '', run = '', seed = ''] = process.argv;
const ignore = (): void => undefined;

async function openJournal(store: SqliteStore): Promise<Journal> {
  try {
    return await store.resumeRun(run, { takeOver: false }, ignore);
  } catch (error) {
    if (isSiderealError(error, 'RUN_NOT_FOUND')) return await store.createRun(sampleHeader(run), ignore);
    throw error;
  }
}

function committedBatches(): number {
  using reader = openStoreReader(folder);
  return reader.run(run).batches;
}

/** Appends the next batch and says so once it is acknowledged. */
async function append(journal: Journal, plan: PlannedRun): Promise<void> {
  const batch = plan.next();
  const { number } = plan;
  await journal.append(batch, { sync: number % 7 === 0 });
  say(number);
}

/** Keeps several batches under way, so that a kill finds some queued, some committing, some unannounced. */
async function appendForever(): Promise<never> {
  for (;;) {
    const appended = append(journal, plan);
    if (journal.pendingBytes > 100_000) await appended;
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

say('open');
const store = await openSqliteStore({ folder, validate: true });
const journal = await openJournal(store);
const plan = new PlannedRun(Number(seed));
plan.skipTo(committedBatches());
say(`start ${journal.epoch}`);
await appendForever();
