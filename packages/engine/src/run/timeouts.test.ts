import inspector from 'node:inspector';
import { isSiderealError, RESUME } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import * as threaded from '../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { qa } from '../authoring/qa.ts';
import { eachSettled, settled } from '../authoring/settled.ts';
import { sleep } from '../authoring/sleep.ts';
import { task } from '../authoring/task.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import { gate, turns, until } from '../testing/gate.ts';
import type { RunRecord } from '../testing/run-record.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** Holds the thread. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

function lateOutcomes(record: RunRecord, name: string): unknown[] {
  return record
    .entries(name, 'note')
    .filter(({ code }) => code === 'late_outcome')
    .map(({ message }) => message);
}

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

  it('has failed, whatever it answers the signal with: that is noted', async () => {
    const partial = task({ name: 'partial', timeout: 60 }, async () => {
      const { promise, resolve } = Promise.withResolvers<string>();
      run.signal.addEventListener('abort', () => resolve('what there is so far'));
      return promise;
    });
    const { value, record } = await runs.run(flow({ name: 'answers' }, async () => settled(partial())));
    expect(value).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
    expect(lateOutcomes(record, 'partial')).toEqual([
      expect.stringContaining(
        "attempt 1 was given up, and its code has ended all the same: it has returned 'what",
      ),
    ]);
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
    const holds = task({ name: 'holds' }, () => waitFor(1500));
    const quick = task({ name: 'quick', timeout: 1000 }, () => 'in time');
    const queue = flow({ name: 'queue', concurrency: 1 }, async () => {
      void holds();
      return quick();
    });
    expect(await runs.value(queue)).toBe('in time');
  });

  it('begins anew with each attempt', async () => {
    const slow = task({ name: 'slow', timeout: 1500, retries: 3 }, async () => {
      await waitFor(500);
      if (run.attempt < 4) throw new Error('again');
      return run.attempt;
    });
    expect(await runs.value(flow({ name: 'anew' }, async () => slow()))).toBe(4);
  });

  it('is spent also while others hold the thread, and while it does so itself', async () => {
    const hog = task({ name: 'hog', timeout: 300 }, async () => {
      for (let piece = 0; piece < 4; piece += 1) {
        block(1100);
        await sleep(1);
      }
      return 'never timed out';
    });
    const waits = task({ name: 'waits', timeout: 300 }, () => sleep('10m'));
    const busy = flow({ name: 'busy' }, async () => Promise.all([settled(hog()), settled(waits())]));
    const { value, record } = await runs.run(busy);
    expect(value).toMatchObject([{ error: { code: 'TIMED_OUT' } }, { error: { code: 'TIMED_OUT' } }]);
    expect(record.node('waits').reason).toBe('timed_out');
  });

  it('is not spent while it waits on a thread for what it called, though the flow is too busy to hear of that', async () => {
    const waits = flow({ name: 'busy-flow', runner: threads(2) }, async () => {
      const value = threaded.beginsAndCalls.with({ timeout: 1500 })();
      await until(() => {
        const record = runs.record(run.id);
        return record.nodes.length > 1 && record.entries('begins-and-calls', 'log').length > 0;
      });
      block(3000);
      return value;
    });
    expect(await runs.value(waits)).toBe(3);
  });

  it('is over when synchronous code that took longer returns: its value is not used', async () => {
    const sync = task({ name: 'sync', timeout: 20, retries: 1 }, () => {
      if (run.attempt === 1) block(40);
      return run.attempt;
    });
    const { value, record } = await runs.run(flow({ name: 'late-sync' }, async () => sync()));
    expect(value).toBe(2);
    expect(record.entries('sync', 'error')).toMatchObject([{ code: 'TIMED_OUT' }]);
    expect(lateOutcomes(record, 'sync')).toEqual([expect.stringContaining('it has returned 1')]);
  });

  it('does not count under a debugger', async () => {
    const slow = task({ name: 'slow', timeout: 60 }, async () => {
      await waitFor(150);
      return 'in peace';
    });
    inspector.open(0);
    try {
      expect(await runs.value(flow({ name: 'debugged' }, async () => slow()))).toBe('in peace');
    } finally {
      inspector.close();
    }
  });
});

describe.each([
  ['inline', inline(4)],
  ['on threads', threads(2)],
])('code that does not heed its timeout, %s', (_, runner) => {
  it('does not keep the run: the attempt fails, and is tried again', async () => {
    const stage = flow({ name: 'stage' }, async () =>
      settled(threaded.never.with({ timeout: 60, retries: 2 })()),
    );
    const nests = flow({ name: 'nests', runner }, async () => [
      await stage(),
      (await eachSettled(threaded.never.with({ timeout: 60 }).map([1, 2]))).map(({ state }) => state),
      await threaded.add(1, 2),
    ]);
    const { value, record } = await runs.run(nests);
    expect(value).toMatchObject([{ state: 'failed', error: { code: 'TIMED_OUT' } }, ['failed', 'failed'], 3]);
    expect(
      record.named('never', 'task').map(({ state, reason, attempt }) => [state, reason, attempt]),
    ).toEqual([
      ['failed', 'timed_out', 3],
      ['failed', 'timed_out', 1],
      ['failed', 'timed_out', 1],
    ]);
  });

  it('does not keep the run in a group or loop either', async () => {
    const { value, record } = await runs.run(
      flow({ name: 'groups', runner }, async () => settled(threaded.neverInGroup())),
    );
    expect(value).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
    expect(record.node('deaf', 'group')).toMatchObject({ state: 'cancelled', reason: 'abandoned' });
  });

  it('has failed for good: a resumed run finds it timed out', async () => {
    const once = flow({ name: 'once', runner }, async () => {
      const { state } = await settled(threaded.never.with({ timeout: 60 })());
      if (state === 'failed' && !isResumed) throw new Error('not yet');
      return state;
    });
    let isResumed = false;
    const first = await runs.run(once);
    expect(first.state).toBe('failed');
    isResumed = true;
    const { value, record } = await runs.run(once, undefined, {
      resume: { runId: first.id, rules: RESUME, takeOver: false },
    });
    expect(value).toBe('failed');
    expect(record.node('never')).toMatchObject({ state: 'failed', reason: 'timed_out', attempt: 1 });
  });

  it('leaves a strict task in doubt: it is tried again only if it may be', async () => {
    const strict = threaded.never.with({ timeout: 60, retries: 2, durability: 'strict' });
    const doubts = flow({ name: 'doubts', runner }, async () => [
      await settled(strict.with({ key: 'fail' })()),
      await settled(strict.with({ key: 'rerun', onUnknown: 'rerun' })()),
    ]);
    const { value, record } = await runs.run(doubts);
    expect(value).toMatchObject([
      { error: { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining('given up at its timeout') } },
      { error: { code: 'TIMED_OUT' } },
    ]);
    expect(record.named('never', 'task').map(({ reason, attempt }) => [reason, attempt])).toEqual([
      ['outcome_unknown', 1],
      ['timed_out', 3],
    ]);
  });
});

describe('code that was given up', () => {
  it('may call, say and read nothing any more, and its value is noted, never used', async () => {
    const door = gate();
    const refused: unknown[] = [];
    const add = task({ name: 'add' }, (a: number, b: number) => a + b);
    const stage = flow({ name: 'stage' }, async () => 1);
    const over = gate();
    const late = task({ name: 'late', timeout: 60, retries: 1 }, async () => {
      if (run.attempt === 2) return 'the second';
      const before = add(1, 1);
      await before;
      await door.passed;
      const asks: (() => unknown)[] = [
        () => add(2, 2),
        () => stage(),
        () => add.map([1], (n) => [n, n]),
        () => group('part', async () => 1),
        () => settled(before),
        () => run.log('late'),
        () => qa({ name: 'late', score: 1, metric: { name: 'm', value: 1, unit: '' } }),
        () => sleep(1),
        () => before,
      ];
      for (const ask of asks) {
        try {
          await ask();
          refused.push('not refused');
        } catch (error) {
          refused.push(error);
        }
      }
      expect(run.signal.aborted).toBe(true);
      over.open();
      return 'the first';
    });
    const { value, record } = await runs.run(
      flow({ name: 'outer' }, async () => {
        const given = await late();
        door.open();
        await over.passed;
        await turns();
        return given;
      }),
    );
    expect(value).toBe('the second');
    expect(refused.map((error) => isSiderealError(error, 'FLOW_ENDED'))).toEqual(Array(9).fill(true));
    expect(record.node('late')).toMatchObject({ state: 'completed', attempt: 2 });
    expect(record.nodes.map(({ name }) => name)).toEqual(['outer', 'late', 'add']);
    expect(record.entries('late', 'log')).toEqual([]);
    expect(lateOutcomes(record, 'late')).toEqual([expect.stringContaining("it has returned 'the first'")]);
    expect(record.story('late').entries.find(({ body }) => body.includes('late_outcome'))?.attempt).toBe(1);
  });

  it('on a thread: what it returns while it is being stopped is noted', async () => {
    const { value, record } = await runs.run(
      flow({ name: 'answers', runner: threads(1) }, async () => settled(threaded.answersStop())),
    );
    expect(value).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
    expect(lateOutcomes(record, 'answers-stop')).toEqual([
      expect.stringContaining("it has returned 'what there is so far'"),
    ]);
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

  it('spends time while it waits for its runs, and while those are queued', async () => {
    const door = gate();
    const waits = task({ name: 'waits' }, () => door.passed);
    const stage = flow({ name: 'stage', timeout: 60, concurrency: 1 }, async () => {
      await waits.map([1, 2], () => []);
    });
    const outer = flow({ name: 'outer' }, async () => settled(stage()));
    const { value, record } = await runs.run(outer, undefined, { cancelGraceMs: 0 });
    door.open();
    expect(value).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
    expect(record.node('stage', 'stage')).toMatchObject({ state: 'failed', reason: 'timed_out' });
    expect(record.states('waits')).toEqual(['cancelled', 'cancelled']);
  });

  it('spends time when its body has returned, until all that it has submitted has ended', async () => {
    const leaves = flow({ name: 'leaves', timeout: 60 }, () => {
      void settled(untilStopped.with({ timeout: '10m' })());
      return 'left';
    });
    const { value, record } = await runs.run(flow({ name: 'outer' }, async () => settled(leaves())));
    expect(value).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
    expect(record.node('leaves')).toMatchObject({ state: 'failed', reason: 'timed_out' });
    expect(record.states('until-stopped')).toEqual(['cancelled']);
  });

  it('notes what its body comes to after all', async () => {
    const door = gate();
    const stage = flow({ name: 'stage', timeout: 60 }, async () => {
      await door.passed;
      throw new RangeError('late');
    });
    const outer = flow({ name: 'outer' }, async () => {
      const { state } = await settled(stage());
      door.open();
      await turns();
      return state;
    });
    const { value, record } = await runs.run(outer);
    expect(value).toBe('failed');
    expect(lateOutcomes(record, 'stage')).toEqual([expect.stringContaining('it has thrown late')]);
  });

  it('spends time in its own code within a loop', async () => {
    const works = flow({ name: 'works-long', timeout: 100 }, async () => {
      await loop('turns', { max: 1000 }, () => waitFor(20));
    });
    expect(await runs.error(works)).toMatchObject({ code: 'TIMED_OUT' });
  });
});
