import { afterEach, describe, expect, it, vi } from 'vitest';
import { countUp, fill, size } from '../../test-fixtures/engine/arrays.ts';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { task } from '../authoring/task.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import type { RunRecord } from '../testing/run-record.ts';
import { testStore } from '../testing/test-store.ts';
import { turns } from '../testing/gate.ts';
import { watchMemory } from '../testing/watch-memory.ts';

const runs = testStore();
/** Of one array. */
const BYTES = 2 ** 17;
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

afterEach(() => vi.restoreAllMocks());

const notesOf = (record: RunRecord): unknown[] =>
  record.nodes.flatMap(({ idx }) => record.entries(idx, 'note').map(({ code }) => code));

/** Ten times as much as the flow may use passes through it. */
const ITEMS = 80;
const BUDGET = 8 * BYTES;
const options = { name: 'chain', memory: '1MiB' } as const;
const where = [
  ['inline', inline()],
  ['on threads', threads(2)],
] as const;

describe.each(where)('accounted bytes, %s', (_where, runner) => {
  it('stay within a fifth beyond the budget over a chain of maps', async () => {
    const watch = watchMemory();
    const chain = flow({ ...options, runner }, async () =>
      reduce(
        countUp,
        size.map(
          fill.map(
            fill.map(range(ITEMS), (n) => [n, 1]),
            (made) => [made, 1],
          ),
        ),
      ),
    );
    const { value, record } = await runs.run(chain);
    expect(value).toBe((ITEMS * BYTES) / 8);
    expect(watch.samples).toBeGreaterThan(ITEMS);
    expect(watch.total).toBeLessThanOrEqual(1.2 * BUDGET);
    expect(notesOf(record)).not.toContain('memory_exceeded');
    expect(notesOf(record)).not.toContain('memory_overshoot');
  }, 120_000);

  it('stay there where each consumes something tiny and makes something large', async () => {
    const watch = watchMemory();
    const fromTiny = flow({ ...options, runner }, async () => {
      const tiny = countUp(1, 0);
      return reduce(countUp, size.map(fill.map(range(ITEMS), (n) => [n, tiny])));
    });
    const { value, record } = await runs.run(fromTiny);
    expect(value).toBe((ITEMS * BYTES) / 8);
    expect(watch.total).toBeLessThanOrEqual(1.2 * BUDGET);
    expect(notesOf(record)).not.toContain('memory_overshoot');
  }, 120_000);

  it('stay there where values wait for something else before they are let go', async () => {
    const watch = watchMemory();
    const gated = flow({ ...options, runner }, async () => {
      const made = fill.map(range(ITEMS), (n) => [n, 1]);
      // Submitted after what waits for it, and no deeper: it must pass all that is withheld.
      const gate = waitAWhile();
      return reduce(
        countUp,
        size.map(made, (array) => [array, gate]),
      );
    });
    expect(await runs.value(gated)).toBe((ITEMS * BYTES) / 8);
    expect(watch.total).toBeLessThanOrEqual(1.2 * BUDGET);
  }, 120_000);
});

const waitAWhile = task({ name: 'wait-a-while', on: 'inline' }, async () => {
  await turns(50);
  return 1;
});

describe('accounted bytes', () => {
  it('stay within a fifth beyond the budget where tasks call tasks and hold what these give', async () => {
    const watch = watchMemory();
    const child = task({ name: 'child' }, (n: number) => new Float64Array(BYTES / 8).fill(n));
    const parent = task({ name: 'parent' }, async (n: number) => (await child(n)).map((x) => 2 * x));
    const calls = flow({ ...options, concurrency: 4 }, async () =>
      reduce(countUp, size.map(parent.map(range(ITEMS)))),
    );
    expect(await runs.value(calls)).toBe((ITEMS * BYTES) / 8);
    expect(watch.alive).toBeLessThanOrEqual(1.2 * BUDGET);
  }, 120_000);

  it('stay there when attempts fail and are tried again', async () => {
    const watch = watchMemory();
    const seen = new Set<number>();
    const flaky = task({ name: 'flaky', retries: 1 }, (array: Float64Array, n: number) => {
      if (n % 3 === 0 && !seen.has(n)) {
        seen.add(n);
        throw new Error('once more');
      }
      return array.map((x) => x + n);
    });
    const retried = flow({ ...options, concurrency: 4 }, async () => {
      const made = fill.map(range(ITEMS), (n) => [n, 1]);
      let at = -1;
      return reduce(countUp, size.map(flaky.map(made, (array) => [array, (at += 1)])));
    });
    expect(await runs.value(retried)).toBe((ITEMS * BYTES) / 8);
    expect(watch.total).toBeLessThanOrEqual(1.2 * BUDGET);
  }, 120_000);

  it('stay there when values are moved out of memory and brought back', async () => {
    const watch = watchMemory();
    const kept = flow({ ...options, persist: true, concurrency: 4 }, async () => {
      const made = range(20).map((n) => fill(n, 1));
      // All are made, and held, before any is consumed; nobody's code is given them, which no budget could refuse.
      await countUp.with({ after: made })(0, 0);
      const doubled = made.map((array) => fill(array, 2));
      let sum = 0;
      for (const array of doubled) sum += await size(array);
      return sum;
    });
    const { value, record } = await runs.run(kept);
    expect(value).toBe((20 * BYTES) / 8);
    expect(watch.alive).toBeLessThanOrEqual(1.2 * BUDGET);
    expect(record.named('fill', 'task').every(({ attempt }) => attempt === 1)).toBe(true);
  }, 120_000);

  it('that are more than anybody expected are noted', async () => {
    const grows = task({ name: 'grows', resources: { memory: 0 } }, (n: number) =>
      new Float64Array(BYTES).fill(n),
    );
    const noted = flow({ name: 'noted', memory: '1MiB' }, async () => {
      const futures = [grows(1), grows(2)];
      for (const future of futures) await future.then(() => undefined);
      return futures.length;
    });
    const { record } = await runs.run(noted);
    expect(
      record.named('grows').map(({ idx }) => record.entries(idx, 'note').map(({ code }) => code)),
    ).toEqual(expect.arrayContaining([['memory_exceeded']]));
  });

  it('of tasks that nobody knows yet are an eighth of the budget each', async () => {
    let [begun, most] = [0, 0];
    const first = Promise.withResolvers<void>();
    const unknown = task({ name: 'unknown' }, async (n: number) => {
      begun += 1;
      if (n === 0) {
        await turns(50);
        most = begun;
        first.resolve();
      }
      await first.promise;
      return n;
    });
    const many = flow({ name: 'many', memory: '1MiB' }, async () => (await unknown.map(range(30))).length);
    expect(await runs.value(many)).toBe(30);
    expect(most).toBe(8);
  });
});
