import { expect, test } from 'vitest';
import { readmeBlock } from './readme-block.ts';

const markdown = [
  '```ts',
  'not this',
  '```',
  '<!-- flow.ts -->',
  '```ts',
  'const a = `b`;',
  '```',
  '<!-- flow.ts prints -->',
  '```text',
  'a',
  '',
  '  b',
  '```',
].join('\n');

test('the block after a marker is what lies between its fences', () => {
  expect(readmeBlock(markdown, 'flow.ts')).toBe('const a = `b`;\n');
  expect(readmeBlock(markdown, 'flow.ts prints')).toBe('a\n\n  b\n');
});

test('a missing marker or block is an error that names it', () => {
  expect(() => readmeBlock(markdown, 'other.ts')).toThrow('<!-- other.ts -->');
  expect(() => readmeBlock('<!-- flow.ts -->\ntext', 'flow.ts')).toThrow('no fenced block');
});
