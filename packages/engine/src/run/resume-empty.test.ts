import { expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { task } from '../authoring/task.ts';
import { encodeValue } from '../results/value-codec.ts';
import { testStore } from '../testing/test-store.ts';
import { RESUME } from '@sidereal/core';
import { newRunId } from './record/run-id.ts';

const runs = testStore();

it('a run that was killed before its first batch begins when it is resumed', async () => {
  const double = task({ name: 'double' }, (n: number) => 2 * n);
  const doubles = flow({ name: 'doubles' }, async () => double.map([1, 2, 3]));
  const header = {
    id: newRunId(Date.now()),
    flow: 'doubles',
    module: doubles.definition.module,
    entry: 'doubles',
    version: '',
    tags: [],
    input: '',
    inputBytes: encodeValue(undefined),
    originMs: Date.now(),
    provenance: '{}',
  };
  const journal = await runs.store.createRun(header, () => undefined);
  await journal.close();
  const resume = { runId: header.id, rules: RESUME, takeOver: false };
  const { state, value, record } = await runs.run(doubles, undefined, { resume });
  expect(state).toBe('completed');
  expect(value).toEqual([2, 4, 6]);
  expect(record.path(0)).toEqual(['running', 'completed']);
});
