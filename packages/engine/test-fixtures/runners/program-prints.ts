/** Prints from several threads and ends without closing its runner: the process must end by itself. */
import { threadsHost } from '../../src/runners/testing/threads-host.ts';
import { add } from './contract-tasks.ts';
import { printBytes, printPieces } from './printing.ts';

const slots = threadsHost({ size: 4, prewarm: true });
await Promise.all([1, 2, 3, 4, 5, 6].map((job) => slots.run(printPieces, [job])));
const lost = await slots.run(printBytes);
console.log(lost.type, await slots.value(add, 1, 2));
