import { expect, it } from 'vitest';
import { threadArguments } from './thread-arguments.ts';

it('leaves a thread the options of its process, V8 among them', () => {
  expect(threadArguments([])).toBeUndefined();
  expect(threadArguments(['--max-old-space-size=4096', '--import', 'tsx'])).toBeUndefined();
});

it('gives those that load modules where the process has some that no thread takes', () => {
  expect(
    threadArguments(['--max-old-space-size=4096', '--import', 'tsx', '--input-type=module', '-e', 'code']),
  ).toEqual(['--import', 'tsx']);
  expect(threadArguments(['--input-type', 'module', '-C=development', '--enable-source-maps'])).toEqual([
    '-C=development',
    '--enable-source-maps',
  ]);
});
