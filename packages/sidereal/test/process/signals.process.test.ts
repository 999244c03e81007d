import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMet } from '../../../../scripts/testing/requirement.ts';
import { Bench, WAYS, type Program, type Way } from './program.ts';

async function started(bench: Bench, way: Way, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = bench.start(way, 'endless.ts', { env });
  await program.says('DEAF' in env ? 'deaf' : 'waiting 2');
  return program;
}

test.concurrent.each([
  ['SIGINT', 'node flow.ts'],
  ['SIGTERM', 'node flow.ts'],
  ['SIGHUP', 'node flow.ts'],
  ['SIGUSR1', 'node flow.ts'],
  ['SIGHUP', 'sidereal run flow.ts'],
  ['SIGUSR1', 'sidereal run flow.ts'],
] as const)('%s cancels the run under %s, and it is said how to go on', async (signal, way) => {
  using bench = new Bench();
  const program = await started(bench, way);
  program.process.kill(signal);
  const { exitCode, stderr } = await program.ended;
  expect(stderr).toMatch(/cancelling .*run.*: running work gets the signal; .* ends the process at once/);
  expect(stderr).toMatch(/sidereal resume \S+/);
  expect(stderr).not.toContain('Debugger');
  expect(exitCode).toBe(3);
  expect(bench.recorded()).toMatchObject({ state: 'cancelled', holder: 'free' });
});

describe.each(WAYS)('%s', (way) => {
  test.concurrent.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s again ends the process, and the run is interrupted', async (signal, code) => {
    using bench = new Bench();
    const program = await started(bench, way, { DEAF: '1' });
    program.process.kill(signal);
    await program.says('cancelling');
    program.process.kill(signal);
    const { exitCode, stderr } = await program.ended;
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(/ended at once/);
    expect(stderr).toMatch(/go on with: sidereal resume \S+\n$/);
    // Its lease is released, not only left behind; and what had been said is in the record.
    expect(bench.recorded()).toMatchObject({ state: 'cancelling', holder: 'free' });
    expect((await bench.command('logs', 'latest')).stdout).toContain('deaf');
  });

  test.concurrent('SIGUSR2 says what is under way, and nothing else happens', async () => {
    using bench = new Bench();
    const program = await started(bench, way);
    program.process.kill('SIGUSR2');
    await program.says('task wait running for');
    program.process.kill('SIGTERM');
    const { exitCode, stderr } = await program.ended;
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/2 task runs: 2 running/);
    expect(stderr).toMatch(/flow endless \w+ for .*; awaits map wait \([0-9a-f]{8}\), 2 of it not ended/);
    expect(stderr).toMatch(/task wait running for \d+\.\d s \(\S*endless\.ts:\d+:\d+\)/);
  });

  // The first process of a PID namespace hears only what it handles.
  test.skipIf(!isMet('pidNamespace'))(
    'as the first process of a PID namespace too',
    { concurrent: true },
    async () => {
      using bench = new Bench();
      const before = ['/usr/bin/unshare', '--pid', '--fork', '--kill-child'];
      const program = bench.start(way, 'endless.ts', { before });
      await program.says('waiting 2');
      const { pid } = program.process;
      const child = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
      process.kill(Number.parseInt(child, 10), 'SIGTERM');
      expect(await program.ended).toMatchObject({ exitCode: 3 });
      expect(bench.recorded()).toMatchObject({ state: 'cancelled' });
    },
  );
});

test.concurrent('under node a program that handles a signal decides what it means', async () => {
  using bench = new Bench();
  const program = await started(bench, 'node flow.ts', { OWN_HANDLER: '1' });
  program.process.kill('SIGTERM');
  await program.says('the program has heard');
  program.process.kill('SIGINT');
  const { exitCode, stderr } = await program.ended;
  expect(exitCode).toBe(3);
  expect(stderr).toContain('Ctrl-C again');
  expect(stderr).not.toContain('second SIGTERM');
});

test.concurrent('under the command line it is told, and the run is cancelled all the same', async () => {
  using bench = new Bench();
  const program = await started(bench, 'sidereal run flow.ts', { OWN_HANDLER: '1' });
  program.process.kill('SIGTERM');
  const { exitCode, stdout } = await program.ended;
  expect(exitCode).toBe(3);
  expect(stdout).toContain('the program has heard');
});
