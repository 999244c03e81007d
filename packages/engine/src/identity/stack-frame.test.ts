import { expect, test } from 'vitest';
import { userFrame } from './stack-frame.ts';

const source = (path: string): string => new URL(path, import.meta.url).href;

function stackOf(...frames: readonly string[]): string {
  return ['Error: no signal', ...frames.map((frame) => `    at ${frame}`)].join('\n');
}

test('the frame of the user is the first that belongs neither to Node nor to Sidereal', () => {
  const stack = stackOf(
    `storeError (${source('../../../store/src/store-error.ts')}:34:10)`,
    `byteSize (${source('../../../core/src/byte-size.ts')}:17:9)`,
    `async Attempts.begin (${source('../run/attempts.ts')}:40:7)`,
    'process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
    'async gridChannel (file:///home/ada/my%20cube/grid.ts?v=2:12:30)',
    'async imageCube (file:///home/ada/my%20cube/cube.ts:3:1)',
  );
  expect(userFrame(stack)).toEqual({
    module: 'file:///home/ada/my%20cube/grid.ts?v=2',
    at: '/home/ada/my cube/grid.ts:12:30',
    functionName: 'gridChannel',
  });
});

test('frames may be plain paths, with or without a function', () => {
  expect(userFrame(stackOf('/home/ada/cube.ts:3:1'))).toEqual({
    module: 'file:///home/ada/cube.ts',
    at: '/home/ada/cube.ts:3:1',
    functionName: '',
  });
});

test('a stack of Sidereal alone has no frame of the user', () => {
  expect(
    userFrame(stackOf(`open (${source('../../../store/src/sqlite/open-database.ts')}:20:3)`)),
  ).toBeUndefined();
  expect(userFrame(undefined)).toBeUndefined();
});

test('the wrapper of a CommonJS module counts as no function', () => {
  expect(userFrame(stackOf('Object.<anonymous> (/home/ada/cube.cjs:3:1)'))).toEqual({
    module: 'file:///home/ada/cube.cjs',
    at: '/home/ada/cube.cjs:3:1',
    functionName: '',
  });
});

test('a stack in a form of its own tells nothing', () => {
  expect(userFrame(['cube.ts', 3])).toBeUndefined();
  expect(userFrame('Error in cube.ts, line 3')).toBeUndefined();
});
