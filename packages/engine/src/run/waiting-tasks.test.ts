import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { run } from '../authoring/run.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';
import { gate } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** Who calls it has to wait for it. */
const one = task({ name: 'one' }, async () => {
  await setImmediate();
  return 1;
});

describe.each<[string, RunnerChoice]>([
  ['one thread', threads(1)],
  ['one inline slot', inline(1)],
])('on %s', (_, runner) => {
  it('a task is waiting while it has no slot, and its attempt goes on after', async () => {
    const { value, record } = await runs.run(flow({ name: 'waits', runner }, async () => threaded.depth(1)));
    expect(value).toBe(1);
    const [outer, inner] = record.named('depth');
    expect(record.path(outer!.idx)).toEqual(['queued', 'running', 'waiting', 'running', 'completed']);
    expect(record.path(inner!.idx)).toEqual(['queued', 'running', 'completed']);
    expect(outer!.attempt).toBe(1);
  });

  it('a task is waiting for what it has called and not awaited', async () => {
    const { record } = await runs.run(flow({ name: 'leaves', runner }, async () => threaded.leaves()));
    expect(record.path('leaves', 'task')).toEqual(['queued', 'running', 'waiting', 'completed']);
  });

  it('flows, stages and maps stay running', async () => {
    const stage = flow({ name: 'stage' }, async () => threaded.add.map([1, 2], (n) => [n, n]));
    const { value, record } = await runs.run(flow({ name: 'stays', runner }, async () => stage()));
    expect(value).toEqual([2, 4]);
    expect(record.path('stays')).toEqual(['running', 'completed']);
    expect(record.path('stage')).toEqual(['running', 'completed']);
    expect(record.path('add', 'map')).toEqual(['running', 'completed']);
  });
});

describe('a waiting task', () => {
  it('goes on in the attempt that it was in, and is tried again after', async () => {
    let calls = 0;
    const flaky = task({ name: 'flaky', retries: 1 }, async () => {
      const got = await one();
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return got;
    });
    const { value, record } = await runs.run(flow({ name: 'again' }, async () => flaky()));
    expect(value).toBe(1);
    // What it called has completed by the second attempt, which has nothing to wait for.
    const [first, second] = [record.path('flaky').slice(0, 5), record.path('flaky').slice(5)];
    expect(first).toEqual(['queued', 'running', 'waiting', 'running', 'awaiting_retry']);
    expect(second).toEqual(['queued', 'retrying', 'completed']);
  });

  it('is cancelled like a running one', async () => {
    const started = gate();
    const untilStopped = task({ name: 'until-stopped' }, async () => {
      started.open();
      await new Promise((_, reject) => {
        run.signal.addEventListener('abort', () => reject(run.signal.reason));
      });
    });
    const waits = task({ name: 'waits' }, async () => untilStopped());
    const handle = runs.start(flow({ name: 'stopped' }, async () => settled(waits())));
    await started.passed;
    handle.cancel('enough');
    const { state, record } = await runs.ended(handle);
    expect(state).toBe('cancelled');
    expect(record.path('waits')).toEqual(['queued', 'running', 'waiting', 'cancelling', 'cancelled']);
  });
});
