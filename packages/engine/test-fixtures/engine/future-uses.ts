import { inspect } from 'node:util';
import { isSiderealError } from '@sidereal/core';
import { reduce, task } from '../../src/index.ts';

export const double = task({ name: 'double' }, (n: number) => 2 * n);
const add = task({ name: 'add' }, (a: number, b: number) => a + b);

/** What comes of each way to use a future as if it were its value: a code and a line, or the value. */
export function uses(future: PromiseLike<unknown>): Readonly<Record<string, string>> {
  const asNumber = future as unknown as number;
  return {
    text: outcome(() => `${asNumber}`),
    concatenation: outcome(() => 'n = '.concat(future as unknown as string)),
    sum: outcome(() => asNumber + 1),
    product: outcome(() => asNumber * 2),
    comparison: outcome(() => asNumber > 3),
    join: outcome(() => [asNumber, 1].join()),
    string: outcome(() => String(asNumber)),
    json: outcome(() => JSON.stringify({ inner: [asNumber] })),
  };
}

function outcome(use: () => unknown): string {
  try {
    return `value ${String(use())}`;
  } catch (error) {
    if (!isSiderealError(error)) throw error;
    return `${error.code} ${error.at?.replace(/^.*\/([^/]+):\d+:\d+$/, '$1') ?? 'nowhere'}`;
  }
}

/** Uses every kind of future that a task can have, and shows them as a console would. */
export const misuse = task({ name: 'misuse' }, async () => {
  const one = double(1);
  const many = double.map([1, 2]);
  const sum = reduce(add, many);
  const used = [one, many, sum].map(uses);
  const shown = inspect({ one, many, sum });
  await Promise.all([one, many, sum]);
  return { used, shown };
});

export const throwsFuture = task({ name: 'throws-future' }, () => {
  throw double(1);
});
