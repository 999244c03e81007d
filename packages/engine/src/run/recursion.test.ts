import { describe, expect, it } from 'vitest';
import { flow, type Flow } from '../authoring/flow.ts';
import { group } from '../authoring/loop.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task, type Task } from '../authoring/task.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();
/** Checking every invariant after every event takes the square of this. */
const FAST = { validate: false };
const DEEP = 10_000;

const count: Task<[number], number> = task({ name: 'count' }, async (n: number): Promise<number> => {
  return n === 0 ? 0 : 1 + (await count(n - 1));
});
const pass: Task<[number], number> = task({ name: 'pass' }, async (n: number): Promise<number> => {
  return n === 0 ? 7 : pass(n - 1);
});
const fails: Task<[number], number> = task({ name: 'fails' }, async (n: number): Promise<number> => {
  if (n === 0) throw new RangeError('at the bottom');
  return fails(n - 1);
});
const retried = { bottoms: 0, retries: { limit: 1 } };
const mends: Task<[number], number> = task(
  { name: 'mends', retries: retried.retries },
  async (n: number): Promise<number> => {
    if (n > 0) return mends(n - 1);
    retried.bottoms += 1;
    if (retried.bottoms === 1) throw new RangeError('once');
    return 3;
  },
);
const drops: Task<[number], number> = task({ name: 'drops' }, async (n: number) => {
  if (n === 0) throw new RangeError('at the bottom');
  void drops(n - 1);
  return n;
});

describe('a task that calls itself ten thousand deep', () => {
  it('gives its value', async () => {
    expect(
      await runs.value(
        flow({ name: 'deep' }, async () => count(DEEP)),
        undefined,
        FAST,
      ),
    ).toBe(DEEP);
  });

  it('fails with the error from the bottom', async () => {
    const { state, error, record } = await runs.run(
      flow({ name: 'deep' }, async () => fails(DEEP)),
      undefined,
      FAST,
    );
    expect({ state, error }).toMatchObject({
      state: 'failed',
      error: { name: 'RangeError', message: 'at the bottom' },
    });
    expect(record.tally('fails')).toEqual({ failed: DEEP + 1 });
  });

  it('stops when it is asked to', async () => {
    const atBottom = Promise.withResolvers<void>();
    const waits: Task<[number], number> = task({ name: 'waits' }, async (n: number): Promise<number> => {
      if (n > 0) return waits(n - 1);
      const { signal } = run;
      atBottom.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    });
    const handle = runs.start(
      flow({ name: 'deep' }, async () => waits(DEEP)),
      undefined,
      FAST,
    );
    await atBottom.promise;
    handle.cancel('enough');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.tally('waits')).toEqual({ cancelled: DEEP + 1 });
  });
});

describe('recursion', () => {
  const even: Task<[number], boolean> = task({ name: 'even' }, async (n: number): Promise<boolean> => {
    return n === 0 || odd(n - 1);
  });
  const odd: Task<[number], boolean> = task({ name: 'odd' }, async (n: number): Promise<boolean> => {
    return n > 0 && even(n - 1);
  });
  const mapped: Task<[number], number> = task({ name: 'mapped' }, async (n: number): Promise<number> => {
    const [below = -1] = n === 0 ? [] : await mapped.map([n - 1]);
    return below + 1;
  });
  const grouped: Task<[number], number> = task({ name: 'grouped' }, async (n: number): Promise<number> => {
    return n === 0 ? 0 : 1 + (await group('inner', async () => grouped(n - 1)));
  });
  const promised: Task<[number], number> = task({ name: 'promised' }, async (n: number): Promise<number> => {
    return n === 0 ? 0 : 1 + (await promised(Promise.resolve(n - 1)));
  });
  const reduced: Task<[number, number], number> = task(
    { name: 'reduced' },
    async (sum: number, n: number): Promise<number> => (n === 0 ? sum : reduce(reduced, [sum + n, n - 1])),
  );
  const staged: Task<[number], number> = task({ name: 'staged' }, async (n: number): Promise<number> => {
    return n === 0 ? 0 : 1 + (await flow({ name: 'stage' }, async () => staged(n - 1))());
  });
  const shapes = {
    'of a future that is returned': [() => pass(400), 7],
    'of two tasks that call each other': [() => even(401), false],
    'through a map': [() => mapped(200), 200],
    'through a group': [() => grouped(200), 200],
    'through a promise among arguments': [() => promised(200), 200],
    'through a reduce': [() => reduced(0, 100), 5050],
    'through a stage': [() => staged(100), 100],
    'through retries': [() => mends(50), 3],
  } as const;

  it.each(Object.entries(shapes))('%s', async (name, [call, value]) => {
    expect(
      await runs.value(
        flow({ name }, async () => call()),
        undefined,
        FAST,
      ),
    ).toBe(value);
  });

  it('whose failure nobody handles fails every level', async () => {
    const { error, record } = await runs.run(
      flow({ name: 'dropped' }, async () => drops(300)),
      undefined,
      FAST,
    );
    expect(error).toMatchObject({ code: 'UNHANDLED_FAILURE' });
    expect(record.tally('drops')).toEqual({ failed: 301 });
  });
});

describe('a flow that calls itself', () => {
  it('without end fails a thousand deep, at the line of the call', async () => {
    const endless: Flow<void, number> = flow({ name: 'endless' }, async (): Promise<number> => endless());
    const { state, error, record } = await runs.run(endless, undefined, FAST);
    expect({ state, error }).toMatchObject({
      state: 'failed',
      error: { code: 'FLOW_TOO_DEEP', at: expect.stringMatching(/recursion\.test\.ts:\d+:\d+$/) },
    });
    expect(record.nodes).toHaveLength(1001);
  });

  it('may handle that', async () => {
    const endless: Flow<void, string> = flow({ name: 'endless' }, async (): Promise<string> => {
      try {
        return (await settled(endless())).state;
      } catch (error) {
        return String(error);
      }
    });
    expect(await runs.value(endless, undefined, FAST)).toBe('completed');
  });
});
