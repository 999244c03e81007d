/** A process that runs programs in flows that wait at their end, until it is killed; it says their runs' ids. */
import { openSqliteStore } from '@sidereal/store';
import { inline, startRun, threads } from '../../../src/index.ts';
import { hold, stopping } from './neighbours.ts';

const [folder = '', on = 'inline', ...names] = process.argv.slice(2);
hold.how = 'waits';
const store = await openSqliteStore({ folder });
const runner = on === 'threads' ? threads(2) : inline();
const { definition } = stopping;
const placed = { ...definition, options: { ...definition.options, runner } };
// What is asked for one after another is under way side by side.
for (const name of names) {
  const { id } = startRun(placed, name, { store });
  process.stdout.write(`${JSON.stringify([name, await id])}\n`);
}
process.stdout.write('all\n');
