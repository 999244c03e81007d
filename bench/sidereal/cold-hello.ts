import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '../../packages/sidereal/scripts/bundle.ts';
import type { Measured } from '../suite/outcome.ts';
import { recordAtEnd } from './record-at-end.ts';
import { openStoreReader } from '@sidereal/store';

const ROOT = join(import.meta.dirname, '..', '..');

/**
 * A fresh process that runs a flow of one task and ends, from its start to its end, with the package compiled
 * as users install it. Once unmeasured before, so that the files are in the page cache.
 */
export async function coldHello(): Promise<Omit<Measured, 'versions' | 'settings'>> {
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-bench-'));
  try {
    await install(join(folder, 'node_modules', 'sidereal'));
    copyFileSync(join(import.meta.dirname, 'hello.ts'), join(folder, 'hello.ts'));
    sayHello(folder, 'warm');
    const tWorkflow = sayHello(folder, 'measured');
    const store = join(folder, 'measured');
    const record = await recordAtEnd(store, onlyRun(store), 1);
    return { tWorkflow, ...record };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiles the package into a folder that `import 'sidereal'` finds. */
async function install(folder: string): Promise<void> {
  mkdirSync(join(folder, 'lib'), { recursive: true });
  await bundle(ROOT, join(folder, 'lib'));
  const manifest = { name: 'sidereal', version: '0.0.0', type: 'module', exports: './lib/index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
}

function sayHello(folder: string, store: string): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['hello.ts'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, SIDEREAL_STORE: join(folder, store) },
  });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0 || stdout.trim() !== 'hello, world') throw new Error(`${status}: ${stdout}${stderr}`);
  return seconds;
}

function onlyRun(store: string): string {
  using reader = openStoreReader(store);
  return reader.listRuns({ limit: 1 })[0]?.id ?? '';
}
