import { describe, expect, it } from 'vitest';
import * as tasks from '../../../test-fixtures/runners/contract-tasks.ts';
import { runnerContract } from '../testing/runner.contract.ts';
import { SlotHost, valueOf } from '../testing/slot-host.ts';
import { InlineRunner } from './inline-runner.ts';

runnerContract('inline', (size) => (host) => new InlineRunner(host, size));

describe('InlineRunner', () => {
  it('holds 64 async tasks at once unless told otherwise', () => {
    const { runner } = new SlotHost((host) => new InlineRunner(host));
    expect(runner.capacity).toBe(64);
    expect(runner.prefetch).toBe(0);
  });

  it('grows no stack, however many jobs are started at once', async () => {
    const size = 50_000;
    const slots = new SlotHost((host) => new InlineRunner(host, size));
    const jobs = Array.from({ length: size }, (_, index) => slots.run(tasks.add, [index, 1]));
    const last = (await Promise.all(jobs)).at(-1);
    expect(last === undefined ? undefined : valueOf(last)).toBe(size);
  });

  it('leaves time for the event loop while many jobs run', async () => {
    const slots = new SlotHost((host) => new InlineRunner(host, 1));
    let turns = 0;
    const count = (): void => {
      turns++;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    await Promise.all(Array.from({ length: 20_000 }, (_, index) => slots.run(tasks.add, [index, 1])));
    clearImmediate(timer);
    expect(turns).toBeGreaterThan(1);
  });
});
