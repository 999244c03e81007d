import { foretell, RESUME, type ReuseRules } from '@sidereal/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { flow, type Flow } from '../authoring/flow.ts';
import { future } from '../authoring/flow-schema.ts';
import { group, loop } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
const RETRY: ReuseRules = { ...RESUME, retryFailed: true };

/** Executions by the name of the task, and what these flows depend on beside their record. */
let executions: Record<string, number> = {};
const world = { isDown: false, isBad: false, factor: 1, order: [1, 2, 3], calls: true };

beforeEach(() => {
  executions = {};
  Object.assign(world, { isDown: false, isBad: false, factor: 1, order: [1, 2, 3], calls: true });
});

function ran(name: string): void {
  executions[name] = (executions[name] ?? 0) + 1;
}

/** What was executed since the last time that this was asked. */
function taken(): Record<string, number> {
  const now = executions;
  executions = {};
  return now;
}

const work = task({ name: 'work' }, (n: number) => {
  ran('work');
  return n;
});
const scaled = task({ name: 'scaled' }, (n: number) => {
  ran('scaled');
  return n * world.factor;
});
const use = task({ name: 'use' }, (value: unknown) => {
  ran('use');
  return value;
});
const pay = task({ name: 'pay', durability: 'strict' }, (amount: unknown) => {
  ran('pay');
  return amount;
});
const report = task({ name: 'report', durability: 'strict' }, ({ state }: { readonly state: string }) => {
  ran('report');
  return state;
});
const item = task({ name: 'item' }, (n: number) => {
  ran('item');
  if (n === 1 && world.isBad) throw new Error('bad item');
  return n;
});
const parent = task({ name: 'parent' }, async (n: number) => {
  ran('parent');
  return (await work(n)) + (await work(n + 1));
});
const gate = task({ name: 'gate' }, () => {
  if (world.isDown) throw new Error('stop');
});
const items = flow({ name: 'items' }, async () => {
  const settledItems = await eachSettled(item.map([0, 1, 2]));
  return settledItems.map(({ state }) => state);
});

/** Goes on with a run; what is not called any more counts among the live task runs no longer. */
async function again<T>(of: Flow<void, T>, runId: string, rules = RETRY) {
  const outcome = await runs.start(of, undefined, { resume: { runId, rules, takeOver: false } }).outcome;
  return { ...outcome, value: outcome.value as T, record: runs.record(runId) };
}

describe('an execution that does not complete', () => {
  const archive = flow({ name: 'archive' }, async () => {
    if (world.isDown) throw new Error('the archive is not mounted');
    const sum = await work.map([1, 2, 3]);
    return [sum.length, await pay(7), await parent(10), await gate()];
  });

  it('removes nothing: what was completed before stays completed and is kept by the next', async () => {
    const first = await runs.run(archive);
    expect(first.state).toBe('completed');
    world.isDown = true;
    taken();
    const second = await again(archive, first.id, { ...RETRY, tasks: [first.record.node('gate').idx] });
    expect(second.state).toBe('failed');
    expect(second.record.nodes.filter(({ state }) => state === 'removed')).toEqual([]);
    world.isDown = false;
    const third = await again(archive, first.id);
    expect(third.value).toEqual(first.value);
    expect(taken()).toEqual({});
  });
});

describe('what a kept task called', () => {
  const nested = flow({ name: 'nested' }, async () => {
    const value = await parent(1);
    await gate();
    return value;
  });

  it('stays as it is, also when the run completes', async () => {
    world.isDown = true;
    const first = await runs.run(nested);
    world.isDown = false;
    taken();
    const { state, record } = await again(nested, first.id);
    expect(state).toBe('completed');
    expect(record.states('work')).toEqual(['completed', 'completed']);
    expect(taken()).toEqual({});
  });
});

describe('groups and loops', () => {
  const consumed = flow({ name: 'consumed' }, async () => {
    const part = use(group('part', async () => ({ sum: await scaled(2), factor: world.factor })));
    const turns = use(loop('turns', { max: 2 }, async () => work(3)));
    const values = [await part, await turns];
    await gate();
    return values;
  });

  it('give what they gave if nothing in them ran again and their code gives the same', async () => {
    world.isDown = true;
    const first = await runs.run(consumed);
    expect(first.state).toBe('failed');
    world.isDown = false;
    taken();
    const { value } = await again(consumed, first.id);
    expect(value).toEqual([
      { sum: 2, factor: 1 },
      { value: 3, cycles: 2, reason: 'max' },
    ]);
    expect(taken()).toEqual({});
  });

  it('make what consumes them run again if their code gives something else', async () => {
    world.isDown = true;
    const first = await runs.run(consumed);
    Object.assign(world, { isDown: false, factor: 5 });
    taken();
    const { value } = await again(consumed, first.id);
    expect(value[0]).toEqual({ sum: 2, factor: 5 });
    expect(taken()).toEqual({ use: 1 });
  });

  it('make it run again if something in them did', async () => {
    world.isDown = true;
    const first = await runs.run(consumed);
    Object.assign(world, { isDown: false, factor: 5 });
    taken();
    const tasks = [first.record.node('scaled').idx];
    const { value } = await again(consumed, first.id, { ...RETRY, tasks });
    expect(value[0]).toEqual({ sum: 10, factor: 5 });
    expect(taken()).toEqual({ scaled: 1, use: 1 });
  });
});

describe('what was made from a value of an earlier execution', () => {
  /** The second execution makes `scaled` anew and fails before it comes to `use`. */
  const chain = flow({ name: 'chain' }, async () => {
    const value = scaled(2);
    await value;
    if (!world.calls) throw new Error('fails before it is used');
    return use(value);
  });

  it('is made anew though the execution that made that value anew did not come to it', async () => {
    const first = await runs.run(chain);
    expect(first.value).toBe(2);
    const tasks = [first.record.node('scaled').idx];
    Object.assign(world, { factor: 10, calls: false });
    await again(chain, first.id, { ...RETRY, tasks });
    world.calls = true;
    taken();
    const third = await again(chain, first.id, RESUME);
    expect(third.value).toBe(20);
    expect(taken()).toEqual({ use: 1 });
    expect(third.record.entries(third.record.node('use').idx, 'note')).toContainEqual({
      code: 'runs_again',
      message: 'scaled, which it consumes, was made anew',
    });
    expect((await again(chain, first.id, RETRY)).value).toBe(20);
    expect(taken()).toEqual({});
  });

  /** Its map is called with items in the order in which they come. */
  const shuffled = flow({ name: 'shuffled' }, async () => {
    const list = work.map(
      (function* () {
        yield* world.order;
      })(),
    );
    await list;
    if (!world.calls) throw new Error('fails before it is used');
    const value = await use(list);
    await gate();
    return value;
  });

  it('is made anew if a map has other items, or the same in another order, whatever came between', async () => {
    world.isDown = true;
    const first = await runs.run(shuffled);
    world.order = [3, 2, 1];
    await again(shuffled, first.id);
    world.order = [1, 2, 3];
    world.calls = false;
    await again(shuffled, first.id);
    Object.assign(world, { calls: true, isDown: false });
    taken();
    expect((await again(shuffled, first.id)).value).toEqual([1, 2, 3]);
    expect(taken()).toEqual({ use: 1 });
  });
});

const passing = flow({ name: 'passing', input: { value: future<number>() } }, async ({ value }) =>
  use(value),
);

describe('a stage that passes a future on', () => {
  const passes = flow({ name: 'passes' }, async () => passing({ value: scaled(2) }));

  it('is stale if the value of that future is made anew, though it does not wait for it', async () => {
    const first = await runs.run(passes);
    expect(first.value).toBe(2);
    world.factor = 10;
    const rules = { ...RETRY, tasks: [first.record.node('scaled').idx] };
    const { decisions } = foretell(runs.snapshot(first.id), rules);
    expect(decisions[first.record.node('passing').idx]?.code).toBe('input_made_anew');
    expect((await again(passes, first.id, rules)).value).toBe(20);
  });
});

const flaky = task({ name: 'flaky' }, () => {
  ran('flaky');
  if (world.isBad) throw new Error('bad');
  return 7;
});
const captured: { future: PromiseLike<unknown> } = { future: Promise.resolve() };
const look = task({ name: 'look' }, ({ state }: { readonly state: string }) => {
  ran('look');
  return state;
});
const captures = flow({ name: 'captures' }, async () => look(settled(captured.future)));
const calls = task({ name: 'calls' }, async () => look(settled(captured.future)));

describe.each([
  { what: 'a stage', name: 'captures', call: async () => captures() },
  { what: 'a task that calls tasks', name: 'calls', call: async () => calls() },
])('$what whose code has captured a future', ({ name, call }) => {
  const around = flow({ name: `around-${name}` }, async () => {
    captured.future = flaky();
    return use(await call());
  });

  it('is stale if the value of that future is made anew', async () => {
    world.isBad = true;
    const first = await runs.run(around);
    expect(first.value).toBe('failed');
    world.isBad = false;
    taken();
    const { decisions } = foretell(runs.snapshot(first.id), RETRY);
    expect(decisions[first.record.node(name).idx]?.code).toBe('input_made_anew');
    expect((await again(around, first.id)).value).toBe('completed');
    expect(taken()).toEqual({ flaky: 1, look: 1, use: 1 });
    expect((await again(around, first.id)).value).toBe('completed');
    expect(taken()).toEqual({});
  });

  it('is so in a later attempt', async () => {
    world.isBad = true;
    const twice = flow({ name: `twice-${name}`, retries: 1 }, async () => {
      captured.future = flaky();
      const value = await use(await call());
      if (run.attempt > 1) return value;
      world.isBad = false;
      throw new Error('once');
    });
    expect((await runs.run(twice)).value).toBe('completed');
  });
});

const delayed = flow({ name: 'delayed' }, async () => {
  const part = group('part', async () =>
    work(
      await gate
        .with({ key: 'in' })()
        .then(() => 1),
    ),
  );
  const given = [use(part), pay(part)];
  if (world.isBad) throw new Error('the archive is not mounted');
  const values = await Promise.all(given);
  await gate();
  return values;
});

describe('a group that is cut off by the end of its flow', () => {
  it('is what it was to those that have consumed it', async () => {
    const first = await runs.run(delayed);
    expect(first.value).toEqual([1, 1]);
    world.isBad = true;
    const cut = await again(delayed, first.id);
    expect(cut.record.nodes.find(({ name }) => name === 'part')?.state).toBe('cancelled');
    world.isBad = false;
    taken();
    expect((await again(delayed, first.id)).value).toEqual([1, 1]);
    expect(taken()).toEqual({});
  });
});

describe('a failed item in a stage that completed', () => {
  const whole = flow({ name: 'whole' }, async () => use(items()));

  it('is run again by retry, with the stage and what consumes it', async () => {
    world.isBad = true;
    const first = await runs.run(whole);
    expect(first.value).toEqual(['completed', 'failed', 'completed']);
    world.isBad = false;
    taken();
    expect((await again(whole, first.id, { ...RESUME, rerunChanged: true })).value).toEqual(first.value);
    expect(taken()).toEqual({});
    const { value, record } = await again(whole, first.id);
    expect(value).toEqual(['completed', 'completed', 'completed']);
    expect(taken()).toEqual({ item: 1, use: 1 });
    expect(record.states('item')).toEqual(['completed', 'completed', 'completed']);
  });
});

describe('a strict task', () => {
  const paid = flow({ name: 'paid' }, async () => {
    const value = pay(settled(item(1)));
    await value;
    await gate();
    return value;
  });

  it('is in doubt if something that it consumed was made anew, and runs again if it is asked for', async () => {
    Object.assign(world, { isBad: true, isDown: true });
    const first = await runs.run(paid);
    expect(first.record.states('pay')).toEqual(['completed']);
    Object.assign(world, { isBad: false, isDown: false });
    taken();
    const second = await again(paid, first.id);
    expect(taken()).toEqual({ item: 1 });
    expect(second.error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('settled(item), which it consumes, was made anew'),
      remedy: expect.stringContaining('--task'),
    });
    const tasks = [first.record.node('pay').idx];
    const third = await again(paid, first.id, { ...RETRY, tasks });
    expect(third.state).toBe('completed');
    expect(taken()).toEqual({ pay: 1 });
  });
});

describe('what could not run, for what it needs has failed', () => {
  const told = flow({ name: 'told' }, async () => {
    const outcome = settled(work.with({ after: [item(1)] })(4));
    const state = report(outcome);
    await state;
    await gate();
    return state;
  });

  it('cannot run again by a resume, and what has looked at it stays, strict or not', async () => {
    Object.assign(world, { isBad: true, isDown: true });
    const first = await runs.run(told);
    expect(first.record.states('work')).toEqual(['upstream_failed']);
    taken();
    const second = await again(told, first.id, RESUME);
    expect(taken()).toEqual({});
    expect(second.record.states('report')).toEqual(['completed']);
    Object.assign(world, { isBad: false, isDown: false });
    const third = await again(told, first.id);
    expect(third.error).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(taken()).toEqual({ item: 1, work: 1 });
  });
});
