import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const dependencies = z.record(z.string(), z.string()).default({});
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      link: z.boolean().default(false),
      hasInstallScript: z.boolean().default(false),
      dependencies,
      optionalDependencies: dependencies,
    }),
  ),
});

const text = readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8');
const packages = Object.entries(lockfile.parse(JSON.parse(text)).packages);

describe('the lockfile', () => {
  test('lists every package that one of its packages needs, of every platform: `npm ci` refuses it otherwise', () => {
    const listed = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')));
    const missing = packages.flatMap(([path, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !listed.has(name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(missing).toEqual([]);
  });

  test('has no package that runs a script when it is installed: npm 12 blocks it', () => {
    const scripted = packages.filter(([, entry]) => entry.hasInstallScript).map(([path]) => path);
    // fsevents ships what it needs; its script is npm's default for a package with native sources.
    expect(scripted.filter((path) => path !== 'node_modules/fsevents')).toEqual([]);
  });

  test('names no host: every registry serves it', () => {
    expect(text).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });
});
