import { appendFileSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { flow, sleep, task } from 'sidereal';

const where = process.env['EXIT_WHERE'] ?? '';
const { exit } = process;

const early = task({ name: 'early' }, () => {
  appendFileSync('trace', 'early\n');
  return 41;
});

const quits = task({ name: 'quits' }, async (n: number) => {
  if (where === 'task') process.exit(0);
  if (where === 'reference') exit(0);
  if (where === 'finally') {
    try {
      await sleep('1ms');
    } finally {
      process.exit(0);
    }
  }
  if (where === 'timer') setTimeout(() => process.exit(0), 5);
  if (where === 'listener') {
    const emitter = new EventEmitter();
    emitter.on('done', () => process.exit(0));
    setTimeout(() => emitter.emit('done'), 5);
  }
  if (where === 'caught') {
    process.on('exit', () => {
      throw new Error('the exit handler of the program throws');
    });
    process.exit(0);
  }
  await sleep(where === '' || where === 'after' ? '1ms' : '10m');
  return n + 1;
});

/** Calls `process.exit` where it is told to. */
export const exiting = flow({ name: 'exiting' }, async () => {
  const value = await early();
  if (where === 'body') process.exit(0);
  if (where === 'untaken') throw new Error('nobody takes this');
  return quits(value);
});

if (import.meta.main) {
  const run = exiting();
  if (where === 'top') process.exit(0);
  if (where !== 'untaken') console.log(await run);
  if (where === 'after') process.exit(7);
}
