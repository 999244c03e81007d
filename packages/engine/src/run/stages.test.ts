import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { flow } from '../authoring/flow.ts';
import { future } from '../authoring/flow-schema.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { gate, turns, until } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const add = task({ name: 'add' }, async (a: number, b: number) => a + b);
const fail = task({ name: 'fail' }, (message: string): number => {
  throw new RangeError(message);
});
const sums = flow({ name: 'sums', input: z.object({ a: z.number(), b: z.number() }) }, async ({ a, b }) =>
  add(a, b),
);

describe('a flow inside a flow', () => {
  it('is a stage with its own node, under which its tasks count', async () => {
    const outer = flow({ name: 'outer' }, async () => sums({ a: 1, b: add(1, 1) }));
    const { value, record } = await runs.run(outer);
    expect(value).toBe(3);
    const stage = record.node('sums', 'stage');
    expect(stage).toMatchObject({ state: 'completed', parent: 0, attempt: 1 });
    expect(record.upstream('sums', 'stage')).toEqual(['add']);
    expect(record.named('add').map(({ stage: under }) => under)).toEqual([0, stage.idx]);
    expect(record.named('add').map(({ parent }) => parent)).toEqual([0, stage.idx]);
  });

  it('runs in parallel with others, though not awaited', async () => {
    const door = gate();
    let entered = 0;
    const waits = flow({ name: 'waits', input: z.number() }, async (n) => {
      entered += 1;
      await door.passed;
      return n;
    });
    const outer = flow({ name: 'outer-parallel' }, async () => {
      const both = [waits(1), waits(2)];
      waits(3);
      await until(() => entered === 3);
      door.open();
      return Promise.all(both);
    });
    const { value, record } = await runs.run(outer);
    expect(value).toEqual([1, 2]);
    expect(record.states('waits', 'stage')).toEqual(['completed', 'completed', 'completed']);
  });

  it('ends only when what it submitted has ended', async () => {
    const order: string[] = [];
    const slow = task({ name: 'slow' }, async () => {
      await turns();
      order.push('slow');
    });
    const leaves = flow({ name: 'leaves' }, async () => {
      slow();
      order.push('body');
    });
    const outer = flow({ name: 'outer-leaves' }, async () => {
      await leaves();
      order.push('awaited');
    });
    await runs.value(outer);
    expect(order).toEqual(['body', 'slow', 'awaited']);
  });

  it('may nest, and knows itself', async () => {
    const inner = flow({ name: 'inner' }, async () => [run.name, run.key, run.id]);
    const middle = flow({ name: 'middle' }, async () => [run.name, ...(await inner())]);
    const outer = flow({ name: 'outer-nest' }, async () => middle());
    const { value, id, record } = await runs.run(outer);
    expect(value).toEqual(['middle', 'inner', record.node('inner').key, id]);
    expect(record.lineage('inner')).toEqual(['inner', 'middle', 'outer-nest']);
  });

  it('may be called by a task', async () => {
    const calls = task({ name: 'calls' }, async (n: number) => (await sums({ a: n, b: n })) + 1);
    const { value, record } = await runs.run(flow({ name: 'via-task' }, async () => calls(2)));
    expect(value).toBe(5);
    expect(record.lineage('add')).toEqual(['add', 'sums', 'calls', 'via-task']);
  });

  it('waits for what comes before it', async () => {
    const order: string[] = [];
    const first = task({ name: 'first' }, async () => {
      await turns();
      order.push('first');
    });
    const second = flow({ name: 'second' }, async () => void order.push('second'));
    await runs.value(flow({ name: 'outer-after' }, async () => second.with({ after: [first()] })()));
    expect(order).toEqual(['first', 'second']);
  });

  it('is upstream_failed or skipped as a task would be', async () => {
    const inner = flow({ name: 'inner-after' }, async () => 1);
    const outer = flow({ name: 'outer-rules' }, async () => {
      const failed = await settled(sums({ a: fail('no'), b: 1 }));
      const after = await settled(inner.with({ after: [fail('again')] })());
      const tolerant = await inner.with({ after: [fail('and again')], when: 'all_done' })();
      return [failed.state, after.state, tolerant];
    });
    expect(await runs.value(outer)).toEqual(['upstream_failed', 'upstream_failed', 1]);
  });
});

describe('the input of a flow', () => {
  it('is validated before there is a run', async () => {
    const before = runs.runs();
    const error = await runs.error(sums, { a: 1, b: 'two' });
    expect(error).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^flow 'sums' does not accept its input: b: .*number/),
      at: expect.stringMatching(/stages\.test\.ts:\d+:\d+$/),
    });
    expect(runs.runs()).toBe(before);
  });

  it('names every field at fault, however deep', async () => {
    const deep = flow(
      { name: 'deep', input: z.object({ spw: z.array(z.object({ id: z.int() })), target: z.string() }) },
      async () => 1,
    );
    const { message } = (await runs.error(deep, { spw: [{ id: 0 }, { id: 0.5 }] })) as Error;
    expect(message).toContain('spw.1.id: ');
    expect(message).toContain('target: ');
  });

  it('is transformed by its schema', async () => {
    const text = flow(
      { name: 'text', input: z.object({ n: z.coerce.number().default(7) }) },
      async ({ n }) => n,
    );
    expect(await runs.value(text, {})).toBe(7);
    expect(await runs.value(flow({ name: 'outer-text' }, async () => text({ n: '12' })))).toBe(12);
  });

  it('of a stage is validated once its futures have come; a wrong one fails it, without retries', async () => {
    const outer = flow({ name: 'outer-wrong' }, async () => {
      const wrong = sums.with({ retries: 3 })({ a: 1, b: add(1, Number.NaN) });
      return settled(wrong);
    });
    const { value, record } = await runs.run(outer);
    expect(value).toMatchObject({ state: 'failed', error: { code: 'INVALID_INPUT' } });
    expect(record.node('sums')).toMatchObject({ attempt: 1, reason: 'invalid_input' });
  });

  it('that cannot be recorded is refused', async () => {
    const any = flow({ name: 'any', input: z.any() }, async () => 1);
    expect(await runs.error(any, { f: () => 1 })).toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('a function'),
    });
  });

  it('is not taken by a flow that has none', async () => {
    const none = flow(async function none(...given: unknown[]) {
      return given.length === 0 || given[0] === undefined;
    });
    expect(await runs.value(none)).toBe(true);
  });

  it('may be checked by any Standard Schema, asynchronous ones too', async () => {
    const schema = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: async (value: unknown) => {
          await turns(1);
          return typeof value === 'string'
            ? { value: value.toUpperCase() }
            : { issues: [{ message: 'no text', path: [{ key: 'a' }, 'b'] }] };
        },
        types: undefined as { readonly input: string; readonly output: string } | undefined,
      },
    };
    const shout = flow({ name: 'shout', input: schema }, async (text) => text);
    expect(await runs.value(shout, 'hello')).toBe('HELLO');
    expect(await runs.error(shout, 1)).toMatchObject({ message: expect.stringContaining('a.b: no text') });
  });
});

describe('fields that stay futures', () => {
  const seen: string[] = [];
  const passes = flow(
    { name: 'passes', input: { target: z.string(), vis: future<number>() } },
    async ({ target, vis }) => {
      seen.push(`body ${target}`);
      return add(vis, 1);
    },
  );

  it('let the stage start before they have come', async () => {
    const door = gate();
    const slow = task({ name: 'slow' }, async () => {
      await door.passed;
      seen.push('slow');
      return 41;
    });
    const outer = flow({ name: 'outer-passes' }, async () => {
      const stage = passes({ target: 'J1851', vis: slow() });
      await until(() => seen.length > 0);
      door.open();
      return stage;
    });
    const { value, record } = await runs.run(outer);
    expect(value).toBe(42);
    expect(seen).toEqual(['body J1851', 'slow']);
    expect(record.upstream('passes', 'stage')).toEqual([]);
    expect(record.upstream('add')).toEqual(['slow']);
  });

  it('take values and promises as well, also at the top', async () => {
    expect(await runs.value(passes, { target: 'x', vis: 1 })).toBe(2);
    const outer = flow({ name: 'outer-literal' }, async () => [
      await passes({ target: 'x', vis: 1 }),
      await passes({ target: 'y', vis: Promise.resolve(2) }),
    ]);
    expect(await runs.value(outer)).toEqual([2, 3]);
  });

  it('pass failures on to what uses them', async () => {
    const outer = flow({ name: 'outer-fails' }, async () =>
      settled(passes({ target: 'x', vis: fail('no') })),
    );
    const { value, record } = await runs.run(outer);
    expect(value).toMatchObject({ state: 'failed', error: { code: 'UPSTREAM_FAILED' } });
    expect(record.states('add')).toEqual(['upstream_failed']);
  });

  it('are validated beside them', async () => {
    expect(await runs.error(passes, { target: 5, vis: 1 })).toMatchObject({
      message: expect.stringContaining('target: '),
    });
    expect(await runs.error(passes, 'text')).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('options of a flow', () => {
  it('are defaults for its tasks and those of its stages, the nearest first', async () => {
    const flaky = task({ name: 'flaky' }, () => {
      throw new Error(`attempt ${run.attempt}`);
    });
    const own = task({ name: 'own', retries: 1 }, () => {
      throw new Error('no');
    });
    const plain = flow({ name: 'plain' }, async () => Promise.all([settled(flaky()), settled(own())]));
    const nearer = flow({ name: 'nearer', taskDefaults: { retries: 0 } }, async () => settled(flaky()));
    const outer = flow({ name: 'outer-defaults', taskDefaults: { retries: 2, persist: true } }, async () => {
      await Promise.all([plain(), nearer()]);
      await settled(flaky.with({ retries: 3 })());
    });
    const { record } = await runs.run(outer);
    const attempts = (under: string): unknown =>
      record.nodes
        .filter(({ kind, parent }) => kind === 'task' && record.node(parent).name === under)
        .map(({ name, attempt }) => [name, attempt]);
    expect(attempts('plain')).toEqual([
      ['flaky', 3],
      ['own', 2],
    ]);
    expect(attempts('nearer')).toEqual([['flaky', 1]]);
    expect(attempts('outer-defaults')).toEqual([['flaky', 4]]);
    expect(record.named('flaky').every(({ flags }) => (flags & 2) !== 0)).toBe(true);
  });

  it('bound what runs at once: in the flow, its stages, and each stage', async () => {
    let running = 0;
    const most = { all: 0, stage: 0 };
    const byStage = new Map<string, number>();
    const busy = task({ name: 'busy' }, async (stage: string) => {
      running += 1;
      byStage.set(stage, (byStage.get(stage) ?? 0) + 1);
      most.all = Math.max(most.all, running);
      most.stage = Math.max(most.stage, byStage.get(stage) ?? 0);
      await turns(2);
      running -= 1;
      byStage.set(stage, (byStage.get(stage) ?? 1) - 1);
    });
    const narrow = flow({ name: 'narrow', input: z.string(), concurrency: 2 }, async (name) => {
      await busy.map(Array.from({ length: 12 }, () => name));
    });
    const outer = flow({ name: 'outer-narrow', concurrency: 3 }, async () => {
      await Promise.all([narrow('a'), narrow('b'), narrow('c')]);
    });
    await runs.value(outer);
    expect(most).toEqual({ all: 3, stage: 2 });
  });

  it('give tags and version to the run', async () => {
    const tagged = flow({ name: 'tagged', tags: ['night', 'vla'], version: '1.2' }, async () => 1);
    const { id } = await runs.run(tagged);
    expect(runs.detail(id)).toMatchObject({ tags: ['night', 'vla'], version: '1.2', flow: 'tagged' });
  });
});

describe('priority', () => {
  it('starts what is more urgent first, within what is ready', async () => {
    const order: string[] = [];
    const say = task({ name: 'say' }, async (word: string) => void order.push(word));
    const urgent = flow({ name: 'urgent', concurrency: 1 }, async () => {
      say('low');
      say.with({ priority: 5 })('high');
      say.with({ priority: -5 })('lowest');
      say.with({ priority: 5 })('high too');
      say('low too');
    });
    await runs.value(urgent);
    expect(order).toEqual(['high', 'high too', 'low', 'low too', 'lowest']);
  });

  it('of a stage is that of its tasks', async () => {
    const order: string[] = [];
    const say = task({ name: 'say-stage' }, async (word: string) => void order.push(word));
    const own = task({ name: 'say-own', priority: 9 }, async (word: string) => void order.push(word));
    const stage = flow({ name: 'says', input: z.string() }, async (word) => {
      await Promise.all([say(word), own(`own ${word}`)]);
    });
    const urgent = flow({ name: 'urgent-stages', concurrency: 1 }, async () => {
      await Promise.all([stage('low'), stage.with({ priority: 5 })('high')]);
    });
    await runs.value(urgent);
    expect(order).toEqual(['own low', 'own high', 'high', 'low']);
  });

  it('at equal priority starts what is deeper first', async () => {
    const order: string[] = [];
    const say = task({ name: 'say-deep' }, async (word: string, _before?: unknown) => {
      order.push(word);
      await turns(2);
      return word;
    });
    const deep = flow({ name: 'deep-first', concurrency: 1 }, async () => {
      const first = say('a1');
      say('b1');
      say('a2', first);
      await first;
      say('a2 too');
      say('c1');
    });
    await runs.value(deep);
    expect(order).toEqual(['a1', 'a2', 'a2 too', 'c1', 'b1']);
  });
});
