import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidereal-hand-over-'));
  const handOver = join(import.meta.dirname, 'hand-over.mjs');
  writeFileSync(
    join(folder, 'parent.mjs'),
    `import { handOver } from ${JSON.stringify(handOver)}; handOver(process.execPath, process.argv.slice(2));`,
  );
  writeFileSync(
    join(folder, 'says.mjs'),
    `console.log(process.argv.slice(2).join('|')); process.exitCode = 7;`,
  );
  writeFileSync(
    join(folder, 'waits.mjs'),
    `setInterval(() => {}, 1000);
     process.on('SIGINT', () => { console.log('interrupted'); process.exit(5); });
     console.log('ready');`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** Runs a child under the parent; sends the parent `signal` once the child says that it is ready. */
function run(args: readonly string[], signal?: NodeJS.Signals): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const [file = '', ...rest] = args;
    const parent = spawn(process.execPath, [join(folder, 'parent.mjs'), join(folder, file), ...rest], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    parent.stdout.on('data', (data: Buffer) => {
      output += data.toString();
      if (signal !== undefined && output === 'ready\n') parent.kill(signal);
    });
    parent.on('error', reject);
    parent.on('close', (code, endedBy) => resolve({ code, signal: endedBy, output }));
  });
}

describe('a program that is handed over to another Node.js', () => {
  test('gets its arguments as they are, and its exit code is kept', async () => {
    expect(await run(['says.mjs', 'a b', '--flag', '*'])).toEqual({
      code: 7,
      signal: null,
      output: 'a b|--flag|*\n',
    });
  });

  test('gets the signals that it handles', async () => {
    expect(await run(['waits.mjs'], 'SIGINT')).toEqual({
      code: 5,
      signal: null,
      output: 'ready\ninterrupted\n',
    });
  });

  test('is ended by those that it does not handle, and so is its parent', async () => {
    expect(await run(['waits.mjs'], 'SIGTERM')).toEqual({ code: null, signal: 'SIGTERM', output: 'ready\n' });
  });
});
