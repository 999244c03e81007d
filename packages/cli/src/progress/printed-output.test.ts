import { expect, test } from 'vitest';
import { PrintedOutput } from './printed-output.ts';

function setUp() {
  const written: string[] = [];
  const lines: string[] = [];
  const stream = {
    write: (text: string | Uint8Array): boolean => {
      written.push(String(text));
      return true;
    },
  };
  return { stream, written, lines, printed: new PrintedOutput(stream, (text) => lines.push(text)) };
}

test('what is printed comes by whole lines', () => {
  const { stream, written, lines } = setUp();
  stream.write('one\ntw');
  stream.write('o\nthr');
  expect(lines).toEqual(['one\n', 'two\n']);
  expect(written).toEqual([]);
});

test('bytes are text, however they are cut', () => {
  const { stream, lines } = setUp();
  const bytes = new TextEncoder().encode('校正\n');
  stream.write(bytes.subarray(0, 2));
  stream.write(bytes.subarray(2));
  expect(lines).toEqual(['校正\n']);
});

test('a line without an end comes when the stream is given back', () => {
  const { stream, written, lines, printed } = setUp();
  stream.write('unfinished');
  printed[Symbol.dispose]();
  expect(lines).toEqual(['unfinished\n']);
  stream.write('direct');
  expect(written).toEqual(['direct']);
});

test('endless text without lines is not held back for ever', () => {
  const { stream, lines } = setUp();
  stream.write('x'.repeat(70_000));
  expect(lines).toEqual([`${'x'.repeat(70_000)}\n`]);
});

test('writing through reaches the stream', () => {
  const { written, lines, printed } = setUp();
  printed.writeThrough('frame');
  expect([written, lines]).toEqual([['frame'], []]);
});
