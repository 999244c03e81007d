import { expect, test } from 'vitest';
import { Bench, WAYS } from './program.ts';

function strays(bench: Bench): Record<string, string> {
  const { notes } = bench.recorded();
  return Object.fromEntries(
    notes.filter(({ code }) => code === 'stray_error').map(({ by, message }) => [by, message]),
  );
}

const LINE = String.raw`straying\.ts:\d+:\d+`;
const WORDS: Readonly<Record<string, RegExp>> = {
  rejection: new RegExp(`left by rejection .*${LINE}`),
  late: new RegExp(`left by late .*${LINE}`),
  timer: new RegExp(`left by timer .*${LINE}`),
  event: new RegExp(`left by event .*${LINE}`),
  text: /left by text/,
  nothing: /undefined/,
  port: /EADDRINUSE/,
  straying: new RegExp(`left by straying .*${LINE}`),
};

test.concurrent.each(WAYS)(
  'under %s each error that nothing catches is that of the code it was thrown in, and ends nothing',
  async (way) => {
    using bench = new Bench();
    const { exitCode, stdout, stderr } = await bench.start(way, 'straying.ts').ended;
    const recorded = strays(bench);
    for (const [name, words] of Object.entries(WORDS)) {
      expect(recorded[name]).toMatch(words);
      expect(stderr).toContain(name === 'straying' ? "flow 'straying'" : `task '${name}'`);
    }
    expect(Object.keys(recorded)).toHaveLength(8);
    expect([exitCode, stdout]).toEqual([0, '2\n']);
    expect(bench.recorded().state).toBe('completed');
    // The last thing that is said names how many there were.
    if (way === 'sidereal run flow.ts')
      expect(stderr).toMatch(/completed in .*\n {2}8 errors that nothing caught/);
  },
);

test.concurrent(
  'a program that handles such errors is told, and they are recorded all the same',
  async () => {
    using bench = new Bench();
    const program = bench.start('node flow.ts', 'straying.ts', { env: { OWN_HANDLER: '1' } });
    const { exitCode, stderr } = await program.ended;
    expect(exitCode).toBe(0);
    expect(stderr.trim().split('\n')).toHaveLength(8);
    expect(stderr).toContain('the program has heard: left by timer');
    expect(stderr).toContain('the program has heard: left by rejection');
    expect(Object.keys(strays(bench))).toHaveLength(8);
  },
);

test.concurrent(
  'one that belongs to no code of a run ends no run, and the program does not end well',
  async () => {
    using bench = new Bench();
    const program = bench.start('node flow.ts', 'straying.ts', { env: { OUTSIDE: '1' } });
    const { exitCode, stdout, stderr } = await program.ended;
    expect([exitCode, stdout]).toEqual([1, '2\n']);
    expect(stderr).toContain('left by the program');
    expect(bench.recorded().state).toBe('completed');
  },
);
