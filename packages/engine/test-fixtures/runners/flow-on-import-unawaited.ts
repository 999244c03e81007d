import { isMainThread } from 'node:worker_threads';
import { flow } from '../../src/authoring/flow.ts';
import { task } from '../../src/authoring/task.ts';

export const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const sum = flow({ name: 'sum' }, async () => add(1, 2));

async function main(): Promise<void> {
  await sum();
}

// As a program does that forgot `if (import.meta.main)`.
// oxlint-disable-next-line unicorn/prefer-top-level-await -- that it is not awaited is the mistake
if (!isMainThread) void main();
