import { RESUME, type JournalStore } from '@sidereal/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { settled } from '../authoring/settled.ts';
import { task } from '../authoring/task.ts';
import { gate, turns, until } from '../testing/gate.ts';
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

/** A strict task that was given up: nobody knows whether it has had its effect. */
const sends = { count: 0 };
const send = task({ name: 'send', durability: 'strict', timeout: 5 }, async (_to: string) => {
  sends.count += 1;
  return new Promise<never>(() => {});
});
const sendAll = task({ name: 'send-all', retries: 2 }, async (to: string): Promise<unknown> => send(to));
const report = flow({ name: 'report', retries: 2 }, async (): Promise<unknown> => {
  const outcome = await settled(send('b'));
  throw outcome.error as Error;
});
const sending = flow({ name: 'sending' }, async () => {
  const outcomes = await Promise.all([settled(sendAll('a')), settled(report())]);
  return outcomes.map(({ error }) => (error as { code?: string }).code);
});

/** A strict task that consumes what is there only later. */
const slow = { mayEnd: gate(), starts: 0, isOther: false };
const amount = task({ name: 'amount' }, async (_: number) => {
  slow.starts += 1;
  await slow.mayEnd.passed;
  return 1;
});
const transfer = task({ name: 'transfer', durability: 'strict' }, (n: number) => {
  effects.count += 1;
  return n;
});
const transferring = flow({ name: 'transferring' }, async () => (await settled(transfer(amount(1)))).error);

beforeEach(() => {
  effects.count = 0;
});

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

  it('that is in doubt stays so in later attempts of the task or stage that calls it', async () => {
    sends.count = 0;
    const { id, value, record } = await runs.run(sending);
    expect(value).toEqual(['OUTCOME_UNKNOWN', 'OUTCOME_UNKNOWN']);
    expect(record.node('send-all').attempt).toBe(3);
    expect(record.node('report').attempt).toBe(3);
    expect(record.named('send').map(({ state, reason, attempt }) => [state, reason, attempt])).toEqual([
      ['failed', 'outcome_unknown', 1],
      ['failed', 'outcome_unknown', 1],
    ]);
    expect(sends.count).toBe(2);
    // Somebody has looked, and says that it may run again.
    await runs.run(sending, undefined, {
      resume: { runId: id, rules: { ...RESUME, retryFailed: true }, takeOver: false },
    });
    expect(sends.count).toBe(4);
  });

  it('that is in doubt has failed at once, whatever it still waits for', async () => {
    slow.mayEnd.open();
    const first = await runs.run(transferring);
    expect(effects.count).toBe(1);
    const { idx } = first.record.node('amount');
    slow.mayEnd = gate();
    slow.starts = 0;
    // Its input is made anew, and the run comes to an end before that is there.
    const resume = { runId: first.id, takeOver: false };
    const second = runs.start(transferring, undefined, {
      resume: { ...resume, rules: { ...RESUME, tasks: [idx] } },
    });
    await until(() => slow.starts === 1);
    second.cancel('it takes too long');
    slow.mayEnd.open();
    await second.outcome;
    expect(runs.record(first.id).node('transfer')).toMatchObject({
      state: 'failed',
      reason: 'outcome_unknown',
    });
    const third = await runs.run(transferring, undefined, { resume: { ...resume, rules: RESUME } });
    expect(third.value).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(effects.count).toBe(1);
  });
});
