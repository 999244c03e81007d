import { beforeEach, describe, expect, it } from 'vitest';
import { inline, RESUME, threads, type RunnerChoice } from '../../src/index.ts';
import { testStore } from '../../src/testing/test-store.ts';
import { begun, calls, swapped } from './test-fixtures/swapped-calls.ts';

const runs = testStore();

const expected: Readonly<Record<string, readonly unknown[]>> = {
  'tasks of one factory': [10, 20],
  'closures of one text': [10, 20],
  'instances with private state': [10, 20],
  'tasks of two copies of a package': ['north 1', 'copy-of-north 1'],
  'tasks of one name in equal files': ['north 1', 'south 1'],
  'one task with other arguments': [10, 20],
};

beforeEach(() => {
  begun.times = 0;
});

function placed(runner: RunnerChoice, retries: number) {
  const { definition } = swapped;
  return { definition: { ...definition, options: { ...definition.options, runner, retries } } };
}

/** Gone on with by a resume. */
async function resumed(kind: string, runner: RunnerChoice): Promise<unknown> {
  const first = await runs.ended(runs.start(placed(runner, 0), { kind }));
  expect(first.state).toBe('failed');
  const resume = { runId: first.id, rules: RESUME, takeOver: false };
  return (await runs.start(placed(runner, 0), undefined, { resume }).outcome).value;
}

/** Tried again in the same process. */
async function retried(kind: string, runner: RunnerChoice): Promise<unknown> {
  return (await runs.start(placed(runner, 1), { kind }).outcome).value;
}

describe.each([
  { how: 'resumed', goOn: resumed },
  { how: 'retried', goOn: retried },
])('calls that come in another order when their flow is $how', ({ goOn }) => {
  describe.each([{ runner: inline() }, { runner: threads(1) }])('$runner.runner', ({ runner }) => {
    it.each(Object.keys(calls))('keep their values: %s', async (kind) => {
      expect(await goOn(kind, runner)).toEqual(expected[kind]);
    });
  });
});
