import { isMainThread } from 'node:worker_threads';
import { flow } from '../../src/authoring/flow.ts';
import { task } from '../../src/authoring/task.ts';

export const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const sum = flow({ name: 'sum' }, async () => add(1, 2));

// As a program does that forgot `if (import.meta.main)`.
if (!isMainThread) await sum();
