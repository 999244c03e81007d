/** Code that holds the flow's thread in the way that `HOW` names, until the file `FREE` is there. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, writeSync } from 'node:fs';
import { flow, sleep, task } from 'sidereal';

const how = process.env['HOW'] ?? '';
const free = process.env['FREE'] ?? 'free';
const ledger = process.env['LEDGER'];
const isFree = (): boolean => existsSync(free);
/** Cheap enough that the loop is code of the user's, not calls of the system's. */
let turns = 0;
const isDue = (): boolean => (turns = (turns + 1) & 0xf_ffff) === 0;

function spin(): void {
  while (!isDue() || !isFree());
}

const holds = {
  /** A plain loop. */
  loop: task({ name: 'spins' }, () => {
    writeSync(1, 'held\n');
    spin();
    return 1;
  }),
  /** The same after an `await`, in the task's async context. */
  async: task({ name: 'spins' }, async () => {
    await sleep(1);
    writeSync(1, 'held\n');
    spin();
    return 1;
  }),
  /** With a statement that would stop it if a debugger were listening. */
  debugger: task({ name: 'spins' }, () => {
    writeSync(1, 'held\n');
    while (!isDue() || !isFree()) {
      // oxlint-disable-next-line no-debugger
      debugger;
    }
    return 1;
  }),
  /** Inside one call of native code. */
  native: task({ name: 'waits-in-native-code' }, () => {
    writeSync(1, 'held\n');
    execFileSync('/bin/sh', ['-c', `until [ -e '${free}' ]; do sleep 0.1; done`]);
    return 1;
  }),
};

const quick = task({ name: 'quick' }, async (n: number) => {
  await sleep(1);
  return n;
});

export const later = task({ name: 'later', on: 'threads' }, async (n: number) => {
  await sleep(100);
  return n;
});

const item = task({ name: 'item' }, (n: number) => {
  if (ledger !== undefined) appendFileSync(ledger, `${n}\n`);
  return 'x'.repeat(n);
});
const strict = task({ name: 'item', durability: 'strict', identity: 'strict' }, (n: number) => {
  if (ledger !== undefined) appendFileSync(ledger, `${n}\n`);
  return n;
});
let tries = 0;
const retried = task({ name: 'item', identity: 'retried', retries: { limit: 1, delay: 0 } }, (n: number) => {
  tries += 1;
  if (tries === 1) throw new Error('the first time');
  if (ledger !== undefined) appendFileSync(ledger, `${n}\n`);
  return n;
});
const last = task({ name: 'last' }, () => {
  writeSync(1, 'held\n');
  spin();
  return 1;
});
const stage = flow({ name: 'stage' }, async () => item.map([700, 701, 702]));
/** Three hundred items and one that computes, all in one turn of the loop. */
const itemThatHolds = task({ name: 'item', identity: 'holding' }, (n: number) => {
  if (n === 300) {
    writeSync(1, 'held\n');
    spin();
    return '';
  }
  if (ledger !== undefined) appendFileSync(ledger, `${n}\n`);
  return 'x'.repeat(n);
});

export const heldThread = flow({ name: 'held-thread' }, async () => {
  if (how === 'items') {
    const others = await Promise.all([stage(), retried(801), strict(802), strict(803)]);
    const items = await itemThatHolds.map(Array.from({ length: 301 }, (_, n) => n));
    return others.length + items.length;
  }
  if (how === 'threads') {
    await later(1000); // the threads are up
    const items = later.map(Array.from({ length: 40 }, (_, n) => n));
    await quick(1);
    const [one] = await Promise.all([last(), items]);
    return one;
  }
  const hold = how === 'async' || how === 'debugger' || how === 'native' ? holds[how] : holds.loop;
  const before = await quick(1);
  const value = before + (await hold());
  if (process.env['THEN'] === 'wait') {
    writeSync(1, 'free again\n');
    await sleep('10m');
  }
  return value;
});

if (import.meta.main) console.log(await heldThread());
