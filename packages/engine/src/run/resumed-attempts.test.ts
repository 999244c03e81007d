import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { group, loop } from '../authoring/loop.ts';
import { run } from '../authoring/run.ts';
import { task } from '../authoring/task.ts';
import type { RunRecord } from '../testing/run-record.ts';
import { testStore } from '../testing/test-store.ts';
import { RESUME } from '@sidereal/core';

const runs = testStore();

/** States that a node was in, each with the number of its attempt; without those in which it waited for a slot. */
const path = (record: RunRecord, ...which: Parameters<RunRecord['story']>): string[] =>
  record
    .story(...which)
    .transitions.filter(({ state }) => state !== 'queued')
    .map(({ state, attempt }) => `${state} ${attempt}`);

describe('a run that is executed again', () => {
  it('goes on counting the attempts of everything that executes again', async () => {
    let isBroken = true;
    const attempts: Record<string, number[]> = { flow: [], stage: [], task: [] };
    const seen = (what: string): unknown => attempts[what]?.push(run.attempt);
    const work = task({ name: 'work' }, (_item: number) => {
      seen('task');
      if (isBroken) throw new RangeError('not now');
      return 1;
    });
    const stage = flow({ name: 'stage' }, async () => {
      seen('stage');
      return loop('turns', { max: 1 }, async () => group('part', async () => work.map([0])));
    });
    const whole = flow({ name: 'whole' }, async () => {
      seen('flow');
      return stage();
    });
    const first = await runs.run(whole);
    expect(first.state).toBe('failed');
    isBroken = false;
    const resume = { runId: first.id, rules: { ...RESUME, retryFailed: true }, takeOver: false };
    const { state, record } = await runs.run(whole, undefined, { resume });
    expect(state).toBe('completed');
    expect(attempts).toEqual({ flow: [1, 2], stage: [1, 2], task: [1, 2] });
    const again = ['running 1', 'failed 1', 'pending 1', 'retrying 2', 'completed 2'];
    expect(path(record, 'whole')).toEqual(again);
    expect(path(record, 'stage')).toEqual(again);
    expect(path(record, 'turns', 'loop')).toEqual(again);
    expect(path(record, 'turns', 'cycle')).toEqual(again);
    expect(path(record, 'part', 'group')).toEqual(again);
    expect(path(record, 'work', 'map')).toEqual(again);
    expect(path(record, 'work', 'task')).toEqual(again);
  });

  it('keeps the count of what is no longer called, and goes on with it when it is called again', async () => {
    let calls: 'first' | 'none' | 'again' = 'first';
    const work = task({ name: 'work' }, () => calls);
    const sometimes = flow({ name: 'sometimes' }, async () => {
      if (calls !== 'none') await work();
      if (calls === 'first') throw new RangeError('not now');
    });
    const { id } = await runs.run(sometimes);
    const resume = { runId: id, rules: { ...RESUME, retryFailed: true }, takeOver: false };
    const again = async (): Promise<RunRecord> => {
      await runs.start(sometimes, undefined, { resume }).outcome;
      return runs.record(id);
    };
    calls = 'none';
    expect((await again()).node('work')).toMatchObject({ state: 'removed', attempt: 1 });
    calls = 'again';
    expect((await again()).node('work')).toMatchObject({ state: 'completed', attempt: 2 });
  });
});

describe('a stage that is tried again', () => {
  it('goes on counting the attempts of the groups in it', async () => {
    let failures = 1;
    const work = task({ name: 'work' }, () => 1);
    const stage = flow({ name: 'stage', retries: 1 }, async () => {
      await group('part', async () => work());
      if (failures-- > 0) throw new RangeError('not now');
    });
    const { state, record } = await runs.run(flow({ name: 'whole' }, async () => stage()));
    expect(state).toBe('completed');
    expect(path(record, 'part')).toEqual([
      'running 1',
      'completed 1',
      'pending 1',
      'retrying 2',
      'completed 2',
    ]);
    expect(path(record, 'work')).toEqual(['running 1', 'completed 1']);
  });
});
