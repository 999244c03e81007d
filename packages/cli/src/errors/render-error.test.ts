import { SiderealError, type ErrorRecord } from '@sidereal/core';
import { expect, test } from 'vitest';
import { makeStyle } from '../terminal/style.ts';
import { errorView } from './error-view.ts';
import { errorLines, errorSummary } from './render-error.ts';

const source = ['const square = task(', '\t\tthrow new Error(`no signal`);', ''].join('\n');
const options = {
  style: makeStyle(false, true),
  width: 60,
  cwd: '/home/ada/cube',
  read: (path: string) => (path === '/home/ada/cube/flow.ts' ? source : undefined),
};

test('an error shows its code, the line of the user with a caret, what lies beneath and what to do', () => {
  const cause = new Error('no signal in channel 3');
  const error = new SiderealError('MAP_FAILED', '1 of 8 runs of square failed: 1× no signal in channel 7', {
    at: '/home/ada/cube/flow.ts:2:9',
    remedy: 'Mend the causes, then `sidereal retry --failed`; or accept failures.',
    cause,
  });
  expect(errorLines(errorView(error), options)).toEqual([
    '✗ MAP_FAILED  1 of 8 runs of square failed: 1× no signal in',
    '  channel 7',
    '  at flow.ts:2:9',
    '    2 │   throw new Error(`no signal`);',
    '      │         ^',
    '  caused by Error: no signal in channel 3',
    '  remedy  Mend the causes, then `sidereal retry --failed`;',
    '          or accept failures.',
    '  more    sidereal explain MAP_FAILED',
  ]);
});

test("an error of the user's has its class, and its line if that is known", () => {
  const error = new TypeError('x is not a function');
  const lines = errorLines(
    errorView(error, () => '/elsewhere/flow.ts:10:3'),
    options,
  );
  expect(lines).toEqual(['✗ TypeError  x is not a function', '  at /elsewhere/flow.ts:10:3']);
});

test('grouped errors are told one by one, and a line that they share once', () => {
  const inner = (n: number): ErrorRecord => ({
    name: 'Error',
    message: `no ${n}`,
    at: '/home/ada/cube/flow.ts:2:9',
  });
  const error: ErrorRecord = {
    name: 'Error',
    message: 'outer',
    cause: { name: 'AggregateError', message: '2 different causes', errors: [inner(1), inner(2)] },
  };
  expect(errorLines(error, options)).toEqual([
    '✗ Error  outer',
    '  one of them Error: no 1',
    '    at flow.ts:2:9',
    '      2 │   throw new Error(`no signal`);',
    '        │         ^',
    '  one of them Error: no 2',
  ]);
});

test('a cause that says the same is not repeated, and chains end', () => {
  let error: ErrorRecord = { name: 'Error', message: 'cause 9' };
  for (let n = 8; n >= 0; n -= 1) error = { name: 'Error', message: `cause ${n}`, cause: error };
  expect(errorLines(error, options)).toEqual([
    '✗ Error  cause 0',
    '  caused by Error: cause 1',
    '  caused by Error: cause 2',
    '  caused by Error: cause 3',
    '  caused by Error: cause 4',
    '  …',
  ]);
  const same: ErrorRecord = {
    name: 'Error',
    message: 'flow.ts could not be imported: no such package',
    cause: { name: 'Error', message: 'no such package' },
  };
  expect(errorLines(same, { ...options, width: 100 })).toEqual([
    '✗ Error  flow.ts could not be imported: no such package',
  ]);
});

test('long messages are cut, and stacks shown only on demand', () => {
  const error: ErrorRecord = {
    name: 'Error',
    message: Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\n'),
    stack: 'Error: line 0\n    at f (flow.ts:1:1)',
  };
  const lines = errorLines(error, options);
  expect(lines).toHaveLength(13);
  expect(lines.at(-1)).toBe('  … 8 more lines');
  expect(errorLines({ ...error, message: 'short' }, { ...options, debug: true })).toEqual([
    '✗ Error  short',
    '',
    '  Error: line 0',
    '      at f (flow.ts:1:1)',
  ]);
});

test('escape sequences in messages do no harm, and ASCII suffices', () => {
  const error: ErrorRecord = { name: 'Error', message: 'evil \u001B[2J' };
  expect(errorLines(error, { ...options, style: makeStyle(false, false) })).toEqual([
    String.raw`x Error  evil \x1b[2J`,
  ]);
});

test('thrown values that are no errors are told too', () => {
  expect(errorLines(errorView('just text'), options)).toEqual(['✗ Thrown  just text']);
});

test('a summary is one line', () => {
  const error = { name: 'Error', message: 'two\nlines', at: '/home/ada/cube/flow.ts:2:9' };
  expect(errorSummary(error, '/home/ada/cube')).toBe('Error: two (flow.ts:2:9)');
});
