import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { reduce } from '../authoring/reduce.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { turns } from '../testing/gate.ts';
import type { RunRecord } from '../testing/run-record.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const here = expect.stringMatching(/resources\.test\.ts:\d+:\d+$/);

/** Counts how many execute at once. */
function counted(name: string, resources: Readonly<Record<string, number>>) {
  const seen = { now: 0, most: 0 };
  const counts = task({ name, identity: name, resources }, async (n: number) => {
    seen.now += 1;
    seen.most = Math.max(seen.most, seen.now);
    await turns(3);
    seen.now -= 1;
    return n;
  });
  return { seen, counts };
}

/** What the record says of a node while it was queued. */
const whyQueued = (record: RunRecord, idx: number): string[] =>
  record
    .story(idx)
    .transitions.filter(({ state }) => state === 'queued')
    .map(({ reason = '', message = '' }) => (message === '' ? reason : `${reason}: ${message}`));

describe('named resources', () => {
  it('bound how many execute at once, whatever slots there are', async () => {
    const { seen, counts } = counted('train', { gpu: 1 });
    const { seen: wideSeen, counts: wide } = counted('train-wide', { gpu: 2 });
    const trains = flow({ name: 'trains', resources: { gpu: 2 } }, async () => [
      (await counts.map(range(7))).length,
      (await wide.map(range(3))).length,
    ]);
    expect(await runs.value(trains)).toEqual([7, 3]);
    expect([seen.most, wideSeen.most]).toEqual([2, 1]);
  });

  it('are named in the record, with those who hold them', async () => {
    const { counts } = counted('train', { gpu: 1 });
    const trains = flow({ name: 'trains', resources: { gpu: 1 } }, async () => counts.map(range(3)));
    const { record } = await runs.run(trains);
    const [first, second, third] = record.named('train', 'task');
    expect(whyQueued(record, first!.idx)).toEqual(['']);
    for (const node of [second!, third!])
      expect(whyQueued(record, node.idx)).toEqual([
        '',
        `resource: needs 1 gpu; 1 of 1 held, by train (${first!.key.slice(0, 8)})`,
      ]);
    // It is gone once they run.
    expect(record.named('train', 'task').map(({ reason }) => reason)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('are kept for the deeper one that needs more, past any number that need less', async () => {
    const order: string[] = [];
    const small = task({ name: 'small', resources: { gpu: 1 } }, async (n: number) => {
      await turns(2);
      order.push(`small ${n}`);
    });
    const big = task({ name: 'big', resources: { gpu: 2 } }, async (_n: unknown) => order.push('big'));
    const kept = flow({ name: 'kept', resources: { gpu: 2 } }, async () => {
      const first = small(0);
      const all = [1, 2, 3, 4, 5].map((n) => small(n));
      big(first);
      await Promise.all(all);
    });
    await runs.value(kept);
    // Of two that run at first one ends, and its gpu is kept until the other has ended.
    expect(order.indexOf('big')).toBe(2);
  });

  it('are yielded while a task waits for what it called', async () => {
    const leaf = task({ name: 'leaf', resources: { gpu: 1 } }, async (n: number) => n + 1);
    const root = task({ name: 'root', resources: { gpu: 1 } }, async (n: number) => leaf(leaf(n)));
    const nested = flow({ name: 'nested', resources: { gpu: 1 } }, async () => root.map(range(3)));
    expect(await runs.value(nested)).toEqual([2, 3, 4]);
  });

  it('hold on threads, and in reduces', async () => {
    const add = threaded.add.with({ resources: { gpu: 1 } });
    const sums = flow({ name: 'sums', runner: threads(2), resources: { gpu: 1 } }, async () =>
      reduce(add, range(9)),
    );
    expect(await runs.value(sums)).toBe(36);
  });

  it('have the cores of the machine, unless the flow says otherwise', async () => {
    const { seen, counts } = counted('half', { cpu: Math.max(1, Math.ceil(availableParallelism() / 2)) });
    expect(await runs.value(flow({ name: 'cores' }, async () => (await counts.map(range(9))).length))).toBe(
      9,
    );
    expect(seen.most).toBe(availableParallelism() === 1 ? 1 : 2);
    const { seen: allSeen, counts: all } = counted('all', { cpu: 3 });
    const says = flow({ name: 'says', resources: { cpu: 3 } }, async () => (await all.map(range(4))).length);
    expect(await runs.value(says)).toBe(4);
    expect(allSeen.most).toBe(1);
  });

  it('add up with what the flow says for all of its tasks; 0 takes a name away', async () => {
    const { seen, counts } = counted('trained', { memory: 10 });
    const defaults = { resources: { gpu: 1 } };
    const adds = flow({ name: 'adds', resources: { gpu: 2 }, taskDefaults: defaults }, async () => {
      await counts.map(range(5));
      const most = seen.most;
      await counts.with({ resources: { gpu: 0 } }).map(range(6));
      return [most, seen.most];
    });
    expect(await runs.value(adds)).toEqual([2, 6]);
  });
});

describe('a stage', () => {
  const stageOf = (name: string, resources: Readonly<Record<string, number>> | undefined, needs: object) => {
    const { seen, counts } = counted(`${name}-task`, { ...needs });
    const stage = flow({ name, ...(resources === undefined ? {} : { resources }) }, async () => {
      await counts.map(range(6));
    });
    return { seen, stage };
  };

  it('shares what the flow has', async () => {
    const { seen, stage } = stageOf('shares', undefined, { gpu: 1 });
    await runs.value(
      flow({ name: 'outer', resources: { gpu: 3 } }, async () => Promise.all([stage(), stage()])),
    );
    expect(seen.most).toBe(3);
  });

  it('that names what the flow has holds at most so much of it', async () => {
    const { seen, stage } = stageOf('narrow', { gpu: 1 }, { gpu: 1 });
    await runs.value(flow({ name: 'outer', resources: { gpu: 3 } }, async () => stage()));
    expect(seen.most).toBe(1);
    await runs.value(
      flow({ name: 'outer', resources: { gpu: 3 } }, async () => Promise.all([stage(), stage()])),
    );
    expect(seen.most).toBe(2);
  });

  it('that names what only stages name shares it with the others: as much as the most of them says', async () => {
    const { seen, stage } = stageOf('licensed', { licence: 2 }, { licence: 1 });
    await runs.value(flow({ name: 'outer' }, async () => Promise.all([stage(), stage(), stage()])));
    expect(seen.most).toBe(2);
    const { stage: wide } = stageOf('wide', { licence: 4 }, { licence: 3 });
    await runs.value(flow({ name: 'outer' }, async () => Promise.all([stage(), wide()])));
  });
});

describe('what cannot be had', () => {
  const train = task({ name: 'train', resources: { gpus: 1 } }, async (n: number) => n);

  it.each([
    ['at a call', () => train(1)],
    ['in a map', () => train.map([1, 2])],
  ])('because nobody has declared it is refused with the nearest name, %s', async (_where, call) => {
    const error = await runs.error(flow({ name: 'misspelt', resources: { gpu: 1 } }, async () => call()));
    expect(error).toMatchObject({
      code: 'INVALID_OPTION',
      message: "resources of task 'train' names 'gpus', which no flow around it has",
      remedy: expect.stringMatching(/^Did you mean `gpu`\? There is memory, cpu, gpu\./),
      at: here,
    });
  });

  it('because there is less fails at once, without waiting for what it consumes', async () => {
    const gate = Promise.withResolvers<number>();
    const never = task({ name: 'never' }, async () => gate.promise);
    const wide = task({ name: 'wide', resources: { gpu: 3 } }, async (n: number) => n);
    const fails = flow({ name: 'fails', resources: { gpu: 2 } }, async () => {
      const outcome = await settled(wide(never()));
      gate.resolve(1);
      return outcome;
    });
    const { value, record } = await runs.run(fails);
    expect(value).toMatchObject({ state: 'failed' });
    expect(value?.error).toMatchObject({
      code: 'RESOURCES_EXCEEDED',
      message: "task 'wide' needs 3 gpu, and there are 2",
      at: here,
    });
    expect(record.node('wide')).toMatchObject({ state: 'failed', reason: 'resource' });
  });

  it('because it declares more memory than the flow may use, inline and on threads', async () => {
    for (const big of [threaded.add, task({ name: 'sum' }, (a: number, b: number) => a + b)]) {
      const call = big.with({ resources: { memory: '2GiB' } });
      const fails = flow({ name: 'fails', memory: '1.5GiB', runner: threads(1) }, async () => call(1, 2));
      const { error, record } = await runs.run(fails);
      expect(error).toMatchObject({
        code: 'RESOURCES_EXCEEDED',
        message: expect.stringContaining('needs 2 GiB of memory, and the flow may use 1.5 GiB'),
        remedy: expect.stringContaining("flow({ memory: '…' }, …)"),
      });
      expect(record.node(1)).toMatchObject({ state: 'failed', reason: 'memory' });
    }
  });
});

describe('a priority', () => {
  it('is inherited by what a task calls, so that the urgent is done first', async () => {
    const order: string[] = [];
    const leaf = task({ name: 'leaf' }, async () => order.push('child'));
    const urgent = task({ name: 'urgent', priority: 10 }, async () => {
      await leaf();
      order.push('urgent');
    });
    const other = task({ name: 'other', priority: 5 }, async (_n: number) => order.push('other'));
    await runs.value(
      flow({ name: 'f', concurrency: 1 }, async () => {
        urgent();
        for (const n of range(3)) other(n);
      }),
    );
    expect(order).toEqual(['child', 'urgent', 'other', 'other', 'other']);
  });

  it('goes through maps, reduces, groups and stages; what says its own has that', async () => {
    const order: string[] = [];
    const said = (name: string) =>
      task({ name, identity: name }, async (..._args: unknown[]) => order.push(name));
    const [item, staged, own, plain] = [said('item'), said('staged'), said('own'), said('plain')];
    const stage = flow({ name: 'stage' }, async () => staged());
    const urgent = task({ name: 'urgent', priority: 10 }, async () => {
      own.with({ priority: 1 })();
      await Promise.all([item.map([1, 2]), stage()]);
    });
    await runs.value(
      flow({ name: 'f', concurrency: 1, taskDefaults: { priority: 5 } }, async () => {
        plain();
        urgent();
        plain(2);
      }),
    );
    expect(order).toEqual(['item', 'item', 'staged', 'plain', 'plain', 'own']);
  });
});
