import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { group } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { task } from '../authoring/task.ts';
import { turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** A flow's parts: one that works, and one that fails as often as told. */
function parts(failures: number) {
  const counts = { good: 0, bad: 0 };
  const good = task({ name: 'good' }, async () => {
    await turns(2);
    return (counts.good += 1);
  });
  const bad = task({ name: 'bad' }, async () => {
    await turns(5);
    if ((counts.bad += 1) <= failures) throw new RangeError(`bad ${counts.bad}`);
    return counts.bad;
  });
  return { counts, good, bad };
}

describe('a failure that nothing handles', () => {
  it('has its flow tried again, which finds what has completed', async () => {
    const { counts, good, bad } = parts(2);
    const whole = flow({ name: 'whole', retries: 2 }, () => {
      good();
      bad();
      return run.attempt;
    });
    const { value, state, record } = await runs.run(whole);
    expect([value, state]).toEqual([3, 'completed']);
    expect(counts).toEqual({ good: 1, bad: 3 });
    expect(record.path(0)).toEqual([
      'running',
      'awaiting_retry',
      'retrying',
      'awaiting_retry',
      'retrying',
      'completed',
    ]);
    const retry = record.story(0).transitions.find(({ state: to }) => to === 'awaiting_retry');
    expect(retry).toMatchObject({ reason: 'unhandled_failure' });
    expect(record.entries(0, 'error')).toMatchObject([
      { code: 'UNHANDLED_FAILURE', cause: { message: 'bad 1' } },
      { code: 'UNHANDLED_FAILURE', cause: { message: 'bad 2' } },
    ]);
  });

  it('fails the flow once its retries are used up', async () => {
    const { good, bad } = parts(9);
    const whole = flow({ name: 'whole', retries: 1 }, () => {
      good();
      bad();
    });
    const { state, error, record } = await runs.run(whole);
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'UNHANDLED_FAILURE', cause: { message: 'bad 2' } });
    expect(record.node(0)).toMatchObject({ attempt: 2, reason: 'unhandled_failure' });
    expect(record.entries(0, 'error')).toHaveLength(2);
  });

  it('is put to the flow’s own judgement', async () => {
    const { counts, bad } = parts(9);
    const judged: unknown[] = [];
    const retryIf = (error: unknown): boolean => judged.push(error) === 0;
    const whole = flow({ name: 'whole', retries: { limit: 5, retryIf } }, () => void bad());
    const { state } = await runs.run(whole);
    expect([state, counts.bad]).toEqual(['failed', 1]);
    expect(judged).toMatchObject([{ code: 'UNHANDLED_FAILURE' }]);
  });

  it('has a stage tried again alone, whatever lies between', async () => {
    const { counts, good, bad } = parts(1);
    const stage = flow({ name: 'stage', retries: 1 }, async () => {
      await group('part', async () => good());
      bad.map([undefined]);
      good();
    });
    const { state, record } = await runs.run(flow({ name: 'whole' }, async () => stage()));
    expect(state).toBe('completed');
    expect([record.node(0).attempt, record.node('stage').attempt]).toEqual([1, 2]);
    expect(counts).toEqual({ good: 2, bad: 2 });
  });

  it('has a task tried again, which gives its slot back while it waits for its children', async () => {
    const { counts, good, bad } = parts(1);
    const calls = task({ name: 'calls', retries: 1 }, () => {
      good();
      bad();
      return run.attempt;
    });
    const { value, state } = await runs.run(flow({ name: 'whole', concurrency: 1 }, async () => calls()));
    expect([value, state]).toEqual([2, 'completed']);
    expect(counts).toEqual({ good: 1, bad: 2 });
  });

  it('is no reason to go on when the flow was cancelled meanwhile', async () => {
    const { counts, good, bad } = parts(9);
    const whole = flow({ name: 'whole', retries: 5 }, () => {
      good();
      bad();
    });
    const handle = runs.start(whole);
    await handle.id;
    while (counts.good === 0) await turns(1);
    handle.cancel('enough');
    const { state } = await runs.ended(handle);
    expect([state, counts.bad]).toEqual(['cancelled', 1]);
  });
});
