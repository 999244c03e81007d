/** Prints from several threads, and from several tasks on one, and ends without closing its runner: the process must end by itself. */
import { threadsHost } from '../../src/runners/testing/threads-host.ts';
import { add } from './contract-tasks.ts';
import { printBytes, printPieces } from './printing.ts';

const slots = threadsHost({ size: 4, prewarm: true });
const shared = threadsHost({ size: 1 });
await Promise.all([1, 2, 3, 4, 5, 6].map((job) => slots.run(printPieces, [job])));
await Promise.all([7, 8, 9].map((job) => shared.run(printPieces, [job], { isBeyond: true })));
const lost = await slots.run(printBytes);
console.log(lost.type, await slots.value(add, 1, 2));
