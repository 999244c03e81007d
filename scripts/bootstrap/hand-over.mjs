// @ts-check
import { spawn } from 'node:child_process';

/**
 * Starts `node ARGS…`, passes signals on, and ends this process the way that one ends: with its exit code,
 * or by the signal that ended it.
 *
 * @param {string} node
 * @param {readonly string[]} args
 */
export function handOver(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both processes; passing it on as well would count as pressing it twice.
  const isInteractive = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  process.on('SIGINT', () => {
    if (!isInteractive) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => {
    process.stderr.write(`sidereal: ${node} could not be started: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
