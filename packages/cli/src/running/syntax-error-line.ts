import { spawnSync } from 'node:child_process';
import { userLine } from '../errors/user-line.ts';

const PATIENCE_MS = 10_000;

/**
 * Where the syntax error of a JavaScript module is: an import does not say, `node --check` does. Undefined for
 * TypeScript, whose errors say it themselves, and if the module has none (one that it imports may have).
 */
export function syntaxErrorLine(path: string): string | undefined {
  if (!/\.[cm]?js$/.test(path)) return undefined;
  const { stderr } = spawnSync(process.execPath, ['--check', path], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  return userLine(stderr);
}
