import { expect, test } from 'vitest';
import { depth } from '../../../test-fixtures/engine/thread-tasks.ts';
import { flow } from '../../authoring/flow.ts';
import { testStore } from '../../testing/test-store.ts';
import { threads } from '../built-in/built-in.ts';

const runs = testStore();

test('tasks that call tasks on threads get 64 of them; one more is an error at the line of the call', async () => {
  const nested = flow({ name: 'nested', runner: threads(2) }, async (): Promise<unknown[]> => {
    const deepest = await depth(63);
    try {
      return [deepest, await depth(64)];
    } catch (error) {
      return [deepest, error];
    }
  });
  expect(await runs.value(nested)).toEqual([
    63,
    expect.objectContaining({
      code: 'TOO_DEEP_ON_THREADS',
      at: expect.stringMatching(/thread-tasks\.ts:\d+:\d+$/),
      remedy: expect.stringContaining("on: 'inline'"),
    }),
  ]);
});
