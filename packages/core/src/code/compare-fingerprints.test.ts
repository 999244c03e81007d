import { describe, expect, it } from 'vitest';
import type { CodeFingerprint } from './code-fingerprint.ts';
import { compareFingerprints } from './compare-fingerprints.ts';

function fingerprint(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): CodeFingerprint {
  return {
    module: 'cube/clean.ts',
    digest: JSON.stringify([files, packages]),
    files: Object.entries(files).map(([path, digest]) => ({ path, digest })),
    packages,
  };
}

describe('what has changed in the code of a module', () => {
  it('is nothing if nothing has', () => {
    expect(compareFingerprints(fingerprint({ a: '1' }), fingerprint({ a: '1' }))).toBeUndefined();
  });

  it('is named by file', () => {
    const before = fingerprint({ './a.ts': '1', './b.ts': '2', './c.ts': '3', './d.ts': '4' });
    const after = fingerprint({ './a.ts': '9', './b.ts': '2', './c.ts': '', './e.ts': '5' });
    expect(compareFingerprints(before, after)).toBe(
      './a.ts has changed, ./c.ts is gone, ./e.ts is new and ./d.ts is no longer imported',
    );
  });

  it('is named by package', () => {
    const before = fingerprint({}, ['@lab/fit@1.0.0', 'old@3.0.0', 'zod@4.1.0']);
    const after = fingerprint({}, ['@lab/fit@1.0.1', 'new@1.0.0', 'zod@4.1.0']);
    expect(compareFingerprints(before, after)).toBe(
      '@lab/fit 1.0.0 is now 1.0.1, new 1.0.0 is new and old is no longer imported',
    );
  });

  it('tells versions of one package apart that are there at once', () => {
    expect(
      compareFingerprints(
        fingerprint({}, ['fit@1.0.0', 'fit@2.0.0']),
        fingerprint({}, ['fit@1.0.0', 'fit@2.1.0']),
      ),
    ).toBe('fit 2.0.0 is now 2.1.0');
  });

  it('is counted where it is much', () => {
    const paths = ['a', 'b', 'c', 'd', 'e'];
    const files = (digest: string): Record<string, string> =>
      Object.fromEntries(paths.map((path) => [path, digest]));
    expect(compareFingerprints(fingerprint(files('1')), fingerprint(files('2')))).toBe(
      'a has changed, b has changed, c has changed and 2 other changes',
    );
  });
});
