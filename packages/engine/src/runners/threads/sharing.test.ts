import { describe, expect, it } from 'vitest';
import * as hazards from '../../../test-fixtures/runners/hazards.ts';
import * as tasks from '../../../test-fixtures/runners/sharing.ts';
import { ThreadCensus } from '../testing/thread-census.ts';
import { valueOf, type SlotHost } from '../testing/slot-host.ts';
import { threadsHost } from '../testing/threads-host.ts';

const beyond = { isBeyond: true };

function flag(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(8));
}

type Submitted = ReturnType<SlotHost['submit']>;

/** So many jobs that wait for the flag, all begun. */
async function waiting(slots: SlotHost, until: Int32Array, count: number): Promise<readonly Submitted[]> {
  const jobs = Array.from({ length: count }, () => slots.submit(tasks.waitsForFlag, [until], beyond));
  for (const { id } of jobs) await slots.untilSaid(id);
  return jobs;
}

const valuesOf = async (jobs: readonly Submitted[]): Promise<unknown[]> =>
  (await Promise.all(jobs.map(({ outcome }) => outcome))).map(valueOf);

describe('asynchronous jobs', () => {
  it('are under way side by side on few threads, spread over them', async () => {
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 2 });
    const counter = flag();
    const jobs = Array.from({ length: 20 }, () => slots.submit(tasks.meets, [counter, 20], beyond));
    const threads = await valuesOf(jobs);
    const loads = [...new Set(threads)].map((thread) => threads.filter((of) => of === thread).length);
    expect(loads).toEqual([10, 10]);
    expect(census.most).toBe(2);
    expect(slots.suspensions).toEqual([]);
  });

  it('are known by what they return, where the function does not say', async () => {
    await using slots = threadsHost({ size: 1 });
    expect(slots.runner.overlaps?.(tasks.meets)).toBe(true);
    expect(slots.runner.overlaps?.(tasks.meetsUnseen)).toBe(false);
    const counter = flag();
    const first = slots.submit(tasks.meetsUnseen, [counter, 5]);
    while (Atomics.load(counter, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
    const others = [1, 2, 3, 4].map(() => slots.submit(tasks.meetsUnseen, [counter, 5], beyond));
    await valuesOf([first, ...others]);
    expect(slots.suspensions[0]).toBe(first.id);
    expect(slots.runner.overlaps?.(tasks.meetsUnseen)).toBe(true);
  });

  it('do not keep a synchronous one from starting: it has a thread of its own', async () => {
    using census = new ThreadCensus();
    await using slots = threadsHost({ size: 1 });
    const until = flag();
    const jobs = await waiting(slots, until, 20);
    const thread = await slots.value(tasks.setsFlag, until);
    expect(await valuesOf(jobs)).not.toContain(thread);
    expect(census.most).toBe(2);
  });

  it('go on while a synchronous one computes, begun before it or after', async () => {
    await using slots = threadsHost({ size: 1 });
    const [until, inside] = [flag(), flag()];
    const before = await waiting(slots, inside, 3);
    const long = slots.submit(tasks.standsUntilFlag, [until]);
    await slots.untilSaid(long.id);
    await slots.run(tasks.setsFlagLater, [inside], beyond);
    await valuesOf(before);
    await slots.run(tasks.setsFlagLater, [until], beyond);
    await valuesOf([long]);
  });

  it('never share with one that is to be alone', async () => {
    await using slots = threadsHost({ size: 1 });
    const until = flag();
    const alone = slots.submit(tasks.waitsForFlag, [until], { isAlone: true });
    await slots.untilSaid(alone.id);
    const jobs = await waiting(slots, until, 3);
    await slots.run(tasks.setsFlagLater, [until], beyond);
    const [of, ...others] = await valuesOf([alone, ...jobs]);
    expect(new Set(others).size).toBe(1);
    expect(others).not.toContain(of);
  });

  it('stay within the capacity where nothing allows for more', async () => {
    await using slots = threadsHost({ size: 2 });
    const until = flag();
    const jobs = Array.from({ length: 6 }, () => slots.submit(tasks.waitsForFlag, [until]));
    await slots.untilSaid(jobs[1]!.id);
    expect(await slots.run(tasks.setsFlagLater, [until], beyond)).toMatchObject({ type: 'returned' });
    expect(until[0]).toBe(2);
    await valuesOf(jobs);
    expect(until[0]).toBe(6);
  });
});

describe('the neighbours of a job whose thread must be ended', () => {
  it('begin again, when it did not stop: with what is said why, and nothing held against them', async () => {
    await using slots = threadsHost({ size: 1, graceMs: 20 });
    const until = flag();
    const jobs = await waiting(slots, until, 3);
    const deaf = slots.submit(hazards.deafLater, [], beyond);
    await slots.untilSaid(deaf.id);
    const reason = new Error('timed out');
    slots.interrupt(deaf.id, reason);
    expect(await deaf.outcome).toEqual({ type: 'forced', error: reason });
    while (Atomics.load(until, 0) < 6) await new Promise((resolve) => setImmediate(resolve));
    await slots.run(tasks.setsFlagLater, [until], beyond);
    await valuesOf(jobs);
    expect(slots.displacements.toSorted((a, b) => a.id - b.id)).toEqual(
      jobs.map(({ id }) => ({
        type: 'displaced',
        id,
        why: expect.stringMatching(/'deaf-later'.*did not stop/),
        isSuspect: false,
      })),
    );
  });

  it('begin again, when it called process.exit', async () => {
    await using slots = threadsHost({ size: 1 });
    const [until, goneOn] = [flag(), flag()];
    const jobs = await waiting(slots, until, 2);
    expect(await slots.run(hazards.exitCaught, [goneOn], beyond)).toMatchObject({
      type: 'threw',
      error: { code: 'PROCESS_EXIT' },
    });
    await slots.run(tasks.setsFlagLater, [until], beyond);
    await valuesOf(jobs);
    expect(slots.displacements.map(({ id, isSuspect }) => [id, isSuspect])).toEqual(
      jobs.map(({ id }) => [id, false]),
    );
    expect(goneOn[0]).toBe(0);
  });

  it('begin again alone, when the thread was lost: so the one that is to blame is found', async () => {
    await using slots = threadsHost({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } });
    const until = flag();
    const jobs = await waiting(slots, until, 2);
    const guilty = slots.submit(hazards.outOfMemoryLater, [until], beyond);
    while (slots.displacements.length < 3) await new Promise((resolve) => setImmediate(resolve));
    Atomics.store(until, 1, 1);
    expect(await guilty.outcome).toMatchObject({
      type: 'crashed',
      error: { code: 'THREAD_LOST', message: expect.stringContaining('ran out of memory') },
    });
    await valuesOf(jobs);
    expect(slots.displacements.map(({ id, isSuspect }) => [id, isSuspect])).toEqual(
      [...jobs, guilty].map(({ id }) => [id, true]),
    );
  });

  it('are not concerned by an error that one of them leaves behind', async () => {
    await using slots = threadsHost({ size: 1 });
    const until = flag();
    const jobs = await waiting(slots, until, 2);
    const stray = slots.submit(hazards.straysAndReturns, [], beyond);
    expect(await valuesOf([stray])).toEqual(['returned']);
    expect((await slots.untilStrayed(1)).map(({ of }) => of?.idx)).toEqual([stray.id]);
    await slots.run(tasks.setsFlagLater, [until], beyond);
    await valuesOf(jobs);
    expect(slots.displacements).toEqual([]);
  });
});
