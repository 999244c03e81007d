import { foretell, hasEnded, RESUME, TRIGGER_RULES, type Foretelling, type State } from '@sidereal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { submit, type Step } from '../../test-fixtures/engine/random-steps.ts';
import { flow } from '../authoring/flow.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';
import { turns } from '../testing/gate.ts';
import type { RunRecord } from '../testing/run-record.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

interface Plan {
  readonly steps: readonly Step[];
  readonly concurrency: number;
  readonly retries: number;
  readonly persist: boolean;
  /** Turns after which the run is cancelled; none if it is not. */
  readonly cancelAfter: number | undefined;
  /** Number of a node that is asked to run again, should there be one. */
  readonly target: number;
}

const step = (isBulky: boolean): fc.Arbitrary<Step> =>
  fc.letrec<{ step: Step }>((tie) => ({
    step: fc.record({
      op: fc.constantFrom(
        'call',
        'call',
        'map',
        'chain',
        'reduce',
        'stage',
        'group',
        'loop',
        'nested',
        'promise',
      ),
      outcome: fc.constantFrom('good', 'good', 'good', 'bad', 'none', 'flaky'),
      rule: fc.oneof(
        { weight: 3, arbitrary: fc.constant('all_success' as const) },
        { weight: 1, arbitrary: fc.constantFrom(...TRIGGER_RULES) },
      ),
      deps: fc.array(fc.nat(5), { maxLength: 3 }),
      size: fc.nat(6),
      wait: fc.nat(3),
      isBulky: fc.constant(isBulky),
      awaited: fc.constantFrom('no', 'caught', 'settled'),
      inner: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'steps' },
        fc.constant([]),
        fc.array(tie('step'), { maxLength: 3 }),
      ),
    }),
  })).step;

/** In one of two, values are larger than the record keeps, and a few fill the memory budget. */
const plan: fc.Arbitrary<Plan> = fc.record({
  steps: fc.oneof(
    fc.array(step(false), { minLength: 1, maxLength: 8 }),
    fc.array(step(true), { minLength: 1, maxLength: 8 }),
  ),
  concurrency: fc.integer({ min: 1, max: 4 }),
  retries: fc.nat(1),
  persist: fc.boolean(),
  cancelAfter: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(12) },
  ),
  target: fc.integer({ min: 1, max: 12 }),
});

/**
 * What a task run under the default rule may end as, given how its upstream did. A task run whose value was
 * lost is made again, and may end differently then (cancelled, say): what consumes it was decided upon either.
 */
function possibleEnds(record: RunRecord, idx: number): ReadonlySet<string> {
  const upstream = record.story(idx).upstream.map((from) => {
    const states = record.story(from).transitions.map(({ state }) => state);
    return states.filter((state) => hasEnded(state));
  });
  const ends = new Set<string>();
  const isGood = (state: State): boolean => state === 'completed' || state === 'skipped';
  if (upstream.some((states) => !states.every(isGood))) ends.add('upstream_failed');
  if (!upstream.every((states) => states.some(isGood))) return ends;
  if (upstream.some((states) => states.includes('skipped'))) ends.add('skipped');
  if (upstream.every((states) => states.includes('completed'))) ends.add('runs');
  // What a reduce combines is there without those that were skipped.
  const { parent } = record.node(idx);
  const isCombined = parent >= 0 && record.node(parent).kind === 'reduce';
  if (isCombined && upstream.some((states) => states.includes('skipped'))) ends.add('runs');
  return ends;
}

/** Runs a plan and checks how it ends, and what is recorded of it. */
async function check(one: Plan, runner: RunnerChoice): Promise<void> {
  const { steps, concurrency, retries, persist, cancelAfter } = one;
  const options = { runner, concurrency, retries, persist, memory: '300KiB' } as const;
  const handle = runs.start(flow({ name: 'random', ...options }, async () => submit(steps)));
  if (cancelAfter !== undefined) {
    await handle.id;
    await turns(cancelAfter);
    handle.cancel('by chance');
  }
  const { state, record, error } = await runs.ended(handle);
  expect(['completed', 'failed', 'skipped', 'cancelled']).toContain(state);
  expect(state === 'completed').toBe(error === undefined);
  expect(error).not.toMatchObject({ remedy: expect.stringContaining('defect') });
  for (const { idx, kind, state: end, name } of record.nodes) {
    const transitions = record.story(idx).transitions.map((transition) => transition.state);
    expect(transitions.at(-1)).toBe(end);
    if (name !== 'add' || kind !== 'task' || end === 'cancelled') continue;
    const does = end === 'upstream_failed' || end === 'skipped' ? end : 'runs';
    expect(possibleEnds(record, idx)).toContain(does);
  }
}

/**
 * What was foretold of the nodes of a record is what happened to them. A value that was computed again by lineage is
 * told by its reason; the children of such a task are called, though nobody would have called them.
 */
function expectForetold({ decisions }: Foretelling, before: RunRecord, after: RunRecord): void {
  const isMadeAgain = (idx: number): boolean =>
    idx > 0 && (wasLost(idx) || isMadeAgain(after.node(idx).parent));
  const news = (idx: number) => after.story(idx).transitions.slice(before.story(idx).transitions.length);
  const wasLost = (idx: number): boolean => news(idx)[0]?.reason === 'value_lost';
  for (const { idx, kind } of before.nodes) {
    const decision = decisions[idx]?.decision;
    if (idx === 0 || !['task', 'stage'].includes(kind) || isMadeAgain(idx)) continue;
    const [first] = news(idx);
    if (first?.state === 'removed') continue;
    const does = first === undefined ? 'keep' : 'again';
    expect([idx, decision]).toEqual([idx, does]);
  }
}

/**
 * Later attempts of stages and of tasks that call come on top of what is foretold; which items of a map that stops at its
 * first failure are called is a matter of what ends first.
 */
function isForetellable({ op, outcome, wait, inner }: Step): boolean {
  const isTriedAgain = outcome === 'flaky' && (op === 'stage' || op === 'nested');
  const stopsEarly = wait === 3 && (op === 'map' || op === 'chain');
  return !isTriedAgain && !stopsEarly && inner.every(isForetellable);
}

/** Runs a plan, cancels it at some moment, and goes on with it by each verb in turn. */
async function checkAgain(one: Plan, runner: RunnerChoice): Promise<void> {
  const { steps, concurrency, retries, persist, cancelAfter = 12, target } = one;
  const options = { runner, concurrency, retries, persist, memory: '300KiB' } as const;
  const random = flow({ name: 'random', ...options }, async () => submit(steps));
  const first = runs.start(random);
  const runId = await first.id;
  await turns(cancelAfter);
  first.cancel('by chance');
  await first.outcome;
  const retry = { ...RESUME, retryFailed: true };
  for (const rules of [RESUME, retry, { ...retry, tasks: [target] }, { ...retry, all: true }]) {
    const before = runs.record(runId);
    const foretold = foretell(runs.snapshot(runId), rules);
    const handle = runs.start(random, undefined, { resume: { runId, rules, takeOver: false } });
    const { state, error } = await handle.outcome;
    const record = runs.record(runId);
    expect(['completed', 'failed', 'skipped', 'cancelled']).toContain(state);
    expect(error).not.toMatchObject({ remedy: expect.stringContaining('defect') });
    expect(record.nodes.filter((node) => !hasEnded(node.state))).toEqual([]);
    if (retries === 0 && steps.every(isForetellable)) expectForetold(foretold, before, record);
    if (rules !== RESUME) continue;
    for (const { idx, kind, state: was, attempt } of before.nodes) {
      const now = record.node(idx);
      const isKept = kind === 'task' && was === 'completed' && now.value?.storage !== 0;
      if (isKept) expect([idx, now.attempt]).toEqual([idx, attempt]);
    }
  }
}

/** Flows on this thread; a fourth as many are run on others. `npm run soak` raises it. */
const RUNS = Math.ceil(Number(process.env['SIDEREAL_PROPERTY_RUNS'] ?? 2500) / 40);
const PATIENCE_MS = 60_000 + 1000 * RUNS;

describe('any flow', () => {
  it(
    'comes to its end, with a record that is complete and agrees with its rules',
    async () => {
      await fc.assert(
        fc.asyncProperty(plan, async (any) => check(any, inline())),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  it(
    'is gone on with, wherever it was cancelled',
    async () => {
      await fc.assert(
        fc.asyncProperty(plan, async (any) => checkAgain(any, inline())),
        { numRuns: Math.ceil(RUNS / 2) },
      );
    },
    PATIENCE_MS,
  );

  it(
    'does so on threads',
    async () => {
      await fc.assert(
        fc.asyncProperty(plan, fc.integer({ min: 1, max: 3 }), async (any, size) =>
          check(any, threads(size)),
        ),
        { numRuns: Math.ceil(RUNS / 4) },
      );
    },
    PATIENCE_MS,
  );
});
