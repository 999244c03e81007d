import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';

const store = testStore();
const COUNT = 9000;

const measure = task({ name: 'measure' }, (n: number) => n);
const add = task({ name: 'add' }, (a: number, b: number) => a + b);
const normalise = task({ name: 'normalise' }, (n: number, total: number) => n / total);

function* upTo(count: number): Generator<number> {
  for (let n = 1; n <= count; n += 1) yield n;
}

interface Reading {
  readonly read: () => number;
}

describe('a window that holds items back', () => {
  it('is widened when what has been taken waits for all items', async () => {
    const normalised = flow({ name: 'normalised' }, async () => {
      const measured = measure.map(upTo(COUNT));
      const total = reduce(add, measured);
      // Each of these needs the total of all, more than a window of them.
      const parts = await normalise.map(measured, (part) => [part, total]);
      return parts.reduce((sum, part) => sum + part, 0);
    });
    const { value } = await store.run(normalised, undefined, { validate: false });
    expect(value).toBeCloseTo(1, 9);
  });

  it('lets go of nothing that a reduce combines with items to come', async () => {
    // Half of them are combined long before the last of the other half is submitted.
    const count = 2 * COUNT;
    let executions = 0;
    // A value that the record cannot hold: gone from memory, it would have to be computed again.
    const observe = task({ name: 'observe' }, (n: number): Reading => {
      executions += 1;
      return { read: () => n };
    });
    const combine = task({ name: 'combine' }, (a: Reading, b: Reading): Reading => {
      executions += 1;
      const total = a.read() + b.read();
      return { read: () => total };
    });
    const combined = flow({ name: 'combined' }, async () => {
      const total = await reduce(combine, observe.map(upTo(count)));
      return total.read();
    });
    const { value } = await store.run(combined, undefined, { validate: false });
    expect(value).toBe((count * (count + 1)) / 2);
    expect(executions).toBe(2 * count - 1);
  });
});
