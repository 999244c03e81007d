import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { qa } from '../authoring/qa.ts';
import { reduce } from '../authoring/reduce.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import type { RetryOptions } from '../definitions/task-definition.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** Fails until its nth attempt. */
function flaky(name: string, retries: number | RetryOptions, succeedsAt: number) {
  return task({ name, retries }, async () => {
    if (run.attempt < succeedsAt) throw new RangeError(`attempt ${run.attempt}`);
    return run.attempt;
  });
}

/** Times between the ends of attempts and the next starts, ms. */
function waits(transitions: readonly { state: string; timeUs: number }[]): number[] {
  const found: number[] = [];
  for (const [at, { state, timeUs }] of transitions.entries()) {
    const next = transitions.slice(at).find((later) => later.state === 'retrying');
    if (state === 'awaiting_retry' && next !== undefined) found.push((next.timeUs - timeUs) / 1000);
  }
  return found;
}

describe('a task that fails', () => {
  it('is tried again as often as it says, each attempt recorded', async () => {
    const third = flaky('third', 2, 3);
    const { value, record } = await runs.run(flow({ name: 'retries' }, async () => third()));
    expect(value).toBe(3);
    expect(record.path('third')).toEqual([
      'queued',
      'running',
      'awaiting_retry',
      'queued',
      'retrying',
      'awaiting_retry',
      'queued',
      'retrying',
      'completed',
    ]);
    expect(record.node('third').attempt).toBe(3);
    expect(record.entries('third', 'error').map(({ message }) => message)).toEqual([
      'attempt 1',
      'attempt 2',
    ]);
    const retry = record.story('third').transitions.find(({ state }) => state === 'awaiting_retry');
    expect(retry).toMatchObject({ reason: 'error', message: 'attempt 1', attempt: 1 });
  });

  it('fails for good with the last error', async () => {
    const never = flaky('never', 2, 9);
    const { error, record } = await runs.run(flow({ name: 'gives-up' }, async () => never()));
    expect(error).toMatchObject({ message: 'attempt 3' });
    expect(record.node('never')).toMatchObject({ state: 'failed', attempt: 3 });
  });

  it('waits as long as it says, longer each time, up to a bound', async () => {
    const slow = flaky('slow', { limit: 3, delay: 20, factor: 3, maxDelay: '100ms' }, 4);
    const { record } = await runs.run(flow({ name: 'delays' }, async () => slow()));
    const [first = 0, second = 0, third = 0] = waits(record.story('slow').transitions);
    // Timers are never early by more than a millisecond.
    expect(first).toBeGreaterThanOrEqual(19);
    expect(second).toBeGreaterThanOrEqual(59);
    expect(third).toBeGreaterThanOrEqual(99);
  });

  it('waits for months if it says so', async () => {
    const later = flaky('later', { limit: 1, delay: '40d', maxDelay: '40d' }, 2);
    const handle = runs.start(flow({ name: 'months' }, async () => later()));
    const id = await handle.id;
    while (runs.record(id).named('later')[0]?.state !== 'awaiting_retry') await turns(5);
    await turns(20);
    expect(runs.record(id).node('later').state).toBe('awaiting_retry');
    handle.cancel('enough');
    expect((await runs.ended(handle)).state).toBe('cancelled');
  });

  it('is not tried again for errors that are not worth it', async () => {
    const judge: unknown[] = [];
    const picky = task(
      {
        name: 'picky',
        retries: {
          limit: 5,
          retryIf: (error) => {
            judge.push(error);
            return error instanceof RangeError;
          },
        },
      },
      () => {
        throw run.attempt === 1 ? new RangeError('again') : new TypeError('for good');
      },
    );
    const { error, record } = await runs.run(flow({ name: 'judges' }, async () => picky()));
    expect(error).toMatchObject({ message: 'for good' });
    expect(record.node('picky').attempt).toBe(2);
    expect(judge).toMatchObject([{ message: 'again' }, { message: 'for good' }]);
  });

  it('fails with its own error if the judgement fails, which is noted', async () => {
    const broken = task(
      {
        name: 'broken-judge',
        identity: 'broken-judge',
        retries: {
          limit: 5,
          retryIf: () => {
            throw new Error('the judge is broken');
          },
        },
      },
      () => {
        throw new RangeError('its own');
      },
    );
    const { error, record } = await runs.run(flow({ name: 'misjudges' }, async () => broken()));
    expect(error).toMatchObject({ message: 'its own' });
    expect(record.entries('broken-judge', 'note')).toMatchObject([
      { code: 'retry_if_failed', message: expect.stringContaining('the judge is broken') },
    ]);
  });

  it('holds no slot while it waits', async () => {
    const order: string[] = [];
    const first = task({ name: 'first', retries: { limit: 1, delay: 20 } }, async () => {
      order.push(`first ${run.attempt}`);
      if (run.attempt === 1) throw new Error('again');
    });
    const second = task({ name: 'second' }, async () => void order.push('second'));
    await runs.value(
      flow({ name: 'frees', concurrency: 1 }, async () => {
        first();
        second();
      }),
    );
    expect(order).toEqual(['first 1', 'second', 'first 2']);
  });

  it('keeps its key and idempotency key over its attempts', async () => {
    const seen = new Set<string>();
    const keyed = task({ name: 'keyed', retries: 2 }, () => {
      seen.add(run.idempotencyKey);
      if (run.attempt < 3) throw new Error('again');
      return run.key;
    });
    const { id, value } = await runs.run(flow({ name: 'keys' }, async () => keyed()));
    expect([...seen]).toEqual([`${id}/${value}`]);
  });
});

describe('a task that calls others and fails', () => {
  it('finds those that have completed, however deep', async () => {
    let count = 0;
    const leaf = task({ name: 'leaf' }, (n: number) => {
      count += 1;
      return n;
    });
    const branch = task({ name: 'branch' }, async (n: number) => (await leaf(n)) + (await leaf(n + 1)));
    const root = task({ name: 'root', retries: 1 }, async () => {
      const sum = (await branch(1)) + (await branch(10));
      if (run.attempt === 1) throw new Error('after its children');
      return sum;
    });
    const { value, record } = await runs.run(flow({ name: 'nested' }, async () => root()));
    expect([value, count]).toEqual([24, 4]);
    expect(record.tally('leaf')).toEqual({ completed: 4 });
    expect(record.node('root').attempt).toBe(2);
  });
});

describe('a flow that fails', () => {
  it('is tried again as a whole, and finds what has completed', async () => {
    const counts = { good: 0, bad: 0 };
    const good = task({ name: 'good' }, (n: number) => {
      counts.good += 1;
      return n;
    });
    const bad = task({ name: 'bad' }, () => {
      counts.bad += 1;
      if (counts.bad < 3) throw new Error(`bad ${counts.bad}`);
      return 'mended';
    });
    const retries = flow({ name: 'whole', retries: { limit: 2, delay: 1 } }, async () => {
      const attempt = run.attempt;
      const value = await good(1);
      return [attempt, value, await bad()];
    });
    const { value, record, state } = await runs.run(retries);
    expect(state).toBe('completed');
    expect(value).toEqual([3, 1, 'mended']);
    expect(counts).toEqual({ good: 1, bad: 3 });
    expect(record.node(0).attempt).toBe(3);
    expect(record.path(0)).toEqual([
      'running',
      'awaiting_retry',
      'retrying',
      'awaiting_retry',
      'retrying',
      'completed',
    ]);
    expect(record.node('bad')).toMatchObject({ state: 'completed', attempt: 3 });
    expect(record.node('good')).toMatchObject({ state: 'completed', attempt: 1 });
  });

  it('that is a stage is tried again alone', async () => {
    let others = 0;
    const other = task({ name: 'other' }, () => (others += 1));
    const stage = flow({ name: 'stage', retries: 1 }, async () => {
      await other();
      if (run.attempt === 1) throw new Error('again');
      return run.attempt;
    });
    const outer = flow({ name: 'outer' }, async () => [await stage(), run.attempt]);
    expect(await runs.value(outer)).toEqual([2, 1]);
    expect(others).toBe(1);
  });

  it('reopens its groups, loops, maps and reduces, and finds what they hold', async () => {
    const counts = new Map<string, number>();
    const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
    const step = task({ name: 'step' }, (n: number) => {
      count(`step ${n}`);
      return n + 1;
    });
    const failOnce = task({ name: 'fail-once' }, (n: number) => {
      count(`once ${n}`);
      if (n === 3 && counts.get('once 3') === 1) throw new Error('three');
      return n;
    });
    const add = task({ name: 'add' }, (a: number, b: number) => {
      count('add');
      return a + b;
    });
    const retries = flow({ name: 'parts', retries: 1 }, async () => {
      const grouped = await group('part', async () => step(100));
      const { value, cycles } = await loop('solve', { max: 3 }, async (cycle) => step(cycle.index));
      const mapped = failOnce.map(step.map([0, 1, 2, 3]));
      return [grouped, value, cycles, await reduce(add, mapped)];
    });
    const { value, record, state } = await runs.run(retries);
    expect(state).toBe('completed');
    expect(value).toEqual([101, 3, 3, 10]);
    expect(Object.fromEntries(counts)).toMatchObject({ 'step 100': 1, 'once 1': 1, 'once 3': 2, add: 3 });
    expect(counts.get('step 0')).toBe(2);
    expect(record.tally('step')).toEqual({ completed: 8 });
    expect(record.tally('fail-once')).toEqual({ completed: 4 });
    expect(record.tally('add')).toEqual({ completed: 3 });
    expect(record.node('part', 'group').state).toBe('completed');
  });

  it('is given the same time and chance again, and says things once', async () => {
    const seen: unknown[][] = [];
    const retries = flow({ name: 'effects', retries: 2 }, async () => {
      seen.push([run.now(), run.random(), run.random()]);
      await qa({ name: 'snr', score: 1 });
      run.log('said each time');
      if (run.attempt < 3) throw new Error('again');
    });
    const { record } = await runs.run(retries);
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[0]?.[1]).not.toBe(seen[0]?.[2]);
    expect(record.entries(0, 'qa')).toHaveLength(1);
    expect(record.entries(0, 'effect')).toHaveLength(3);
    expect(record.entries(0, 'log')).toHaveLength(3);
  });

  it('knows its attempt in its groups and loops too', async () => {
    const retries = flow({ name: 'attempts', retries: 1 }, async () => {
      if (run.attempt === 1) throw new Error('again');
      return [
        await group('part', () => run.attempt),
        (await loop('turns', { max: 1 }, () => run.attempt)).value,
      ];
    });
    expect(await runs.value(retries)).toEqual([2, 2]);
  });

  it('waits for what its failed attempt had started', async () => {
    const order: string[] = [];
    const slow = task({ name: 'slow' }, async () => {
      order.push('starts');
      while (run.attempt === 1 && !run.signal.aborted) await turns(1);
      order.push('ends');
      run.signal.throwIfAborted();
    });
    const retries = flow({ name: 'waits', retries: 1 }, async () => {
      order.push(`attempt ${run.attempt}`);
      if (run.attempt === 1) {
        slow();
        await new Promise((resolve) => setTimeout(resolve, 1));
        throw new Error('too early');
      }
      return settled(slow());
    });
    const { value, record } = await runs.run(retries);
    expect(value).toMatchObject({ state: 'completed' });
    expect(order).toEqual(['attempt 1', 'starts', 'ends', 'attempt 2', 'starts', 'ends']);
    expect(record.node('slow').attempt).toBe(2);
  });
});
