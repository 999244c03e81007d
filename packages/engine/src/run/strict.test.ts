import { RESUME, type JournalStore } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { gate, turns } from '../testing/gate.ts';
import { testStore } from '../testing/test-store.ts';
import { startRun } from './start-run.ts';

const runs = testStore();

const effects = { begun: gate(), mayEnd: gate(), count: 0 };
const pay = task({ name: 'pay', durability: 'strict' }, async () => {
  effects.count += 1;
  effects.begun.open();
  await effects.mayEnd.passed;
  return 1;
});
const paying = flow({ name: 'paying' }, async () => (await settled(pay())).error?.message);

/** The store of this file, which counts what the holders of its new runs append. */
function counting(appends: { count: number }): JournalStore {
  const createRun: JournalStore['createRun'] = async (header, onEvent) => {
    const journal = await runs.store.createRun(header, onEvent);
    const append = journal.append.bind(journal);
    journal.append = async (batch, options) => {
      appends.count += 1;
      return append(batch, options);
    };
    return journal;
  };
  return Object.create(runs.store, { createRun: { value: createRun } }) as JournalStore;
}

describe('a strict task', () => {
  it('that ends after its run was taken over ends with its run, and is in doubt for the new holder', async () => {
    const appends = { count: 0 };
    const ghost = startRun(paying.definition, undefined, { store: counting(appends) });
    const runId = await ghost.id;
    await effects.begun.passed;
    const resume = { runId, rules: RESUME, takeOver: true };
    const next = runs.start(paying, undefined, { resume });
    await next.id;
    effects.mayEnd.open();
    expect(await ghost.outcome).toMatchObject({ error: { code: 'RUN_TAKEN_OVER' } });
    const { value } = await next.outcome;
    expect(value).toContain('nobody knows whether its effect happened');
    // It does not try again and again to record what it cannot.
    const { count } = appends;
    await turns(20);
    expect(appends.count).toBe(count);
    expect(count).toBeLessThan(20);
    expect(effects.count).toBe(1);
    expect(runs.record(runId).node('pay')).toMatchObject({ state: 'failed', reason: 'outcome_unknown' });
  });
});
