import { describe, expect, test } from 'vitest';
import { Bench, WAYS } from './program.ts';

describe('a failure that code awaits in a function which nobody awaits', () => {
  test.concurrent.each(WAYS)('fails the flow under %s', async (way) => {
    using bench = new Bench();
    const { exitCode, stdout, stderr } = await bench.start(way, 'detached.ts', { env: { CASE: 'body' } })
      .ended;
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('left by a body');
    expect(bench.recorded().state).toBe('failed');
  });

  test.concurrent.each([
    ['task', 'left by a task'],
    ['stage', 'left by a stage'],
  ])('fails the %s whose code that is', async (which, message) => {
    using bench = new Bench();
    const { exitCode, stderr } = await bench.start('node flow.ts', 'detached.ts', { env: { CASE: which } })
      .ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain(message);
    expect(bench.recorded().state).toBe('failed');
  });

  test.concurrent.each([
    ['settled', "[ 'failed', 'failed' ]\n"],
    ['late', 'taken\n'],
  ])('may be handled: %s', async (which, printed) => {
    using bench = new Bench();
    const { exitCode, stdout } = await bench.start('node flow.ts', 'detached.ts', { env: { CASE: which } })
      .ended;
    expect([exitCode, stdout]).toEqual([0, printed]);
    expect(bench.recorded().state).toBe('completed');
  });
});
