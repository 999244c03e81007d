import { z } from 'zod';

/** What the build reads of `packages/sidereal/package.json`. */
export const packageManifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  keywords: z.array(z.string()),
  license: z.string(),
});

/**
 * The `package.json` of the package as users install it. The one in the repository points at sources.
 *
 * @param dependencies packages outside of the repository that the built code imports, with their versions
 */
export function publishedManifest(
  source: z.infer<typeof packageManifest>,
  dependencies: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  return {
    ...source,
    type: 'module',
    engines: { node: '>=24' },
    exports: {
      '.': { types: './lib/types/sidereal/index.d.ts', default: './lib/index.js' },
      './package.json': './package.json',
    },
    bin: { sidereal: './lib/cli.js' },
    files: ['lib'],
    // Importing it sets up what all copies of the package in a thread share.
    sideEffects: true,
    ...(Object.keys(dependencies).length > 0 && { dependencies }),
  };
}
