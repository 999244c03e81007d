/** What has ended is in the record while the next code holds the flow's thread. */
import { openStoreReader, type NodeSummary } from '@sidereal/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { add } from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { RESUME } from '@sidereal/core';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const PATIENCE_MS = 60_000;
let seen: readonly NodeSummary[] = [];
beforeEach(() => {
  seen = [];
});

/** Holds this thread until others see so many task runs completed in the record: no timer or message helps that. */
function hold(completed: number): void {
  const deadline = performance.now() + PATIENCE_MS;
  using reader = openStoreReader(runs.folder);
  const [latest] = reader.listRuns({ limit: 1 });
  if (latest === undefined) throw new Error('there is no run');
  for (;;) {
    seen = reader.nodes({ run: latest.id, limit: 5000, states: ['completed'], kinds: ['task'] });
    if (seen.length >= completed) return;
    if (performance.now() > deadline)
      throw new Error(`${seen.length} of ${completed} task runs are recorded as completed`);
  }
}

const holds = task({ name: 'holds' }, (completed: number) => {
  hold(completed);
  return completed;
});
const item = task({ name: 'item' }, (i: number) => {
  if (i === 300) hold(300);
  return 'x'.repeat(100 * i);
});

describe('code that holds the thread of the flow', () => {
  it('finds all items before it in the record, in one turn of the loop, with their values', async () => {
    const maps = flow({ name: 'maps' }, async () => {
      const texts = await item.map(Array.from({ length: 320 }, (_, i) => i));
      return texts.length;
    });
    const { value, id } = await runs.run(maps);
    expect(value).toBe(320);
    const items = seen.filter(({ name }) => name === 'item');
    expect(items).toHaveLength(300);
    for (const { idx } of items) expect(runs.stored(id, idx)).toBeDefined();
  });

  it('finds what ran before it: another task, one of a stage, one that was retried', async () => {
    let tries = 0;
    const flaky = task({ name: 'flaky', retries: { limit: 1, delay: 0 } }, () => {
      tries += 1;
      if (tries === 1) throw new Error('the first time');
      return tries;
    });
    const quick = task({ name: 'quick' }, async (n: number) => {
      await sleep(1);
      return n;
    });
    const stage = flow({ name: 'stage' }, async () => holds(await quick(2)));
    const outer = flow({ name: 'outer' }, async () => {
      await flaky();
      return stage();
    });
    expect(await runs.value(outer)).toBe(2);
    expect(seen.map(({ name }) => name)).toEqual(['flaky', 'quick']);
  });

  it('finds it from the body of a flow too', async () => {
    const body = flow({ name: 'body' }, async () => {
      await Promise.all([item(1), item(2)]);
      hold(2);
    });
    await runs.value(body);
    expect(seen.map(({ name }) => name)).toEqual(['item', 'item']);
  });

  it('loses nothing of what threads complete meanwhile', async () => {
    const mixed = flow({ name: 'mixed', runner: threads(2) }, async () => {
      const sums = add.map(
        Array.from({ length: 50 }, (_, i) => i),
        (i) => [i, i],
      );
      await add(1000, 0);
      hold(1);
      return (await sums).length;
    });
    expect(await runs.value(mixed)).toBe(50);
  });

  it('finds what a resumed run completed before it', async () => {
    let isFirst = true;
    const fails = task({ name: 'fails' }, () => {
      if (isFirst) throw new Error('the first time');
    });
    const resumed = flow({ name: 'resumed' }, async () => {
      await item(1);
      await fails().catch(() => undefined);
      if (isFirst) throw new Error('interrupted');
      await item(2);
      return holds(2);
    });
    const { id } = await runs.run(resumed);
    isFirst = false;
    const resume = { runId: id, rules: { ...RESUME, retryFailed: true }, takeOver: false };
    const { state } = await runs.run(resumed, undefined, { resume });
    expect(state).toBe('completed');
  });
});
