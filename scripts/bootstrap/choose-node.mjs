// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isAtLeast } from './version.mjs';

/** The oldest Node.js whose type stripping is stable. */
const OLDEST = '24.12.0';

/**
 * The Node.js to run the sources with: the pinned one if it is installed and runs here, or else the one in
 * use if it is recent enough, or else none.
 *
 * @param {string} root
 * @param {(line: string) => void} warn
 * @returns {string | undefined} path of the executable
 */
export function chooseNode(root, warn) {
  const pinned = pinnedNode(root);
  if (pinned !== undefined) {
    if (realpathSync(pinned) === realpathSync(process.execPath) || runs(pinned)) {
      link(root, pinned);
      return pinned;
    }
    warn(`${pinned} does not run on this machine; it is set aside.`);
    // npm puts this folder first on the path of its scripts: left there, the next `npm start` would end here.
    for (const name of ['node', 'node.cmd', 'node.ps1']) {
      rmSync(join(root, 'node_modules', '.bin', name), { force: true });
    }
  }
  return isAtLeast(process.versions.node, OLDEST) ? process.execPath : undefined;
}

/**
 * The pinned packages carry one executable each, for one platform; npm installs the one that fits.
 *
 * @param {string} root
 */
function pinnedNode(root) {
  /** @type {{ optionalDependencies?: Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  for (const name of Object.keys(manifest.optionalDependencies ?? {})) {
    const path = join(root, 'node_modules', name, 'bin', executable);
    if (name.startsWith('node-') && existsSync(path)) return path;
  }
  return undefined;
}

/**
 * npm 10 leaves the link to the pinned executable out (the packages of the other platforms, which it skips,
 * have the same link); `npx` and npm's scripts need it.
 *
 * @param {string} root
 * @param {string} pinned
 */
function link(root, pinned) {
  const folder = join(root, 'node_modules', '.bin');
  if (process.platform !== 'win32' && existsSync(folder) && !existsSync(join(folder, 'node'))) {
    rmSync(join(folder, 'node'), { force: true });
    symlinkSync(relative(folder, pinned), join(folder, 'node'));
  }
}

/** @param {string} executable */
function runs(executable) {
  const { status, stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.startsWith('v');
}
