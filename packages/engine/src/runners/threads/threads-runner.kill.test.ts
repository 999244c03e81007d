import { isSiderealError } from '@sidereal/core';
import { describe, expect, it } from 'vitest';
import * as tasks from '../../../test-fixtures/runners/contract-tasks.ts';
import * as hazards from '../../../test-fixtures/runners/hazards.ts';
import { readHandle } from '../../handles/value-handle.ts';
import type { JobOutcome } from '../runner.ts';
import type { SlotHost } from '../testing/slot-host.ts';
import { ThreadCensus } from '../testing/thread-census.ts';
import { threadsHost } from '../testing/threads-host.ts';

/** Numbers in 0..1 that depend on the seed alone. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff;
    return state / 0x7f_ff_ff_ff;
  };
}

type Submitted = ReturnType<SlotHost['submit']>;
const stop = new Error('stop');
type Allowed = (outcome: JobOutcome) => boolean;
const stopped: Allowed = (outcome) =>
  (outcome.type === 'threw' || outcome.type === 'forced') && outcome.error === stop;
const exited: Allowed = (outcome) =>
  outcome.type === 'threw' && isSiderealError(outcome.error, 'PROCESS_EXIT');
function returned(value: unknown): Allowed {
  return (outcome) => outcome.type === 'returned' && readHandle(outcome.value) === value;
}

/** Jobs of every kind: how often, how to start one, and what may come of it. */
const kinds: readonly [
  weight: number,
  start: (slots: SlotHost, delayMs: number) => Submitted,
  allowed: readonly Allowed[],
][] = [
  [50, (slots) => slots.submit(tasks.add, [1, 2]), [returned(3)]],
  [30, (slots) => slots.submit(hazards.mostlyShort, [1]), [returned(1)]],
  [10, (slots) => slots.submit(tasks.addLater, [1, 2]), [returned(3)]],
  [4, (slots) => slots.submit(tasks.depth, [3]), [returned(3)]],
  [4, (slots) => slots.submit(tasks.sumOfChildren, [5]), [returned(15)]],
  [2, (slots) => slots.submit(hazards.exit, [1]), [exited]],
  [1, (slots) => slots.submit(hazards.straysAndReturns), [returned('returned')]],
  [10, (slots) => slots.submit(tasks.addLater, [1, 2], { isBeyond: true }), [returned(3)]],
  [6, (slots) => slots.submit(tasks.sumOfChildren, [5], { isBeyond: true }), [returned(15)]],
  [3, (slots) => slots.submit(tasks.depth, [3], { isAlone: true }), [returned(3)]],
  [2, (slots) => slots.submit(hazards.exitsLate, [], { isBeyond: true }), [exited]],
  [2, (slots) => stopOnceItRuns(slots, slots.submit(hazards.deafLater, [], { isBeyond: true })), [stopped]],
  [3, (slots) => stopOnceItRuns(slots, slots.submit(hazards.deaf)), [stopped]],
  [2, (slots) => stopOnceItRuns(slots, slots.submit(hazards.runaway)), [stopped]],
  [10, (slots) => stopAtOnce(slots, slots.submit(hazards.mostlyShort, [1])), [stopped, returned(1)]],
  [
    10,
    (slots, delayMs) => {
      const submitted = slots.submit(tasks.add, [1, 2]);
      setTimeout(() => slots.interrupt(submitted.id, stop), delayMs);
      return submitted;
    },
    [stopped, returned(3)],
  ],
];

function stopOnceItRuns(slots: SlotHost, submitted: Submitted): Submitted {
  void slots.untilSaid(submitted.id).then(() => slots.interrupt(submitted.id, stop));
  return submitted;
}

function stopAtOnce(slots: SlotHost, submitted: Submitted): Submitted {
  queueMicrotask(() => slots.interrupt(submitted.id, stop));
  return submitted;
}

const JOBS = 300;
const rounds = Math.ceil(Number(process.env['SIDEREAL_KILLS'] ?? 20) / 10);
const seeds = Array.from({ length: rounds }, (_, round) => round + 1);

describe('the threads runner, with jobs that end their threads, stop, nest and run away', () => {
  it.each(seeds)('ends each job once, with what it must end with: seed %d', async (seed) => {
    const next = random(seed);
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 1 + (seed % 3), graceMs: 10, idleMs: 5 });
    const total = kinds.reduce((sum, [weight]) => sum + weight, 0);
    const jobs: { readonly outcome: Promise<JobOutcome>; readonly allowed: readonly Allowed[] }[] = [];
    for (let job = 0; job < JOBS; job++) {
      let left = next() * total;
      const [, start, allowed] = kinds.find(([weight]) => (left -= weight) < 0)!;
      jobs.push({ outcome: start(slots, next() * 20).outcome, allowed });
      if (next() < 0.02) await new Promise((resolve) => setTimeout(resolve, next() * 10));
    }
    for (const { outcome, allowed } of jobs) {
      const ended = await outcome;
      expect(ended).toSatisfy((end: JobOutcome) => allowed.some((one) => one(end)));
    }
    await slots.runner.close();
    expect(census.alive).toBe(0);
  });
});
