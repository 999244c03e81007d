import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { gate, turns, until } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const add = task({ name: 'add' }, async (a: number, b: number) => a + b);
const echo = task({ name: 'echo' }, (value: unknown) => value);
const fail = task({ name: 'fail' }, (message: string): number => {
  throw new RangeError(message);
});

describe('a call', () => {
  it('gives its value when awaited', async () => {
    const sums = flow({ name: 'sums' }, async () => add(add(1, 2), 3));
    const { value, record } = await runs.run(sums);
    expect(value).toBe(6);
    expect(record.states('add')).toEqual(['completed', 'completed']);
    expect(record.path(1)).toEqual(['queued', 'running', 'completed']);
  });

  it('starts after the current tick, awaited or not', async () => {
    const seen: string[] = [];
    const say = task({ name: 'say' }, (word: string) => void seen.push(word));
    const says = flow({ name: 'says' }, async () => {
      say('one');
      seen.push('called');
      await Promise.resolve();
      seen.push('a tick later');
      await say('two');
      seen.push('awaited');
    });
    await runs.value(says);
    expect(seen[0]).toBe('called');
    expect(seen.toSorted()).toEqual(['a tick later', 'awaited', 'called', 'one', 'two']);
    expect(seen.at(-1)).toBe('awaited');
  });

  it('ends before its flow does, though nobody awaits it', async () => {
    const door = gate();
    let isDone = false;
    const slow = task({ name: 'slow' }, async () => {
      await door.passed;
      await turns();
      isDone = true;
    });
    const leaves = flow({ name: 'leaves' }, async () => {
      slow();
      return 'returned';
    });
    const handle = runs.start(leaves);
    await handle.id;
    await turns();
    expect(isDone).toBe(false);
    door.open();
    const { value, record } = await runs.ended(handle);
    expect([value, isDone]).toEqual(['returned', true]);
    expect(record.states('slow')).toEqual(['completed']);
  });

  it('may be awaited twice, and by several', async () => {
    let count = 0;
    const once = task({ name: 'once' }, () => (count += 1));
    const twice = flow({ name: 'twice' }, async () => {
      const future = once();
      return [await future, await future, ...(await Promise.all([future, future]))];
    });
    expect(await runs.value(twice)).toEqual([1, 1, 1, 1]);
    expect(count).toBe(1);
  });

  it('takes whatever stands for nothing', async () => {
    const nothings = flow({ name: 'nothings' }, async () =>
      Promise.all([echo(undefined), echo(null), echo(0), echo(''), echo(Number.NaN), echo(-0)]),
    );
    expect(await runs.value(nothings)).toEqual([undefined, null, 0, '', Number.NaN, -0]);
  });
});

describe('futures among arguments', () => {
  it('arrive as values, nested in arrays and objects, and are the upstream', async () => {
    const nested = flow({ name: 'nested' }, async () => {
      const one = add(0, 1);
      const two = add(one, 1);
      return echo({ list: [one, { deep: two }], same: one, plain: new Date(0), map: new Map([['k', 1]]) });
    });
    const { value, record } = await runs.run(nested);
    expect(value).toEqual({
      list: [1, { deep: 2 }],
      same: 1,
      plain: new Date(0),
      map: new Map([['k', 1]]),
    });
    expect(record.upstream('echo')).toEqual(['add', 'add']);
    expect(record.story('echo').inputs).toContain('add[1]');
  });

  it('leave the caller’s own objects as they are', async () => {
    const given = { list: [1, undefined as unknown], frozen: Object.freeze([2]) };
    const keeps = flow({ name: 'keeps' }, async () => {
      given.list[1] = add(1, 1);
      const seen = await echo(given);
      return [seen, typeof (given.list[1] as { then?: unknown }).then];
    });
    expect(await runs.value(keeps)).toEqual([{ list: [1, 2], frozen: [2] }, 'function']);
  });

  it('may be many', async () => {
    const many = flow({ name: 'many' }, async () => {
      const sums = Array.from({ length: 2000 }, (_, i) => add(i, i));
      return echo(sums);
    });
    expect(await runs.value(many, undefined, { validate: false })).toEqual(
      Array.from({ length: 2000 }, (_, i) => 2 * i),
    );
  });

  it('make no call before they have ended', async () => {
    const order: string[] = [];
    const first = task({ name: 'first' }, async () => {
      await turns();
      order.push('first');
      return 1;
    });
    const second = task({ name: 'second' }, (n: number) => {
      order.push('second');
      return n + 1;
    });
    const chain = flow({ name: 'chain' }, async () => second(first()));
    expect(await runs.value(chain)).toBe(2);
    expect(order).toEqual(['first', 'second']);
  });

  it('may stand in a value that holds itself', async () => {
    const cyclic: { self?: unknown; two?: unknown } = {};
    cyclic.self = cyclic;
    const cycles = flow({ name: 'cycles' }, async () => {
      cyclic.two = echo(2);
      return echo(cyclic);
    });
    const value = (await runs.value(cycles)) as typeof cyclic;
    expect(value.self).toBe(value);
    expect(value.two).toBe(2);
  });
});

describe('plain promises among arguments', () => {
  it('count as literals once they are resolved', async () => {
    const later = async (n: number): Promise<number> => {
      await turns();
      return n;
    };
    const literals = flow({ name: 'literals' }, async () => {
      const sum = add(later(1), add(later(2), 3));
      return echo([sum, { nested: [later(7)] }]);
    });
    const { value, record } = await runs.run(literals);
    expect(value).toEqual([6, { nested: [7] }]);
    expect(record.upstream('echo')).toEqual(['add']);
    expect(record.nodes).toHaveLength(4);
  });

  it('may give futures and promises in turn, late ones too', async () => {
    const given = flow({ name: 'given' }, async () => {
      const late = add(
        turns(3).then(() => 1),
        1,
      );
      const promise = turns().then(() => [late, { deep: Promise.resolve(add(late, 1)) }]);
      return echo(promise);
    });
    const { value, record } = await runs.run(given);
    expect(value).toEqual([2, { deep: 3 }]);
    expect(record.upstream('echo')).toEqual(['add']);
  });

  it('hold the flow open, though nobody awaits the call', async () => {
    const leaves = flow({ name: 'leaves-late' }, async () => {
      add(
        turns().then(() => 1),
        2,
      );
    });
    const { record } = await runs.run(leaves);
    expect(record.states('add')).toEqual(['completed']);
  });

  it('hold a task open too', async () => {
    const leaves = task({ name: 'leaves' }, () => {
      add(
        turns().then(() => 1),
        2,
      );
    });
    const { record } = await runs.run(flow({ name: 'holds' }, async () => leaves()));
    expect(record.states('add')).toEqual(['completed']);
    expect(record.lineage('add')).toEqual(['add', 'leaves', 'holds']);
  });

  it('fail the call when they reject, and with it the flow', async () => {
    const broken = flow({ name: 'broken' }, async () => {
      add(Promise.reject(new RangeError('no data')), 2);
      return 1;
    });
    const { state, error, record } = await runs.run(broken);
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'UNHANDLED_FAILURE', cause: { message: 'no data' } });
    expect(record.states('add')).toEqual(['failed']);
    expect(record.node('add').reason).toBe('input_rejected');
  });

  it('reject the call that is awaited', async () => {
    const caught = flow({ name: 'caught' }, async () => {
      try {
        return await add(Promise.reject(new RangeError('no data')), 2);
      } catch (error) {
        return error instanceof RangeError ? error.message : 'another error';
      }
    });
    expect(await runs.value(caught)).toBe('no data');
  });

  it('reject a call that is settled, passed on, or retried, once', async () => {
    const settles = flow({ name: 'settles' }, async () => {
      const { state, error } = await settled(
        add.with({ retries: 5 })(Promise.reject(new RangeError('no data')), 2),
      );
      return [state, error?.message];
    });
    const { value, record } = await runs.run(settles);
    expect(value).toEqual(['failed', 'no data']);
    expect(record.node('add').attempt).toBe(1);

    const passes = flow({ name: 'passes' }, async () => {
      const consumer = echo([add(Promise.reject(new RangeError('no data')), 2)]);
      return settled(consumer).then(({ state }) => state);
    });
    expect(await runs.value(passes)).toBe('upstream_failed');
  });

  it('arrive settled under a tolerant rule', async () => {
    const tolerant = task({ name: 'tolerant', when: 'all_done' }, (...given: unknown[]) =>
      given.map((one) => {
        const { state, value, error } = one as { state: string; value?: unknown; error?: Error };
        return [state, value ?? error?.message];
      }),
    );
    const arrives = flow({ name: 'arrives' }, async () =>
      tolerant(
        turns().then(() => 1),
        Promise.reject(new RangeError('no')),
        add(1, 1),
      ),
    );
    expect(await runs.value(arrives)).toEqual([
      ['completed', 1],
      ['failed', 'no'],
      ['completed', 2],
    ]);
  });

  it('give the key of their values: equal calls are told apart by their order alone', async () => {
    const keys = flow({ name: 'keys' }, async () => {
      await Promise.all([echo(1), echo(Promise.resolve(1)), echo(2)]);
    });
    const again = await runs.run(keys);
    const before = (await runs.run(keys)).record.nodes.map(({ key }) => key);
    expect(again.record.nodes.map(({ key }) => key).toSorted()).toEqual(before.toSorted());
    expect(new Set(before).size).toBe(4);
  });
});

describe('a body that throws', () => {
  it('cancels what has not started and signals what runs', async () => {
    const seen: string[] = [];
    const running = task({ name: 'running' }, async (name: string) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      run.signal.addEventListener('abort', () => {
        seen.push(`${name} signalled`);
        resolve();
      });
      seen.push(`${name} runs`);
      await promise;
      run.signal.throwIfAborted();
    });
    const throws = flow({ name: 'throws', concurrency: 2 }, async () => {
      running('a');
      running('b');
      running('c');
      add(1, fail('unused'));
      while (seen.length < 2) await turns(1);
      throw new TypeError('the body is wrong');
    });
    const { state, error, record } = await runs.run(throws);
    expect(state).toBe('failed');
    expect(error).toBeInstanceOf(TypeError);
    expect(seen).toEqual(['a runs', 'b runs', 'a signalled', 'b signalled']);
    expect(record.states('running')).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(record.path(1)).toEqual(['queued', 'running', 'cancelling', 'cancelled']);
    expect(record.path(3)).toEqual(['queued', 'cancelled']);
    expect(record.entries(0, 'error')[0]).toMatchObject({ name: 'TypeError', message: 'the body is wrong' });
  });

  it('refuses what comes after', async () => {
    const started = gate();
    const refused: unknown[] = [];
    let stored = (): unknown => undefined;
    const slow = task({ name: 'slow' }, async () => {
      started.open();
      await until(() => run.signal.aborted);
      try {
        stored();
      } catch (error) {
        refused.push(error);
      }
    });
    const throws = flow({ name: 'throws-early' }, async () => {
      stored = run.bind(() => add(1, 2));
      slow();
      await started.passed;
      throw new Error('enough');
    });
    const { record, error } = await runs.run(throws);
    expect(error).toMatchObject({ message: 'enough' });
    expect(refused).toMatchObject([{ code: 'FLOW_ENDED', at: expect.stringContaining('calls.test.ts') }]);
    expect(record.states('add')).toEqual([]);
  });
});

describe('outstanding calls', () => {
  it('beyond the limit fail with a code that names map and the line', async () => {
    const door = gate();
    const wait = task({ name: 'wait' }, () => door.passed);
    const floods = flow({ name: 'floods' }, async () => {
      try {
        for (let i = 0; i < 11; i += 1) wait();
      } finally {
        door.open();
      }
    });
    expect(await runs.error(floods, undefined, { maxOutstandingCalls: 10 })).toMatchObject({
      code: 'TOO_MANY_CALLS',
      message: "more than 10 calls are outstanding, the last of task 'wait'",
      remedy: expect.stringContaining('wait.map'),
      at: expect.stringMatching(/calls\.test\.ts:\d+:\d+$/),
    });
  });

  it('within the limit go on for ever', async () => {
    const many = flow({ name: 'within' }, async () => {
      for (let i = 0; i < 25; i += 1) {
        await add(i, 1);
        await settled(fail('counted once'));
        await settled(add(Promise.reject(new Error('counted too')), 1));
      }
      const groupOfCalls = await Promise.all(Array.from({ length: 10 }, (_, i) => echo(i)));
      return groupOfCalls.length;
    });
    expect(await runs.value(many, undefined, { maxOutstandingCalls: 10 })).toBe(10);
  });
});
