import { describe, expect, it } from 'vitest';
import { add, depth } from '../../../test-fixtures/runners/contract-tasks.ts';
import * as hazards from '../../../test-fixtures/runners/hazards.ts';
import { ThreadCensus } from '../testing/thread-census.ts';
import { inMemory } from '../../handles/value-handle.ts';
import { threadsHost } from '../testing/threads-host.ts';

describe('a thread that misbehaves', () => {
  it('is ended when its task runs away, and replaced; other jobs are untouched', async () => {
    await using slots = threadsHost({ size: 2, graceMs: 50 });
    const flag = new Int32Array(new SharedArrayBuffer(8));
    const other = slots.submit(hazards.standStill, [flag]);
    const runaway = slots.submit(hazards.runaway);
    await slots.untilSaid(runaway.id);
    const reason = new Error('timed out');
    slots.interrupt(runaway.id, reason);
    expect(await runaway.outcome).toEqual({ type: 'forced', error: reason });
    expect(slots.timings.get(runaway.id)).toBeUndefined();
    expect(await slots.value(add, 1, 2)).toBe(3);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
    expect(await other.outcome).toEqual({ type: 'returned', value: inMemory(undefined, true) });
  });

  it('is ended when its task does not heed its signal', async () => {
    await using slots = threadsHost({ size: 1, graceMs: 50 });
    const { id, outcome } = slots.submit(hazards.deaf);
    await slots.untilSaid(id);
    const reason = new Error('cancelled');
    slots.interrupt(id, reason);
    slots.interrupt(id, new Error('asked again'));
    expect(await outcome).toEqual({ type: 'forced', error: reason });
    expect(await slots.value(add, 1, 2)).toBe(3);
  });

  it('counts as stopped, not as lost, if it dies while it is told to stop', async () => {
    await using slots = threadsHost({ size: 1 });
    const { id, outcome } = slots.submit(hazards.answersStop);
    await slots.untilSaid(id);
    const reason = new Error('cancelled');
    slots.interrupt(id, reason);
    expect(await outcome).toEqual({ type: 'threw', error: reason });
  });

  it('is lost by running out of memory, alone', async () => {
    await using slots = threadsHost({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } });
    expect(await slots.run(hazards.outOfMemory)).toMatchObject({
      type: 'crashed',
      error: { code: 'THREAD_LOST', message: expect.stringContaining('ran out of memory') },
    });
    expect(await slots.value(add, 1, 2)).toBe(3);
  });
});

describe('jobs that wait for others', () => {
  it('are stopped like others, also when what they wait for never comes', async () => {
    await using slots = threadsHost({ size: 1, graceMs: 20 });
    const parent = slots.submit(hazards.waitsForDeaf);
    const child = parent.id + 1;
    await slots.untilSaid(child);
    const reason = new Error('cancelled');
    slots.interrupt(parent.id, reason);
    expect(await parent.outcome).toEqual({ type: 'forced', error: reason });
    expect(slots.order).toEqual([parent.id]);
    slots.interrupt(child, reason);
    expect(await slots.value(add, 1, 2)).toBe(3);
    expect(slots.order).toEqual([parent.id, child, child + 1]);
  });

  it('need no threads of their own, however deep they call', async () => {
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(depth, 63)).toBe(63);
    expect(census.most).toBe(1);
  });

  it('go up to a limit that is an error', async () => {
    await using slots = threadsHost({ size: 1, surplus: 3 });
    expect(await slots.value(depth, 3)).toBe(3);
    expect(await slots.error(depth, 4)).toMatchObject({ code: 'TOO_DEEP_ON_THREADS', at: depth.at });
    expect(await slots.value(depth, 3)).toBe(3);
  });

  it('get threads in their place where they must be alone, up to a limit that is an error', async () => {
    await using slots = threadsHost({ size: 1, surplus: 3 });
    // As if others had called them: what counts are threads.
    slots.ofChildren = { isAlone: true, calledBy: undefined };
    const deep = async (levels: number): Promise<unknown> => slots.run(depth, [levels], { isAlone: true });
    expect(await deep(3)).toMatchObject({ type: 'returned' });
    expect(await deep(4)).toMatchObject({ error: { code: 'TOO_DEEP_ON_THREADS' } });
    expect(await deep(3)).toMatchObject({ type: 'returned' });
  });

  it('leave no more threads than the pool needs, after a while; close leaves none', async () => {
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 1, idleMs: 10 });
    slots.ofChildren = { isAlone: true };
    await slots.run(depth, [4], { isAlone: true });
    expect(census.most).toBe(5);
    await census.until(1);
    expect(await slots.value(depth, 2)).toBe(2);
    await slots.runner.close();
    expect(census.alive).toBe(0);
  });
});
