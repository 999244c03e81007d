import { expect, test } from 'vitest';
import { threadArguments } from './thread-arguments.ts';

test('a thread takes over the options of its process, but for the kind of code on the command line', () => {
  expect(threadArguments(['--import', 'tsx', '--input-type=module', '-e', 'code'])).toEqual([
    '--import',
    'tsx',
    '-e',
    'code',
  ]);
  expect(threadArguments(['--input-type', 'module', '--enable-source-maps'])).toEqual([
    '--enable-source-maps',
  ]);
});
