import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseModuleAddress } from './module-address.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidereal-modules-'));
  writeFileSync(join(folder, 'odd:name'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['flow.ts', 'flow.ts', undefined],
  ['./flow.ts:imageCube', 'flow.ts', 'imageCube'],
  ['sub/flow.ts:image-cube', 'sub/flow.ts', 'image-cube'],
  ['flow.ts:$x', 'flow.ts', '$x'],
  ['odd:name', 'odd:name', undefined],
  ['flow.ts:', 'flow.ts:', undefined],
])('%s is the module %s and the flow %s', (text, path, entry) => {
  const address = parseModuleAddress(text, folder);
  expect(address).toMatchObject({ path: join(folder, path), entry });
  expect(address.url).toMatch(/^file:\/\/\//);
});

test('URLs are taken as they are', () => {
  expect(parseModuleAddress('file:///home/my%20cube/flow.ts:cube', folder)).toEqual({
    url: 'file:///home/my%20cube/flow.ts',
    path: '/home/my cube/flow.ts',
    entry: 'cube',
  });
});
