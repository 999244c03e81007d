import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { add, depth } from '../../../test-fixtures/runners/contract-tasks.ts';
import {
  compileCache,
  marksItsEnd,
  mostlyHarmless,
  mostlyShort,
} from '../../../test-fixtures/runners/hazards.ts';
import type { TaskDefinition } from '../../definitions/task-definition.ts';
import type { SlotHost } from '../testing/slot-host.ts';
import { ThreadCensus } from '../testing/thread-census.ts';
import { inMemory } from '../../handles/value-handle.ts';
import { threadsHost } from '../testing/threads-host.ts';

/** Runs a task until the runner expects it to be short and offers to take jobs ahead. */
async function train(slots: SlotHost, task: TaskDefinition): Promise<void> {
  for (let n = 0; slots.runner.prefetch === 0 || n < 100; n++) await slots.value(task, n);
}

describe('jobs sent ahead', () => {
  it('are offered once jobs are short, and no more after a long one', async () => {
    await using slots = threadsHost({ size: 2 });
    expect(slots.runner.prefetch).toBe(0);
    await train(slots, mostlyShort);
    expect(slots.runner.prefetch).toBe(16);
    expect(slots.runner.mayGoAhead(mostlyShort)).toBe(true);
    expect(slots.runner.mayGoAhead(mostlyHarmless)).toBe(false);
    const flag = new Int32Array(new SharedArrayBuffer(8));
    const long = slots.run(mostlyShort, [1, flag]);
    while (Atomics.load(flag, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    release(flag);
    await long;
    expect(slots.runner.prefetch).toBe(0);
  });

  it('are not held up by a job that turns out long', async () => {
    await using slots = threadsHost({ size: 2 });
    await train(slots, mostlyShort);
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const long = slots.submit(mostlyShort, [-1, flag]);
    const others = Array.from({ length: 17 }, (_, n) => slots.run(mostlyShort, [n]));
    expect((await Promise.all(others)).map((outcome) => outcome.type)).toEqual(others.map(() => 'returned'));
    expect(slots.order).not.toContain(long.id);
    release(flag);
    expect(await long.outcome).toEqual({ type: 'returned', value: inMemory(-1, true) });
  });

  it('can be taken back from a thread that does not answer', async () => {
    await using slots = threadsHost({ size: 1 });
    await train(slots, mostlyShort);
    const flag = new Int32Array(new SharedArrayBuffer(4));
    const long = slots.submit(mostlyShort, [-1, flag]);
    const behind = slots.submit(mostlyShort, [1]);
    await new Promise((resolve) => setImmediate(resolve));
    const reason = new Error('cancelled');
    slots.interrupt(behind.id, reason);
    expect(await behind.outcome).toEqual({ type: 'threw', error: reason });
    expect(slots.order.at(-1)).toBe(behind.id);
    release(flag);
    expect(await long.outcome).toEqual({ type: 'returned', value: inMemory(-1, true) });
  });

  it('survive the loss of the thread that they were sent to', async () => {
    await using slots = threadsHost({ size: 1 });
    await train(slots, mostlyHarmless);
    const lost = slots.run(mostlyHarmless, [-1, 7]);
    const others = Array.from({ length: 8 }, (_, n) => slots.run(mostlyHarmless, [n]));
    expect(await lost).toMatchObject({ type: 'threw', error: { code: 'PROCESS_EXIT' } });
    expect(await Promise.all(others)).toEqual(
      others.map((_, n) => ({ type: 'returned', value: inMemory(n, true) })),
    );
  });

  it('go elsewhere when the job before them waits', async () => {
    await using slots = threadsHost({ size: 1 });
    for (let n = 0; n < 100; n++) await slots.value(depth, 0);
    const nested = slots.value(depth, 3);
    const others = Array.from({ length: 8 }, () => slots.value(depth, 0));
    expect(await nested).toBe(3);
    expect(await Promise.all(others)).toEqual(others.map(() => 0));
  });
});

describe('threads', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('end by themselves when they are asked to, whatever tasks have left behind in them', async () => {
    await using slots = threadsHost({ size: 1 });
    const flag = new Int32Array(new SharedArrayBuffer(4));
    await slots.value(marksItsEnd, flag);
    await slots.runner.close();
    expect(flag[0]).toBe(1);
  });

  it('keep what they have made of modules for those that start later, and do not tell tasks', async () => {
    vi.stubEnv('NODE_COMPILE_CACHE', undefined);
    vi.stubEnv('NODE_DISABLE_COMPILE_CACHE', undefined);
    await using caches = await mkdtempDisposable(join(tmpdir(), 'sidereal-caches-'));
    vi.stubEnv('XDG_CACHE_HOME', caches.path);
    await using slots = threadsHost({ size: 1 });
    expect(await slots.value(compileCache)).toEqual([
      expect.stringContaining(join('sidereal', 'node-compile-cache')),
      undefined,
    ]);
  });

  it('that have only begun to start end once they are up', async () => {
    using census = new ThreadCensus();
    for (let round = 0; round < 10; round++) {
      await using slots = threadsHost({ size: 2, prewarm: true });
      if (round > 5) await slots.value(add, 1, 2);
      await slots.runner.close();
      expect(census.alive).toBe(0);
    }
    expect(census.most).toBe(2);
    expect(new Set(census.exitCodes)).toEqual(new Set([0]));
  });

  it('come up ahead of jobs when asked to', async () => {
    await using slots = threadsHost({ size: 2, prewarm: true });
    expect(await slots.value(add, 1, 2)).toBe(3);
  });
});

function release(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
