import { STATES } from '@sidereal/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { inline, RESUME, startRun, threads, type RunnerChoice, type Settled } from '../../src/index.ts';
import { turns } from '../../src/testing/gate.ts';
import type { RunRecord } from '../../src/testing/run-record.ts';
import { testStore, type EndedRun } from '../../src/testing/test-store.ts';
import { SeverableStore } from '../severed/severable-store.ts';
import { execute, expectOutcome, placed } from './execute.ts';
import { hasTurn, isSoak } from './in-turn.ts';
import { programs } from './programs.ts';
import { catchStrays } from './stray-rejections.ts';
import { hold, stopping, together } from './test-fixtures/neighbours.ts';

const runs = testStore();
const RETRY = { ...RESUME, retryFailed: true };

beforeEach(() => {
  hold.how = 'opens';
});

/** Runs a program in a flow that stops after it, and goes on with it by a verb. A resume keeps failures of tasks. */
async function goOn(name: string, rules: typeof RESUME): Promise<void> {
  hold.how = rules === RETRY ? 'fails' : 'throws';
  const first = await execute(runs, placed(stopping, inline()), name);
  expect(first.state).not.toBe('completed');
  hold.how = 'opens';
  const second = await execute(runs, placed(stopping, inline()), undefined, {
    resume: { runId: first.id, rules, takeOver: false },
  });
  if (rules === RESUME) expectKept(name, first, second);
  expectOutcome(programs[name]!, second);
}

/** Cuts the holder of a run off while its program is under way, and goes on with it. */
async function cutOff(name: string, after: number): Promise<void> {
  hold.how = 'waits';
  // What the holder still does then, nobody hears of: its process is as good as dead.
  using _ = catchStrays(() => undefined);
  const store = new SeverableStore(runs.store);
  const { definition } = placed(stopping, inline());
  const holder = startRun(definition, name, { store });
  const runId = await holder.id;
  await turns(after);
  await store.sever();
  hold.how = 'opens';
  const resume = { runId, rules: RESUME, takeOver: false };
  expectOutcome(programs[name]!, await execute(runs, placed(stopping, inline()), undefined, { resume }));
}

/** What flows and stages called is called again, by the same keys; what completed with a value kept it. */
function expectKept(name: string, first: EndedRun<unknown>, second: EndedRun<unknown>): void {
  if (programs[name]!.reruns !== undefined) return;
  const before = calledByFlows(first.record);
  const after = calledByFlows(second.record);
  expect([...after.keys()]).toEqual(expect.arrayContaining([...before.keys()]));
  for (const [key, { state, attempt, value }] of before) {
    if (state === 'completed' && value?.storage === DURABLE)
      expect([key, after.get(key)]).toEqual([key, expect.objectContaining({ state, attempt })]);
  }
}

/** Value storage of what is in the journal. */
const DURABLE = 1;

function calledByFlows(record: RunRecord) {
  const isTask = new Set(record.nodes.filter(({ kind }) => kind === 'task').map(({ idx }) => idx));
  const inTask = new Set<number>();
  for (const { idx, parent } of record.nodes) {
    if (isTask.has(parent) || inTask.has(parent)) inTask.add(idx);
  }
  const tasks = record.nodes.filter(({ idx, kind }) => kind === 'task' && !inTask.has(idx));
  return new Map(tasks.map((node) => [node.key, node]));
}

/**
 * Runs programs as stages of one flow, and checks each. What the scheduler must hold is not looked at after every
 * event: with so many nodes that takes a minute, and each program has had it by itself.
 */
async function asStages(names: readonly string[], runner: RunnerChoice): Promise<void> {
  const { value, error } = await execute(runs, placed(together, runner), names, { validate: false });
  expect(error).toBeUndefined();
  const outcomes = new Map(names.map((name, at) => [name, (value as Settled<unknown>[])[at]!]));
  const wrong: unknown[] = [];
  for (const [name, { state, value: given, error: failure }] of outcomes) {
    try {
      expect(STATES).toContain(state);
      const ended = { id: '', state, value: given, error: failure, record: undefined as never };
      expectOutcome(programs[name]!, ended);
    } catch (mismatch) {
      wrong.push([name, mismatch]);
    }
  }
  expect(wrong).toEqual([]);
}

type Check = (name: string) => Promise<void>;
const VERBS: readonly (readonly [variant: string, check: Check])[] = [
  ['resumed after it failed', async (name) => goOn(name, RESUME)],
  ['retried after it failed', async (name) => goOn(name, RETRY)],
];
const CUTS: typeof VERBS = [0, 3, 8].map((after) => [
  `cut off after ${after} turns`,
  async (name) => cutOff(name, after),
]);

const ready = Object.keys(programs).filter((name) => programs[name]!.isLarge !== true);

/** Each program has one of the verbs, and one of the cuts. */
describe.each([VERBS, CUTS])('gone on with', (...variants) => {
  describe.each(variants)('%s', (variant, check) => {
    const names = ready.filter((name, place) => {
      const { isRunOnce, isTopLevel, isStrict, tellsAttempts } = programs[name]!;
      if (isRunOnce === true || isTopLevel === true || tellsAttempts === true) return false;
      if (isStrict === true && variant.startsWith('cut off')) return false;
      const turn = variants.findIndex(([other]) => other === variant);
      return hasTurn(place, turn, variants.length);
    });
    it.each(names)('%s', async (name) => check(name));
  });
});

describe('all together, as stages of one flow', () => {
  const names = ready.filter((name) => programs[name]!.isTopLevel !== true);
  // Inline each has been checked by itself.
  it.each(isSoak ? [inline(), threads(2)] : [threads(2)])('on $runner', async (runner) =>
    asStages(names, runner),
  );
});
