import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { flow, task } from '../../src/index.ts';
import { testStore } from '../../src/testing/test-store.ts';

const runs = testStore();
const request = new AsyncLocalStorage<string>();
const tell = task({ name: 'tell' }, (_call: number) => request.getStore() ?? 'none');
const tellLater = task({ name: 'tell-later' }, async (_call: number) => {
  await new Promise((resolve) => setImmediate(resolve));
  return request.getStore() ?? 'none';
});

/** Inline, a task is in the async context of its caller, whoever else calls meanwhile. */
const wantsCaller = {
  'of each call': async () =>
    Promise.all([request.run('A', () => tell(1)), request.run('B', () => tell(2)), tell(3)]),
  'of each call, later on': async () =>
    Promise.all([request.run('A', () => tellLater(1)), request.run('B', () => tellLater(2)), tellLater(3)]),
  'of calls in turn': async () => [
    await request.run('A', () => tell(1)),
    await request.run('B', () => tell(2)),
    await tell(3),
  ],
} as const;
/** Today tasks run in the context in which the scheduler was first woken. */
const NOT_YET = new Set<string>(['of each call', 'of each call, later on']);

describe("a task inline is in its caller's async context", () => {
  it.each(Object.entries(wantsCaller))('%s', async (name, body) => {
    const told = await runs.value(flow({ name: `context ${name}` }, body));
    if (NOT_YET.has(name)) expect(told).not.toEqual(['A', 'B', 'none']);
    else expect(told).toEqual(['A', 'B', 'none']);
  });
});
