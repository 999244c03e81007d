import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The packages, by their folders. Nothing of what users install lies elsewhere. */
export const PACKAGES = ['core', 'engine', 'store', 'cli', 'sidereal'] as const;
export type PackageName = (typeof PACKAGES)[number];

const manifest = z.object({
  exports: z.record(z.string(), z.string()).default({}),
  bin: z.record(z.string(), z.string()).default({}),
});

/** The folder of a package's sources, from the root of the repository. */
export function sourcesOf(name: PackageName): string {
  return `packages/${name}/src`;
}

/** The files by which a package is entered from outside, from the root of the repository. */
export function entryPointsOf(root: string, name: PackageName): ReadonlySet<string> {
  const text = readFileSync(join(root, 'packages', name, 'package.json'), 'utf8');
  const { exports, bin } = manifest.parse(JSON.parse(text));
  const paths = [...Object.values(exports), ...Object.values(bin)];
  return new Set(paths.map((path) => `packages/${name}/${path.replace(/^\.\//, '')}`));
}
