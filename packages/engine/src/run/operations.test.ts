import { describe, expect, it } from 'vitest';
import * as tasks from '../../test-fixtures/engine/operations.ts';
import { flow } from '../authoring/flow.ts';
import { settled } from '../authoring/settled.ts';
import type { Task } from '../authoring/task.ts';
import { inline, threads } from '../runners/built-in/built-in.ts';
import type { RunnerChoice } from '../definitions/runner-choice.ts';
import type { RunRecord } from '../testing/run-record.ts';
import { testStore } from '../testing/test-store.ts';

const runs = testStore();

/** What a run came to, whatever ran it: the value, and all of the record but times, lanes and order. */
async function outcomeOf(task: Task<[], unknown>, runner: RunnerChoice): Promise<unknown> {
  const calls = flow({ name: 'asks', runner }, async () => {
    const { state, value, error } = await settled(task());
    return { state, value, error: error === undefined ? undefined : [error.name, error.message] };
  });
  const { value, record } = await runs.run(calls);
  return { value, nodes: nodesOf(record) };
}

function nodesOf(record: RunRecord): unknown {
  return record.nodes
    .map(({ idx, key, name, kind, state, parent, attempt }) => ({
      key,
      name,
      kind,
      state,
      attempt,
      parent: parent < 0 ? '' : record.node(parent).key,
      upstream: record
        .story(idx)
        .upstream.map((from) => record.node(from).key)
        .toSorted(),
      entries: (['log', 'metric', 'exit', 'qa'] as const).map((entry) => record.entries(idx, entry)),
      errors: record.entries(idx, 'error').map(({ name: of, message }) => [of, message]),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

describe.each(Object.entries(tasks))('a task that asks: %s', (_, task) => {
  it('comes to the same on threads as inline: value, keys, states, edges, what it said', async () => {
    const expected = await outcomeOf(task, inline());
    expect(await outcomeOf(task, threads(1))).toEqual(expected);
    expect(await outcomeOf(task, threads(2))).toEqual(expected);
  });
});

describe.each([
  ['inline', inline(1)],
  ['on one thread', threads(1)],
])('%s', (_, runner) => {
  const value = async (task: Task<[], unknown>): Promise<unknown> =>
    runs.value(flow({ name: 'asks', runner }, async () => task()));

  it('groups and loops in tasks give what their code returns', async () => {
    expect(await value(tasks.nestsGroups)).toEqual([11, 'inner', 1, 1, 'outer']);
    expect(await value(tasks.passesGroups)).toEqual([13, 16]);
    expect(await value(tasks.solves)).toEqual({ value: 3, cycles: 3, reason: 'converged' });
    expect(await value(tasks.triesAgain)).toBe(7);
  });

  it('the code of a group that nobody awaits runs to its end, and its failure is the task’s', async () => {
    const { record } = await runs.run(flow({ name: 'leaves', runner }, async () => tasks.leavesGroup()));
    expect(record.tally('add')).toEqual({ completed: 2 });
    const neglects = flow({ name: 'neglects', runner }, async () => tasks.neglectsGroup());
    expect(await runs.error(neglects)).toMatchObject({
      code: 'UNHANDLED_FAILURE',
      cause: { name: 'RangeError', message: 'in the group' },
    });
  });

  it('a loop that has no end is refused, with its line', async () => {
    const refused = flow({ name: 'refused', runner }, async () => tasks.loopWithoutEnd());
    expect(await runs.error(refused)).toMatchObject({
      code: 'INVALID_OPTION',
      at: expect.stringContaining('operations.ts:'),
    });
  });

  it('a group is told when its task should stop', async () => {
    const stops = flow({ name: 'stops', runner }, async () => tasks.waitsInGroup());
    expect(await runs.error(stops)).toMatchObject({ code: 'TIMED_OUT' });
  });
});
