import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hello-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function output(file: string): Promise<string> {
  const path = join(import.meta.dirname, file);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [path], {
    cwd: folder,
    env: { ...process.env, SIDEREAL_STORE: join(folder, 'store') },
  });
  expect(stderr).toBe('');
  return stdout.trim();
}

describe('the first flows', () => {
  it('sum squares', async () => {
    expect(await output('hello.ts')).toBe('204');
  });

  it('try again, and tell what failed', async () => {
    expect(await output('retry-and-settle.ts')).toBe("{ good: [ 4, 8 ], bad: [ '7 is odd', '9 is odd' ] }");
  });

  it('nest', async () => {
    expect(await output('nested-stages.ts')).toBe('{ total: 346401, middle: 113 }');
  });

  it('converge', async () => {
    expect(await output('until-it-converges.ts')).toMatch(/guess: 1\.41421356237309.*reason: 'converged'/);
  });

  it('use threads', async () => {
    expect(Math.abs(Number(await output('on-threads.ts')) - Math.PI)).toBeLessThan(0.01);
  });
});
