import { describe, expect, it } from 'vitest';
import { add } from '../../../test-fixtures/runners/contract-tasks.ts';
import * as hazards from '../../../test-fixtures/runners/hazards.ts';
import { ThreadCensus } from '../testing/thread-census.ts';
import { inMemory } from '../../handles/value-handle.ts';
import { threadsHost } from '../testing/threads-host.ts';

const here = { name: 'leaves', at: hazards.leaves.at, attempt: 1 };

describe('an error that nothing catches, on a thread', () => {
  it.each([
    ['timer', { name: 'TypeError', message: 'from a timer' }],
    ['immediate', { name: 'TypeError', message: 'from an immediate' }],
    ['tick', { name: 'TypeError', message: 'from a tick' }],
    ['microtask', { name: 'TypeError', message: 'from a microtask' }],
    ['rejection', { name: 'TypeError', message: 'from a promise' }],
    ['later', { name: 'TypeError', message: 'from a late promise' }],
    ['event', { name: 'TypeError', message: 'from an event' }],
    ['file', { code: 'ENOENT' }],
    ['nothing', undefined],
  ])('is told of the task that left it behind, which has ended: %s', async (way, error) => {
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 1 });
    const { id, outcome } = slots.submit(hazards.leaves, [way]);
    expect(await outcome).toEqual({ type: 'returned', value: inMemory(1, true) });
    const [stray] = await slots.untilStrayed(1);
    expect(stray).toEqual({
      of: { ...here, idx: id },
      where: 'thread 1',
      error: error === undefined ? undefined : expect.objectContaining(error),
    });
    expect(await slots.value(add, 1, 2)).toBe(3);
    expect(census.most).toBe(1);
  });

  it('fails neither the task nor the one that follows on the thread', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(hazards.straysAndReturns)).toBe('returned');
    const left = slots.submit(hazards.leaves, ['immediate', 'rejection', 'timer']);
    expect(await slots.value(add, 1, 2)).toBe(3);
    const strays = await slots.untilStrayed(4);
    expect(strays.map(({ of }) => of?.idx)).toEqual([0, left.id, left.id, left.id]);
    expect(slots.order).toEqual([0, 1, 2]);
  });

  it('is told once, with the thread, if it is of no task', async () => {
    await using slots = threadsHost({ size: 1 });
    await slots.value(hazards.emitsForNobody);
    await slots.value(hazards.leaves, 'immediate');
    const strays = await slots.untilStrayed(2);
    expect(strays.map(({ of, where }) => [of?.name, where])).toEqual([
      [undefined, 'thread 1'],
      ['leaves', 'thread 1'],
    ]);
  });
});

describe('process.exit on a thread', () => {
  it('fails the task that calls it, with its line; another has a thread at once', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(await slots.run(hazards.exit, [3])).toMatchObject({
      type: 'threw',
      error: {
        code: 'PROCESS_EXIT',
        at: expect.stringMatching(/hazards\.ts:\d+:\d+$/),
        message: expect.stringMatching(/task 'exit' called process\.exit\(3\)/),
      },
    });
    expect(await slots.value(add, 1, 2)).toBe(3);
  });

  it('lets no code of the task go on, whatever that catches', async () => {
    await using slots = threadsHost({ size: 1 });
    const flag = new Int32Array(new SharedArrayBuffer(4));
    expect(await slots.error(hazards.exitCaught, flag)).toMatchObject({ code: 'PROCESS_EXIT' });
    expect(await slots.value(add, 1, 2)).toBe(3);
    expect(flag[0]).toBe(0);
  });

  it('is a stray error where the task has ended: the thread goes on', async () => {
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 1 });
    const { id, outcome } = slots.submit(hazards.exitLater);
    expect(await outcome).toEqual({ type: 'returned', value: inMemory('returned', true) });
    const [stray] = await slots.untilStrayed(1);
    expect(stray).toMatchObject({
      of: { idx: id, name: 'exit-later' },
      error: { code: 'PROCESS_EXIT', message: expect.stringContaining("left behind by task 'exit-later'") },
    });
    expect(await slots.value(add, 1, 2)).toBe(3);
    expect(slots.strays).toHaveLength(1);
    expect(census.most).toBe(1);
  });
});
