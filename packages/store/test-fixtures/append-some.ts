/**
 * Appends batches of a planned run one after the other, each acknowledged before the next.
 *
 *   node append-some.ts FOLDER COUNT sync|plain
 */
import { openSqliteStore } from '../src/sqlite/store/open-sqlite-store.ts';
import { sampleHeader } from '../src/testing/sample-run.ts';
import { PlannedRun } from '../src/testing/planned-run.ts';

const [, , folder = '', count = '', durability = ''] = process.argv;
await using store = await openSqliteStore({ folder });
const journal = await store.createRun(sampleHeader('some'), () => undefined);
const plan = new PlannedRun(1);
while (plan.number < Number(count)) await journal.append(plan.next(), { sync: durability === 'sync' });
