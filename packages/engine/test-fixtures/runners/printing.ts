import { setTimeout as sleep } from 'node:timers/promises';
import { define } from './define.ts';
import { nextTurn } from './contract-tasks.ts';

const module = import.meta.url;

/** Writes lines in pieces, with turns of the event loop between the pieces. */
export const printPieces = define(module, 'print-pieces', async (job: number) => {
  for (let line = 0; line < 20; line++) {
    for (const piece of [`job ${job}`, ` line ${line} `, 'Σ'.repeat(30)]) {
      process.stdout.write(piece);
      await nextTurn();
    }
    process.stdout.write('\n');
    console.error(`error ${job} ${line}`);
  }
  process.stdout.write(`job ${job} ends without a line feed`);
});

/** Writes bytes that break a character apart, calls back, and leaves. */
export const printBytes = define(module, 'print-bytes', async () => {
  const [first = 0, second = 0] = new TextEncoder().encode('é');
  process.stdout.write(new Uint8Array([first]));
  await new Promise<void>((resolve) => process.stdout.write(new Uint8Array([second, 10]), () => resolve()));
  process.stdout.write('last words, ', 'utf8');
  await sleep(1);
  process.exit(3);
});
