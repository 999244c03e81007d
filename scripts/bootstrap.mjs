// @ts-check
/**
 * `node scripts/bootstrap.mjs FILE ARGS…` runs FILE of this repository with ARGS under the Node.js that the
 * repository pins, on a machine that has nothing but git, npm and some Node.js from version 20 on.
 *
 *   1. checks the Node.js that it runs on itself,
 *   2. installs the locked dependencies with `npm ci` if they are absent or not those of the lockfile,
 *   3. starts FILE with the pinned Node.js (or this one, if it can run the sources as they are),
 *      hands over arguments, streams and signals, and ends the way it ended.
 *
 * It and the modules beside it are plain JavaScript for Node.js 20, and import nothing that needs installing.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseNode } from './bootstrap/choose-node.mjs';
import { installDependencies, staleDependencies } from './bootstrap/dependencies.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { isAtLeast } from './bootstrap/version.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string} line */
function say(line) {
  process.stderr.write(`sidereal: ${line}\n`);
}

/** @param {readonly string[]} lines @returns {never} */
function fail(...lines) {
  for (const line of lines) say(line);
  process.exit(1);
}

const [file, ...args] = process.argv.slice(2);
if (file === undefined) fail('usage: node scripts/bootstrap.mjs FILE [ARGUMENTS…]');

if (!isAtLeast(process.versions.node, '20.0.0')) {
  fail(
    `this is Node.js ${process.versions.node}; setting the repository up needs version 20 or later.`,
    'Install a current Node.js (https://nodejs.org) and run the same command again.',
  );
}

const reason = staleDependencies(root);
if (reason !== undefined) {
  say(`${reason}: installing what package-lock.json lists, with \`npm ci\` (about 400 MB, once).`);
  const problem = installDependencies(root);
  if (problem !== undefined) {
    fail(
      `${problem}; npm's own words are above.`,
      'Mend the cause and run the same command again; it starts over.',
    );
  }
  say('the dependencies are there.');
}

const choice = chooseNode(root, say);
if (choice === undefined) {
  fail(
    `the sources need Node.js 24.12 or later, this is ${process.versions.node}, and the one that npm should have`,
    `installed for ${process.platform}-${process.arch} is absent or does not run here.`,
    'Install Node.js 24 or later (https://nodejs.org), or install again without --omit=optional.',
  );
}

const path = join(root, file);
if (!existsSync(path)) fail(`there is no ${file} in ${root}.`);
handOver(choice, [path, ...args]);
