/**
 * Appends a planned run to a store on a small file system, fills that up with a file, and either is killed
 * there or makes room again. Prints what it sees, one word a line: `full`, `recovered`, `<n>` for batch n
 * acknowledged, `done`.
 *
 *   node fill-the-disk.ts FOLDER SEED recover|die
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '../src/sqlite/store/open-sqlite-store.ts';
import { sampleHeader } from '../src/testing/sample-run.ts';
import { PlannedRun } from '../src/testing/planned-run.ts';
import { say } from '../src/testing/say.ts';

const [, , folder = '', seed = '', ending = ''] = process.argv;
const filler = join(folder, 'filler');

/** Writes a file until no byte more can be written. */
function fill(): void {
  const file = openSync(filler, 'a');
  try {
    for (let size = 65_536; size >= 1;) {
      try {
        writeSync(file, new Uint8Array(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}

let isFull = false;
const store = await openSqliteStore({ folder: join(folder, 'store'), validate: true });
const journal = await store.createRun(sampleHeader('full'), (event) => {
  if (event.type === 'full') isFull = true;
  if (event.type === 'recovered') isFull = false;
  say(event.type);
});
const plan = new PlannedRun(Number(seed));
const pending = new Set<Promise<void>>();

async function append(): Promise<void> {
  const batch = plan.next();
  const { number } = plan;
  await journal.append(batch, { sync: number % 5 === 0 });
  say(number);
}

function start(): void {
  const appended = append().finally(() => pending.delete(appended));
  pending.add(appended);
}

for (let round = 0; round < 3; round++) {
  for (let i = 0; i < 10; i++) await append();
  fill();
  while (!isFull) {
    // However slow this machine is just now, what waits fits on the disk when there is room again.
    if (pending.size < 200) start();
    await sleep(2);
  }
  for (let i = 0; i < 20; i++) start();
  if (ending === 'die') process.kill(process.pid, 'SIGKILL');
  await sleep(2500); // heartbeats fail, retries fail
  rmSync(filler);
  await Promise.all(pending);
}
await journal.close();
await store.close();
say('done');
