import { expect, test } from 'vitest';
import { COMMANDS } from '../commands/commands.ts';
import type { Arguments } from './arguments.ts';
import { parseArguments } from './parse-arguments.ts';

function parse(name: string, ...argv: readonly string[]): Arguments {
  return parseArguments(
    COMMANDS.find((command) => command.name === name)!,
    argv,
  );
}

test('operands and options may come in any order', () => {
  const args = parse('run', '--store', 'here', 'flow.ts', '--json', 'a=1', '--input={"b":2}', 'c=-3');
  expect(args.operands).toEqual(['flow.ts', 'a=1', 'c=-3']);
  expect([args.text('store'), args.text('input'), args.has('json'), args.has('no-progress')]).toEqual([
    'here',
    '{"b":2}',
    true,
    false,
  ]);
});

test('what follows -- is an operand', () => {
  expect(parse('run', 'flow.ts', '--', '--a=1').operands).toEqual(['flow.ts', '--a=1']);
});

test('an option may be repeated if it may have several values', () => {
  expect(parse('retry', 'latest', '--from', 'a', '--from', 'b').texts('from')).toEqual(['a', 'b']);
  expect(() => parse('run', 'flow.ts', '--store', 'a', '--store', 'b')).toThrow('--store was given 2 times');
});

test.each([
  ['run', [], "'run' needs MODULE[:EXPORT] [key=value …]", 'See `sidereal run --help`.'],
  ['runs', ['extra'], "'runs' does not take 'extra'", 'See `sidereal runs --help`.'],
  ['runs', ['--jsn'], "'runs' has no option --jsn", 'Did you mean --json? See `sidereal runs --help`.'],
  ['runs', ['-x'], "'runs' has no option -x", 'See `sidereal runs --help`.'],
  ['runs', ['--json=yes'], '--json takes no value', 'See `sidereal runs --help`.'],
  ['runs', ['--store'], '--store needs a value: --store DIR', 'See `sidereal runs --help`.'],
  ['runs', ['--store', '--json'], '--store needs a value: --store DIR', 'See `sidereal runs --help`.'],
])('%s %j is wrong usage', (name, argv, message, remedy) => {
  expect(() => parse(name, ...argv)).toThrow(expect.objectContaining({ code: 'USAGE', message, remedy }));
});

test('help is given whatever else is wrong with the operands', () => {
  expect(parse('run', '--help').has('help')).toBe(true);
  expect(parse('run', '-h').has('help')).toBe(true);
});

test('numbers are whole and not negative', () => {
  expect(parse('runs', '--limit', '20').count('limit')).toBe(20);
  expect(parse('runs').count('limit')).toBeUndefined();
  for (const text of ['-1', '1.5', 'ten', '', '1e3']) {
    expect(() => parse('runs', `--limit=${text}`).count('limit')).toThrow('--limit takes a whole number');
  }
});

test('choices may be joined by commas; a wrong one is told what was probably meant', () => {
  const states = ['failed', 'crashed', 'running'] as const;
  expect(parse('runs', '--state', 'failed,crashed', '--state', 'running').choices('state', states)).toEqual([
    'failed',
    'crashed',
    'running',
  ]);
  expect(() => parse('runs', '--state', 'faild').choices('state', states)).toThrow(
    expect.objectContaining({
      message: "--state does not know 'faild'",
      remedy: 'Did you mean failed? It takes one of: failed, crashed, running.',
    }),
  );
});
