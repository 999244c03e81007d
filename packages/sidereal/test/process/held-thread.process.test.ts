/** One after another, unlike others: each keeps a core busy, and its watcher needs one too. */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Bench, type Program, type Way } from './program.ts';

async function held(
  bench: Bench,
  way: Way,
  how: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const program = bench.start(way, 'holds.ts', { env: { HOW: how, FREE: free(bench), ...env } });
  await program.says('held\n');
  return program;
}

function free(bench: Bench): string {
  return join(bench.folder, 'free');
}

/** Local ports that a process listens at. */
function portsOf(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      } catch {
        return undefined; // closed meanwhile
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && sockets.has(fields[9]))
      .map((fields) => fields[1] ?? ''),
  );
}

test.each([
  ['node flow.ts', 'loop', 'before'],
  ['sidereal run flow.ts', 'async', 'afterwards'],
  ['sidereal run flow.ts', 'loop', 'before'],
] as const)(
  '%s: a task that holds the thread (%s) is named with its line, and SIGTERM (%s) is heard once it is free',
  async (way, how, when) => {
    using bench = new Bench();
    const program = await held(bench, way, how, { THEN: 'wait' });
    // Alone, as a batch system or a container's runtime sends it.
    if (when === 'before') program.process.kill('SIGTERM');
    await program.says("has been held for 2 s by 'spins' (");
    expect(portsOf(program.process.pid ?? 0)).toEqual([]);
    writeFileSync(free(bench), '');
    await program.says('was held for');
    if (when === 'afterwards') program.process.kill('SIGTERM');
    const { exitCode, stderr } = await program.ended;
    expect(stderr).toMatch(/by 'spins' \(\S*holds\.ts:\d+:\d+\)/);
    expect(stderr).toMatch(/was held for \d+\.\d s by 'spins' \(\S*holds\.ts:\d+:\d+\)\n/);
    expect(exitCode).toBe(3);
    expect(bench.recorded()).toMatchObject({
      state: 'cancelled',
      notes: [
        {
          by: 'spins',
          code: 'thread_held',
          message: expect.stringMatching(/was held for .* s by 'spins' \(/),
        },
      ],
    });
  },
);

test('Ctrl-C that is not heard ends the process once it was looked into', async () => {
  using bench = new Bench();
  const program = await held(bench, 'sidereal run flow.ts', 'loop');
  program.process.kill('SIGINT');
  await program.says('Ctrl-C or SIGTERM ends the process now');
  program.process.kill('SIGINT');
  const { signal, stderr } = await program.ended;
  expect(signal).toBe('SIGINT');
  expect(stderr).toMatch(/sidereal resume \S+\n/);
});

const WAY: Way = 'node flow.ts';

test('inside one call of native code the task is named', async () => {
  using bench = new Bench();
  const program = await held(bench, WAY, 'native');
  await program.says("by 'waits-in-native-code', inside a call of native code");
  writeFileSync(free(bench), '');
  const { exitCode, stderr } = await program.ended;
  expect(stderr).toMatch(/was held for \d+\.\d s by 'waits-in-native-code'/);
  expect(exitCode).toBe(0);
});

test('a debugger statement stops nothing', async () => {
  using bench = new Bench();
  const program = await held(bench, WAY, 'debugger');
  await program.says("by 'spins' (");
  writeFileSync(free(bench), '');
  expect(await program.ended).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/2\n$/) });
});

test('what threads complete meanwhile is counted, and in the record', async () => {
  using bench = new Bench();
  const program = await held(bench, 'sidereal run flow.ts', 'threads');
  await program.says("by 'last' (");
  writeFileSync(free(bench), '');
  const { exitCode, stderr } = await program.ended;
  expect(stderr).toMatch(/by 'last' \(.*\); \d+ completions? waited/);
  expect(exitCode).toBe(0);
});

test('a process that is being debugged is left alone', async () => {
  using bench = new Bench();
  const program = bench.start(WAY, 'holds.ts', {
    env: { HOW: 'loop', FREE: free(bench), NODE_OPTIONS: '--inspect=127.0.0.1:0' },
  });
  await program.says('held\n');
  // Long enough for a look if there were one; that there is none is what `stderr` says in the end.
  await new Promise((resolve) => setTimeout(resolve, 3500));
  writeFileSync(free(bench), '');
  const { exitCode, stderr } = await program.ended;
  expect(stderr).not.toContain('has been held');
  expect(exitCode).toBe(0);
});
