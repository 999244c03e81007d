import path from 'node:path';
import { expect, test } from 'vitest';
import { pathFrom } from './path-from.ts';

test('a path is seen from a folder, and says so', () => {
  expect(pathFrom('/home/ada', '/home/ada/cube/clean.ts', path.posix)).toBe('./cube/clean.ts');
  expect(pathFrom('/home/ada/cube', '/home/ada/shared/a.ts', path.posix)).toBe('../shared/a.ts');
  expect(pathFrom('/home/ada', '/home/ada', path.posix)).toBe('.');
  expect(pathFrom('/home/ada', '/home/ada/..cube/a.ts', path.posix)).toBe('./..cube/a.ts');
});

test('on Windows, too, and across its drives', () => {
  expect(pathFrom('C:\\ada', 'C:\\ada\\cube\\clean.ts', path.win32)).toBe('./cube/clean.ts');
  expect(pathFrom('C:\\ada\\cube', 'C:\\ada\\clean.ts', path.win32)).toBe('../clean.ts');
  expect(pathFrom('C:\\ada', 'D:\\data\\clean.ts', path.win32)).toBe('D:/data/clean.ts');
});
