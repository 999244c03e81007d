import { expect, test } from 'vitest';
import { moduleUrlOf, pathOf, withoutQuery } from './module-url.ts';

test.each([
  ['file:///home/ada/cube.ts?v=2', 'file:///home/ada/cube.ts?v=2'],
  ['/home/ada/my cube#1.cjs', 'file:///home/ada/my%20cube%231.cjs'],
  ['C:\\ada\\cube.cjs', 'file:///C:/ada/cube.cjs'],
  ['data:text/javascript,1', 'data:text/javascript,1'],
  ['[eval]', ''],
  ['[eval]-wrapper', ''],
  ['[stdin]', ''],
  ['file:///home/ada/[eval1]', ''],
  ['REPL12', ''],
  ['evalmachine.<anonymous>', ''],
  ['', ''],
])('the script %s is the module %s', (script, module) => {
  expect(moduleUrlOf(script)).toBe(module);
});

test('instances of a module are one module', () => {
  expect(withoutQuery('file:///home/ada/cube.ts?v=2#there')).toBe('file:///home/ada/cube.ts');
  expect(withoutQuery('data:text/javascript,a?b')).toBe('data:text/javascript,a?b');
});

test('people read paths', () => {
  expect(pathOf('file:///home/ada/my%20cube.ts?v=2')).toBe('/home/ada/my cube.ts');
  expect(pathOf('REPL3')).toBe('REPL3');
});
