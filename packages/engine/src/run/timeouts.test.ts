import { describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import { threads } from '../runners/built-in/built-in.ts';
import { gate } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

const waitFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Ends when it is told to, never by itself. */
const untilStopped = task({ name: 'until-stopped', timeout: 60 }, async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  run.signal.addEventListener('abort', () => reject(run.signal.reason));
  return promise;
});

describe('a task that runs longer than its timeout', () => {
  it('gets the signal and fails as timed out', async () => {
    const { error, record } = await runs.run(flow({ name: 'times-out' }, async () => untilStopped()));
    expect(error).toMatchObject({
      code: 'TIMED_OUT',
      message: expect.stringMatching(/^until-stopped \([0-9a-f]{8}\) ran longer than its timeout of 60 ms$/),
    });
    expect(record.node('until-stopped')).toMatchObject({ state: 'failed', reason: 'timed_out' });
  });

  it('is tried again like after any failure', async () => {
    const slowOnce = task({ name: 'slow-once', retries: 1, timeout: 600 }, async () => {
      if (run.attempt === 1) await sleep('10m');
      return run.attempt;
    });
    const { value, record } = await runs.run(flow({ name: 'retried' }, async () => slowOnce()));
    expect(value).toBe(2);
    expect(record.entries('slow-once', 'error')).toMatchObject([{ code: 'TIMED_OUT' }]);
    expect(record.path('slow-once')).toEqual([
      'queued',
      'running',
      'awaiting_retry',
      'queued',
      'retrying',
      'completed',
    ]);
  });

  it('has come to its end if it answers the signal with a value', async () => {
    const partial = task({ name: 'partial', timeout: 60 }, async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      run.signal.addEventListener('abort', () => resolve('what there is so far'));
      return promise;
    });
    expect(await runs.value(flow({ name: 'answers' }, async () => partial()))).toBe('what there is so far');
  });

  it('gets the signal in its groups too', async () => {
    const grouped = task({ name: 'grouped', timeout: 60 }, async () => group('part', () => sleep('10m')));
    const waits = flow({ name: 'grouped-flow' }, async () => settled(grouped()));
    expect(await runs.value(waits)).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
  });

  it('on a thread is ended though it hears nothing, and the thread replaced', async () => {
    const spins = flow({ name: 'spins', runner: threads(1) }, async () => [
      (await settled(threaded.spin.with({ timeout: 60 })())).error,
      await threaded.spinOnce(),
      await threaded.add(1, 2),
    ]);
    const { value, record } = await runs.run(spins);
    expect(value).toMatchObject([{ code: 'TIMED_OUT' }, 2, 3]);
    expect(record.node('spin')).toMatchObject({ state: 'failed', reason: 'timed_out' });
    expect(record.node('spin-once')).toMatchObject({ state: 'completed', attempt: 2 });
  });
});

describe('the time of a task', () => {
  it('is not spent while it waits for its children', async () => {
    const slow = task({ name: 'slow' }, () => waitFor(400));
    const parent = task({ name: 'parent', timeout: 600 }, async () => {
      await slow();
      await group('part', async () => slow());
      return 'in time';
    });
    expect(await runs.value(flow({ name: 'waits' }, async () => parent()))).toBe('in time');
  });

  it('is not spent while it waits for a slot', async () => {
    const slow = task({ name: 'slow', timeout: 1000 }, () => waitFor(120));
    const queue = flow({ name: 'queue', concurrency: 1 }, async () => {
      await slow.map([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], () => []);
      return 'in time';
    });
    expect(await runs.value(queue)).toBe('in time');
  });

  it('begins anew with each attempt', async () => {
    const slow = task({ name: 'slow', timeout: 1000, retries: 5 }, async () => {
      await waitFor(250);
      if (run.attempt < 6) throw new Error('again');
      return run.attempt;
    });
    expect(await runs.value(flow({ name: 'anew' }, async () => slow()))).toBe(6);
  });
});

describe('a flow that runs longer than its timeout', () => {
  it('fails, and what it has submitted is cancelled', async () => {
    const door = gate();
    const slow = flow({ name: 'slow-flow', timeout: 60 }, async () => {
      untilStopped.with({ timeout: '10m' })();
      await door.passed;
    });
    const { state, error, record } = await runs.run(slow);
    door.open();
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'TIMED_OUT' });
    expect(record.node(0).reason).toBe('timed_out');
    expect(record.states('until-stopped')).toEqual(['cancelled']);
  });

  it('that is a stage is tried again; what its old body still calls is refused', async () => {
    const door = gate();
    const refused: unknown[] = [];
    const add = task({ name: 'add' }, (a: number, b: number) => a + b);
    const stage = flow({ name: 'stage', timeout: 600, retries: 1 }, async () => {
      if (run.attempt === 2) return add(1, 1);
      await door.passed;
      try {
        return await add(2, 2);
      } catch (error) {
        refused.push(error);
        throw error;
      }
    });
    const outer = flow({ name: 'outer' }, async () => {
      const value = await stage();
      door.open();
      await waitFor(5);
      return value;
    });
    const { value, record } = await runs.run(outer);
    expect(value).toBe(2);
    expect(refused).toMatchObject([{ code: 'FLOW_ENDED' }]);
    expect(record.node('stage')).toMatchObject({ state: 'completed', attempt: 2 });
    expect(record.named('add')).toHaveLength(1);
  });

  it('spends no time while it waits for its runs, in loops and groups neither', async () => {
    const slow = task({ name: 'slow' }, () => waitFor(250));
    const waits = flow({ name: 'waits-long', timeout: 600 }, async () => {
      await slow();
      await group('part', async () => slow());
      await loop('turns', { max: 2 }, async () => slow());
      await slow.map([1, 2], () => []);
      return 'in time';
    });
    expect(await runs.value(waits)).toBe('in time');
  });

  it('spends time in its own code within a loop', async () => {
    const works = flow({ name: 'works-long', timeout: 100 }, async () => {
      await loop('turns', { max: 1000 }, () => waitFor(20));
    });
    expect(await runs.error(works)).toMatchObject({ code: 'TIMED_OUT' });
  });
});
