import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inline, RESUME, startRun } from '../../src/index.ts';
import { turns } from '../../src/testing/gate.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { SeverableStore } from '../severed/severable-store.ts';
import { modelOf } from './model.ts';
import type { Op, Step } from './plan.ts';
import { pace, random } from './test-fixtures/random-body.ts';

const runs = testStore();

interface Plan {
  readonly steps: readonly Step[];
  /** Turns after which its holder is cut off, each time it is gone on with. */
  readonly cuts: readonly number[];
  readonly seed: number;
  readonly concurrency: number;
}

const ALL: readonly Op[] = [
  'call',
  'twins',
  'in-map',
  'refilled',
  'map',
  'reduce',
  'grown',
  'factory',
  'closure',
  'private',
  'keyed',
  'drawn',
  'stage',
  'task',
  'group',
  'branches',
];

/** Steps of these kinds; keys are given outside of branches only, where it is the first that has it. */
function stepsOf(ops: readonly Op[]): fc.Arbitrary<readonly Step[]> {
  const n = fc.integer({ min: 0, max: 4 });
  const deps = fc.array(fc.nat(3), { maxLength: 2 });
  const { steps } = fc.letrec<{ steps: readonly Step[]; step: Step; branch: readonly Step[] }>((tie) => {
    const some = (names: readonly Op[], arbitrary: (op: fc.Arbitrary<never>) => fc.Arbitrary<Step>) => {
      const there = names.filter((op) => ops.includes(op));
      return there.length === 0 ? [] : [arbitrary(fc.constantFrom(...(there as never[])))];
    };
    const leaves = [
      ...some(['call', 'twins', 'in-map'], (op) => fc.record({ op, n, deps })),
      ...some(['refilled', 'map', 'reduce', 'grown', 'factory', 'closure', 'private'], (op) =>
        fc.record({ op, n }),
      ),
      ...some(['drawn'], (op) => fc.record({ op })),
      ...some(['keyed'], (op) => fc.record({ op, n, key: fc.constantFrom('a', 'b') })),
    ];
    const inner = [
      ...some(['stage', 'task', 'group'], (op) => fc.record({ op, inner: tie('steps') })),
      ...some(['branches'], (op) => fc.record({ op, branches: fc.array(tie('branch'), { maxLength: 3 }) })),
    ];
    return {
      step: fc.oneof({ maxDepth: 2, depthIdentifier: 'steps' }, ...leaves, ...inner),
      steps: fc.array(tie('step'), { maxLength: 5, depthIdentifier: 'steps' }),
      branch: fc
        .array(tie('step'), { maxLength: 3, depthIdentifier: 'steps' })
        .map((list) => list.filter(({ op }) => op !== 'keyed')),
    };
  });
  return steps;
}

const planOf = (ops: readonly Op[]): fc.Arbitrary<Plan> =>
  fc.record({
    steps: stepsOf(ops),
    cuts: fc.array(fc.nat(20), { maxLength: 3 }),
    seed: fc.nat(),
    concurrency: fc.integer({ min: 1, max: 6 }),
  });

/** Runs a plan, cut off and gone on with as it says: its value is that of the model, whatever came between. */
async function check({ steps, cuts, concurrency }: Plan): Promise<void> {
  const { definition } = random;
  const placed = { ...definition, options: { ...definition.options, runner: inline(), concurrency } };
  let runId: string | undefined;
  for (const cut of [...cuts, undefined]) {
    const store = new SeverableStore(runs.store);
    const resume = runId === undefined ? {} : { resume: { runId, rules: RESUME, takeOver: false } };
    const handle = startRun(placed, steps, { store, ...resume });
    runId = await handle.id;
    if (cut !== undefined) {
      await turns(cut);
      await store.sever();
    }
    const ended = await Promise.race([handle.outcome, cut === undefined ? hang() : undefined]);
    // What was cut off is no more, whatever it still does.
    if (cut !== undefined && ended?.state === undefined) continue;
    const { state, value, error } = ended ?? {};
    expect(error).toBeUndefined();
    expect([state, value]).toEqual(['completed', modelOf(steps)]);
    return;
  }
}

/** A flow that has not ended by then hangs. */
const HANG_MS = 20_000;

async function hang(): Promise<never> {
  await sleep(HANG_MS, undefined, { ref: false });
  throw new Error('the run hangs');
}

/** Several at a time, so that they share what it costs to make their records durable. */
const AT_ONCE = 16;

/** Has tasks take turns by chance, from a seed. */
function setPace(seed: number): void {
  let state = seed;
  pace.turns = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return (state >>> 16) % 4;
  };
}

function property(ops: readonly Op[]) {
  const plans = fc.array(planOf(ops), { minLength: AT_ONCE, maxLength: AT_ONCE });
  return fc.asyncProperty(plans, async (several) => {
    setPace(several[0]?.seed ?? 1);
    await Promise.all(several.map((plan) => check(plan)));
  });
}

/** `npm run soak` raises it: 50,000 there. */
const FLOWS = Math.ceil(Number(process.env['SIDEREAL_PROPERTY_RUNS'] ?? 400) / 2);
const PATIENCE_MS = 60_000 + 100 * FLOWS;

describe('any flow, cut off and gone on with while its tasks end in another order', () => {
  it(
    'gives what it gives without an engine',
    async () => {
      await fc.assert(property(ALL), { numRuns: Math.ceil(FLOWS / AT_ONCE) });
    },
    PATIENCE_MS,
  );
});
