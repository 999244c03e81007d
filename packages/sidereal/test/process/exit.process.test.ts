import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Bench, WAYS } from './program.ts';

test.concurrent.each([
  ['task', 'quits', 'node flow.ts'],
  ['finally', 'quits', 'node flow.ts'],
  ['timer', 'quits', 'node flow.ts'],
  ['listener', 'quits', 'node flow.ts'],
  ['reference', 'quits', 'node flow.ts'],
  ['body', 'exiting', 'node flow.ts'],
  ['timer', 'quits', 'sidereal run flow.ts'],
  ['body', 'exiting', 'sidereal run flow.ts'],
] as const)(
  'process.exit (%s, of %s) under %s interrupts the run and says where',
  async (where, whose, way) => {
    using bench = new Bench();
    const { exitCode, stderr, stdout } = await bench.start(way, 'exiting.ts', { env: { EXIT_WHERE: where } })
      .ended;
    expect(exitCode).toBe(4);
    expect(stdout).toBe('');
    const said = stderr.split('\n').filter((line) => line.includes('PROCESS_EXIT'));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/exiting\.ts:\d+:\d+/);
    expect(said[0]).toContain(`in '${whose}'`);
    expect(said[0]).toMatch(/sidereal resume \S+$/);
    // At once, and by nobody's heartbeat growing old.
    const { state, holder, notes } = bench.recorded();
    expect([state, holder]).toEqual(['running', 'free']);
    const message = expect.stringMatching(/^process\.exit\(0\) was called at \S*exiting\.ts:\d+:\d+$/);
    expect(notes).toContainEqual({ by: whose, code: 'process_exit', message });
  },
);

test.concurrent.each(WAYS)('under %s what had ended is recorded, and a resume goes on', async (way) => {
  using bench = new Bench();
  await bench.start(way, 'exiting.ts', { env: { EXIT_WHERE: 'body' } }).ended;
  expect(await bench.command('resume', 'latest')).toMatchObject({ exitCode: 0, stdout: '42\n' });
  expect(readFileSync(join(bench.folder, 'trace'), 'utf8')).toBe('early\n');
});

test.concurrent('a handler of the program that throws meanwhile changes nothing of that', async () => {
  using bench = new Bench();
  const { exitCode } = await bench.start('node flow.ts', 'exiting.ts', { env: { EXIT_WHERE: 'caught' } })
    .ended;
  expect(exitCode).not.toBe(0);
  expect(bench.recorded()).toMatchObject({ state: 'running', holder: 'free' });
});

test.concurrent('under the command line it is told as a document too', async () => {
  using bench = new Bench();
  const options = { env: { EXIT_WHERE: 'task' }, more: ['--json'] };
  const { exitCode, stdout, stderr } = await bench.start('sidereal run flow.ts', 'exiting.ts', options).ended;
  expect(exitCode).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'sidereal.outcome/1',
    flow: 'exiting',
    state: null,
    exitCode: 4,
    error: { code: 'PROCESS_EXIT', at: expect.stringMatching(/exiting\.ts:\d+:\d+$/) },
  });
  expect(stderr).toContain('PROCESS_EXIT');
});

test.concurrent('process.exit at the top level of the program is the same', async () => {
  using bench = new Bench();
  const program = bench.start('node flow.ts', 'exiting.ts', { env: { EXIT_WHERE: 'top' } });
  const { exitCode, stderr } = await program.ended;
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(/PROCESS_EXIT {2}process\.exit\(0\) was called while the run was under way/);
});

test.concurrent('what a program does once its run has ended is its own', async () => {
  using bench = new Bench();
  const program = bench.start('node flow.ts', 'exiting.ts', { env: { EXIT_WHERE: 'after' } });
  expect(await program.ended).toMatchObject({ exitCode: 7, stdout: '42\n', stderr: '' });
});

test.concurrent('a flow that nobody awaits and that fails does not end well', async () => {
  using bench = new Bench();
  const { exitCode, stderr } = await bench.start('node flow.ts', 'exiting.ts', {
    env: { EXIT_WHERE: 'untaken' },
  }).ended;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('nobody takes this');
});

test.concurrent('stderr that cannot be written ends no run', async () => {
  using bench = new Bench();
  // What the shell opens for it takes nothing.
  const before = ['/bin/sh', '-c', 'exec "$@" 2>/dev/full', 'sh'];
  const options = { env: { EXIT_WHERE: '' }, before };
  const ends = await Promise.all(WAYS.map((way) => bench.start(way, 'exiting.ts', options).ended));
  for (const end of ends) expect(end).toMatchObject({ exitCode: 0, stdout: '42\n' });
});
