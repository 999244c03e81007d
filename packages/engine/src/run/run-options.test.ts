import { expect, it } from 'vitest';
import { flow } from '../authoring/flow.ts';
import { startRun } from './start-run.ts';

const one = flow({ name: 'one' }, async () => 1);
const here = expect.stringMatching(/run-options\.test\.ts:\d+:\d+$/);

it.each<[Readonly<Record<string, unknown>>, message: string]>([
  [{ stroe: {} }, "startRun has no option 'stroe'"],
  [{ store: 'folder' }, "store of startRun is 'folder'"],
  [{ resume: 'run' }, "resume of startRun is 'run'"],
  [{ resume: { runId: 'a', rules: {} } }, 'resume of startRun has no takeOver'],
  [{ validate: 1 }, 'validate of startRun is 1'],
  [{ maxOutstandingCalls: 0 }, 'maxOutstandingCalls of startRun is 0'],
  [{ debugValues: 'yes' }, "debugValues of startRun is 'yes'"],
  [{ journalFullMs: -1 }, 'journalFullMs of startRun is -1'],
  [{ onRemark: 'print' }, "onRemark of startRun is 'print'"],
])('options of a run that make no sense are refused with the line: %o', (options, message) => {
  const error = { code: 'INVALID_OPTION', message: expect.stringContaining(message), at: here };
  expect(() => startRun(one.definition, undefined, options)).toThrow(expect.objectContaining(error));
});

it('what is run is a definition', () => {
  const error = {
    code: 'INVALID_FLOW',
    message: expect.stringContaining('startRun was given'),
    remedy: expect.stringContaining('myFlow.definition'),
    at: here,
  };
  for (const given of [one, undefined, { kind: 'task' }]) {
    expect(() => startRun(given as never, undefined)).toThrow(expect.objectContaining(error));
  }
});
