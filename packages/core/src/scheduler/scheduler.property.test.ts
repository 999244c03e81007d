import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stateOf } from '../states/state.ts';
import { SchedulerWalk, type Step, type WalkSetup } from '../testing/scheduler-walk.ts';

/** `npm run soak` raises it. */
const RUNS = Number(process.env['SIDEREAL_PROPERTY_RUNS'] ?? 2500);
const PATIENCE_MS = 30_000 + 100 * RUNS;

const anySetup: fc.Arbitrary<WalkSetup> = fc.record({
  budget: fc.constantFrom(0, 50, 120, 300, 1e9),
  unknown: fc.constantFrom(0, 10, 40),
  resources: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
  pools: fc.array(
    fc.record({ capacity: fc.integer({ min: 1, max: 3 }), parent: fc.integer({ min: -1, max: 2 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  isEager: fc.boolean(),
});
const anyStep: fc.Arbitrary<Step> = fc.tuple(fc.nat(9999), fc.nat(9999), fc.nat(9999));
const anyTape = fc.array(anyStep, { maxLength: 120, size: 'max' });

function walk(setup: WalkSetup, tape: readonly Step[]): readonly string[] {
  const made = new SchedulerWalk(setup);
  for (const step of tape) made.step(step);
  made.finish();
  return made.checked.story;
}

/** The transitions of a walk: from which state to which. */
function waysIn(setup: WalkSetup, tape: readonly Step[]): string[] {
  const made = new SchedulerWalk(setup);
  const ways: string[] = [];
  made.checked.hearTransitions((from, to) => ways.push(`${stateOf(from)} ${stateOf(to)}`));
  for (const step of tape) made.step(step);
  made.finish();
  return ways;
}

describe('Scheduler, in any order of events', () => {
  test(
    'every instruction is right, every invariant holds, and everything ends',
    () => {
      fc.assert(
        fc.property(anySetup, anyTape, (setup, tape) => {
          expect(walk(setup, tape).length).toBeGreaterThan(0);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  test(
    'the same events give the same instructions',
    () => {
      fc.assert(
        fc.property(anySetup, anyTape, (setup, tape) => {
          expect(walk(setup, tape)).toEqual(walk(setup, tape));
        }),
        { numRuns: Math.ceil(RUNS / 20) },
      );
    },
    PATIENCE_MS,
  );

  test('walks leave `waiting` by every way that there is, and come into it by both', () => {
    const seen = new Set<string>();
    for (const [setup, tape] of fc.sample(fc.tuple(anySetup, anyTape), { seed: 7, numRuns: 400 })) {
      for (const way of waysIn(setup, tape)) seen.add(way);
    }
    const ways = [...seen].filter((way) => way.split(' ').includes('waiting')).toSorted();
    expect(ways).toEqual([
      'retrying waiting',
      'running waiting',
      'waiting awaiting_retry',
      'waiting cancelled',
      'waiting cancelling',
      'waiting completed',
      'waiting crashed',
      'waiting failed',
      'waiting retrying',
      'waiting running',
      'waiting skipped',
    ]);
  });
});
