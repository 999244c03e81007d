// @ts-check
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, resolved?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} Entry
 * @typedef {{ packages?: Record<string, Entry> }} Lock
 */

/**
 * Why the installed dependencies are not those of the lockfile; `undefined` if they are.
 *
 * @param {string} root
 */
export function staleDependencies(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is absent';
  if (!existsSync(installed)) return 'node_modules is incomplete';
  return difference(read(join(root, 'package-lock.json')), read(installed));
}

/**
 * In what `installed` (npm's own list of what it put into node_modules) falls short of `lock`. Compares
 * content, not file times: a checkout changes the times of files that stay the same. Optional packages may
 * be missing (they are of other platforms), but not differ.
 *
 * @param {Lock} lock
 * @param {Lock} installed
 */
export function difference(lock, installed) {
  for (const [path, entry] of Object.entries(lock.packages ?? {})) {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) continue;
    const found = installed.packages?.[path];
    if (found === undefined) {
      if (entry.optional === true || entry.devOptional === true || entry.peer === true) continue;
      return `${path} is missing`;
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${path} is ${found.version ?? 'a link'}, the lockfile says ${entry.version ?? 'a link'}`;
    }
  }
  return undefined;
}

/**
 * Runs `npm ci` with the npm that started this process, if one did; all its output goes to standard error.
 * No package of the lockfile needs an install script, so none is run.
 *
 * @param {string} root
 * @returns {string | undefined} what went wrong
 */
export function installDependencies(root) {
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env['npm_execpath'];
  /** @type {import('node:child_process').SpawnSyncOptions} */
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, signal, error } = npm?.endsWith('npm-cli.js')
    ? spawnSync(process.env['npm_node_execpath'] ?? process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (error !== undefined) return `npm could not be started (${error.message})`;
  if (signal !== null) return `npm ci was ended by ${signal}`;
  return status === 0 ? undefined : `npm ci failed with exit code ${status}`;
}

/** @param {string} path @returns {Lock} */
function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
