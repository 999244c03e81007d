import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs a tool of node_modules with this Node.js, its output going to this process's.
 *
 * @param program path of its JavaScript file inside node_modules
 * @returns whether it was content
 */
export function runTool(root: string, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const path = join(root, 'node_modules', program);
    const child = spawn(process.execPath, [path, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0));
  });
}
