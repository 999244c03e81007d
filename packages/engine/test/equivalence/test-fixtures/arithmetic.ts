/** The tasks that most programs are made of. */
import { flow, task } from '../../../src/index.ts';
import { anything } from './anything.ts';

export const add = task({ name: 'add' }, (a: number, b: number) => a + b);
export const double = task({ name: 'double' }, (n: number) => 2 * n);
export const total = task({ name: 'total' }, (numbers: readonly number[]) =>
  numbers.reduce((sum, n) => sum + n, 0),
);
export const echo = task({ name: 'echo' }, (value: unknown) => value);
export const later = task({ name: 'later' }, async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return n;
});
export const fail = task({ name: 'fail' }, (message: string): number => {
  throw new RangeError(message);
});
/** A stage of one task run. */
export const doubling = flow({ name: 'doubling', input: anything<number>() }, async (n) => double(n));
