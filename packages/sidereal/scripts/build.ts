/**
 * `npm run build` makes the package that users install, in `packages/sidereal/dist/`, ready to be packed:
 *
 *     package.json    what it exports, no dependencies of this repository
 *     README.md, LICENSE
 *     lib/*.js        the library, the command line and what they share; one file per worker thread
 *     lib/types/      declarations that name no package of this repository
 *
 * In the repository sources run as they are. What users install is compiled, because Node.js does not strip
 * types under node_modules.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.ts';
import { emitDeclarations } from './declarations.ts';
import { packageManifest, publishedManifest } from './manifest.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const home = join(root, 'packages', 'sidereal');
const dist = join(home, 'dist');
const lib = join(dist, 'lib');

rmSync(dist, { recursive: true, force: true });
mkdirSync(lib, { recursive: true });

const { files, dependencies } = await bundle(root, lib);
const declarations = emitDeclarations(root, join(lib, 'types'));

const manifest = packageManifest.parse(JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')));
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify(publishedManifest(manifest, dependencies), null, 2)}\n`,
);
copyFileSync(join(root, 'README.md'), join(dist, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(dist, 'LICENSE'));

console.log(`packages/sidereal/dist: ${files.join(', ')} and ${declarations} declaration files`);
