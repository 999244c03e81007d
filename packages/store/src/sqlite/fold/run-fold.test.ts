import { createBatchBuilder, decodeBatch, STATE_CODE, type DecodedBatch } from '@sidereal/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RandomJournal } from '../../testing/random-journal.ts';
import { IntervalCollector } from '../segments/interval-columns.ts';
import { RunFold } from './run-fold.ts';

const { queued, running, paused, awaiting_retry, retrying, completed } = STATE_CODE;

/** Everything that a fold knows, as plain data. */
function stateOf(fold: RunFold): unknown {
  const { nodes, changes } = fold;
  const columns = [
    'states',
    'kinds',
    'stages',
    'nameIds',
    'lanes',
    'attempts',
    'startedUs',
    'slots',
  ] as const;
  return {
    totals: fold.totals,
    changes: changes.count,
    nodes: columns.map((name) => [...nodes[name].subarray(0, nodes.count)]),
    active: [...nodes.activeSince.subarray(0, nodes.count)].filter((_, i) => {
      const state = nodes.states[i]!;
      return state >= running && state < completed;
    }),
  };
}

function add(fold: RunFold, batches: readonly DecodedBatch[], first: number): IntervalCollector {
  const intervals = new IntervalCollector();
  for (const [i, batch] of batches.entries()) fold.add(batch, first + i, intervals);
  return intervals;
}

describe('a transaction that does not happen', () => {
  test('leaves the fold as it was, however it was cut into transactions', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 120 }), fc.boolean(), fc.boolean()), {
          minLength: 1,
          maxLength: 15,
        }),
        (seed, steps) => {
          const made = new RandomJournal(seed);
          const straight = new RunFold({ validate: true });
          const tried = new RunFold({ validate: true });
          let open: DecodedBatch[] = [];
          let first = 1;
          for (const [records, settles, fails] of steps) {
            open.push(decodeBatch(made.batch(records)));
            const before = stateOf(tried);
            if (fails) {
              add(tried, open, first);
              tried.undo();
            }
            expect(stateOf(tried)).toEqual(before);
            if (!settles) continue;
            expect(add(tried, open, first)).toEqual(add(straight, open, first));
            tried.settle();
            straight.settle();
            expect(stateOf(tried)).toEqual(stateOf(straight));
            first += open.length;
            open = [];
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a node over its life', () => {
  function fold(
    ...steps: readonly (readonly [state: number, attempt: number, timeUs: number, lane: number])[]
  ) {
    const builder = createBatchBuilder();
    builder.declare({
      idx: 0,
      key: new Uint8Array(16),
      parent: -1,
      group: -1,
      stage: 0,
      kind: 'task',
      nameId: 3,
      timeUs: 5,
      flags: 0,
      upstream: [],
      inputs: '',
    });
    for (const [state, attempt, timeUs, lane] of steps)
      builder.transition({ idx: 0, state, attempt, timeUs, lane });
    const run = new RunFold({ validate: true });
    const intervals = add(run, [decodeBatch(builder.take()!)], 1);
    const rows = Array.from({ length: intervals.count }, (_, i) => [
      intervals.startUs[i],
      intervals.durationUs[i],
      intervals.lanes[i],
      intervals.states[i],
    ]);
    return { run, rows };
  }

  test('one attempt is one interval', () => {
    const { run, rows } = fold([queued, 0, 10, -1], [running, 1, 20, 3], [completed, 1, 50, 3]);
    expect(rows).toEqual([[20, 30, 3, completed]]);
    expect(run.nodes.startedUs[0]).toBe(20);
    expect(run.changes.endedUs[0]).toBe(50);
  });

  test('a pause splits the interval but not the attempt', () => {
    const { run, rows } = fold(
      [running, 1, 20, 3],
      [paused, 1, 30, -1],
      [running, 1, 70, 4],
      [completed, 1, 80, -1],
    );
    expect(rows).toEqual([
      [20, 10, 3, paused],
      [70, 10, 4, completed],
    ]);
    expect(run.nodes.startedUs[0]).toBe(20);
  });

  test('a retry is another attempt with a start of its own', () => {
    const { run, rows } = fold(
      [running, 1, 20, 3],
      [awaiting_retry, 1, 30, -1],
      [retrying, 2, 90, 5],
      [completed, 2, 95, -1],
    );
    expect(rows).toEqual([
      [20, 10, 3, awaiting_retry],
      [90, 5, 5, completed],
    ]);
    expect(run.nodes.startedUs[0]).toBe(90);
    expect(run.nodes.lanes[0]).toBe(5);
  });

  test('an end without activity has no length and no lane', () => {
    expect(fold([STATE_CODE.upstream_failed, 0, 44, -1]).rows).toEqual([
      [44, 0, -1, STATE_CODE.upstream_failed],
    ]);
  });
});
