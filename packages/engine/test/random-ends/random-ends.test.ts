import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, TRIGGER_RULES, type TriggerRule } from '@sidereal/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inline, RESUME, startRun, threads, type RunnerChoice } from '../../src/index.ts';
import { turns } from '../../src/testing/gate.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { catchStrays } from '../equivalence/stray-rejections.ts';
import { SeverableStore } from '../severed/severable-store.ts';
import { modelOf, type Model } from './model.ts';
import type { Ends, Failure, Step } from './plan.ts';
import { randomEnds } from './test-fixtures/ends-body.ts';

const runs = testStore();

interface Plan {
  readonly steps: readonly Step[];
  /** Turns after which its holder is cut off, each time it is gone on with. */
  readonly cuts: readonly number[];
  readonly concurrency: number;
}

const failures: readonly Failure[] = ['error', 'text', 'nothing', 'object', 'exit'];

/** A limit that comes leaves no room for an attempt that is to do anything else. */
function endsBy(more: readonly Failure[]): fc.Arbitrary<Ends> {
  return fc
    .record({
      fails: fc.constantFrom('never', 'never', 'never', 'once', 'always'),
      how: fc.constantFrom(...failures, ...more),
      then: fc.constantFrom('returns', 'returns', 'returns', 'skips'),
    })
    .map((ends) =>
      ends.how === 'timeout' && ends.fails === 'once' ? { ...ends, how: 'error' as const } : ends,
    );
}

const rules: fc.Arbitrary<TriggerRule> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('all_success' as const) },
  { weight: 1, arbitrary: fc.constantFrom(...TRIGGER_RULES) },
);

const step: fc.Arbitrary<Step> = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => {
  const inner = tie('steps');
  const back = fc.array(fc.nat(3), { maxLength: 2, size: 'max' });
  const work = fc
    .tuple(
      endsBy(['timeout']),
      fc.record({
        op: fc.constantFrom('task', 'task', 'task', 'task', 'task', 'strict'),
        n: fc.nat(9),
        rule: rules,
        deps: back,
        after: back,
        strays: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
      }),
    )
    .map(([ends, rest]) => ({ ...ends, ...rest }));
  const body = fc
    .tuple(endsBy([]), fc.record({ op: fc.constantFrom('stage', 'caller'), inner }))
    .map(([ends, rest]) => ({ ...ends, ...rest }));
  return {
    step: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'steps' },
      { weight: 4, arbitrary: work },
      {
        weight: 1,
        arbitrary: fc.record({
          op: fc.constantFrom('map', 'reduce'),
          items: fc.array(endsBy([]), { maxLength: 4 }),
        }),
      },
      { weight: 1, arbitrary: body },
      { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('group', 'loop'), inner }) },
    ),
    steps: fc.array(tie('step'), { maxLength: 4, size: 'max' }),
  };
}).step;
const several = fc.array(step, { minLength: 3, maxLength: 9, size: 'max' });

const planBy = (cuts: fc.Arbitrary<readonly number[]>): fc.Arbitrary<Plan> =>
  fc.record({ steps: several, cuts, concurrency: fc.integer({ min: 1, max: 4 }) });

/** How tasks and stages have ended by the record, by their paths. */
function statesOf(runId: string): Model['states'] {
  const states = new Map<string, string[]>();
  for (const { kind, name, tags, state } of runs.record(runId).nodes) {
    if ((kind !== 'task' && kind !== 'stage') || name === 'add') continue;
    // Tags of a stage are those of its tasks too.
    const path = tags.toSorted((a, b) => b.length - a.length)[0] ?? '';
    const list = states.get(path);
    if (list === undefined) states.set(path, [state]);
    else list.push(state);
  }
  for (const list of states.values()) list.sort();
  return states as Model['states'];
}

function expectModel(
  { state, value, error }: Readonly<Record<string, unknown>>,
  runId: string,
  model: Model,
): void {
  expect(error).toBeUndefined();
  expect([state, value]).toEqual(['completed', model.value]);
  expect(Object.fromEntries(statesOf(runId))).toEqual(Object.fromEntries(model.states));
}

function placed({ concurrency }: Plan, runner: RunnerChoice): typeof randomEnds.definition {
  const { definition } = randomEnds;
  return { ...definition, options: { ...definition.options, runner, concurrency } };
}

/** Runs a plan, cut off and gone on with as it says. */
async function check(plan: Plan, runner: RunnerChoice): Promise<void> {
  const { steps: all, cuts } = plan;
  const input = { steps: all, path: '' };
  let runId: string | undefined;
  for (const cut of [...cuts, undefined]) {
    const store = new SeverableStore(runs.store);
    const resume = runId === undefined ? {} : { resume: { runId, rules: RESUME, takeOver: false } };
    const handle = startRun(placed(plan, runner), input, { store, onRemark: () => undefined, ...resume });
    runId = await handle.id;
    if (cut !== undefined) {
      await turns(cut);
      await store.sever();
    }
    const ended = await Promise.race([handle.outcome, cut === undefined ? hang(runId) : undefined]);
    if (cut !== undefined && ended?.state === undefined) continue;
    expectModel({ ...ended }, runId, modelOf(all));
    return;
  }
}

/** A flow that has not ended by then hangs. */
const HANG_MS = 60_000;

async function hang(runId: string): Promise<never> {
  await sleep(HANG_MS, undefined, { ref: false });
  const open = runs.record(runId).nodes.filter(({ state }) => !hasEnded(state));
  throw new Error(
    `the run hangs: ${open.map(({ name, state, reason }) => `${name} ${state} ${reason}`).join(', ')}`,
  );
}

/** Several at a time, so that they share what it costs to make their records durable. */
const AT_ONCE = 12;

function property(cuts: fc.Arbitrary<readonly number[]>) {
  const some = fc.array(planBy(cuts), { minLength: AT_ONCE, maxLength: AT_ONCE });
  return fc.asyncProperty(some, async (plans) => {
    using _ = catchStrays(() => undefined);
    await Promise.all(plans.map(async (plan) => check(plan, inline())));
  });
}

/** `npm run soak` raises it: 6,250 there. */
const FLOWS = Math.ceil(Number(process.env['SIDEREAL_PROPERTY_RUNS'] ?? 400) / 16);
const PATIENCE_MS = 180_000 + 200 * FLOWS;

describe('any flow, whose attempts end in any way', () => {
  it(
    'ends each of its runs as the model says',
    async () => {
      await fc.assert(property(fc.constant([])), { numRuns: Math.ceil(FLOWS / AT_ONCE) });
    },
    PATIENCE_MS,
  );

  it(
    'does so when it is cut off and gone on with',
    async () => {
      const cuts = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });
      await fc.assert(property(cuts), { numRuns: Math.ceil(FLOWS / AT_ONCE) });
    },
    PATIENCE_MS,
  );

  it(
    'does so on threads',
    async () => {
      await fc.assert(
        fc.asyncProperty(planBy(fc.constant([])), async (plan) => check(plan, threads(2))),
        { numRuns: Math.ceil(FLOWS / 5) },
      );
    },
    PATIENCE_MS,
  );
});
