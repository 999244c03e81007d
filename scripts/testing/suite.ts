import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestTally } from './tally.ts';
import { tallyVitest } from './vitest-report.ts';

/** A named part of the tests: one project of `vitest.config.ts`. */
export interface Suite {
  readonly name: string;
  /** What it proves, for the line that announces it. */
  readonly about: string;
  /** Only test files whose path contains one of these; default: all. */
  readonly files?: readonly string[];
}

/** All suites, in the order in which `npm test` runs them. */
export const suites: readonly Suite[] = [
  { name: 'unit', about: 'units, contracts and properties, side by side' },
  { name: 'types', about: 'what must compile and what must not' },
  { name: 'processes', about: 'processes that are started, killed and resumed, one after another' },
  { name: 'packaging', about: 'what users install: built, packed, installed in an empty folder, used' },
];

/** Runs one suite to its end, its output going to this process's, and counts. */
export async function runSuite(suite: Suite, root: string): Promise<TestTally> {
  const folder = mkdtempSync(join(tmpdir(), 'sidereal-test-'));
  const report = join(folder, 'report.json');
  try {
    const { files = [] } = suite;
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const exitCode = await vitest(root, [
      'run',
      '--project',
      suite.name,
      '--passWithNoTests',
      ...reporters,
      ...files,
    ]);
    const json: unknown = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
    return tallyVitest(suite.name, json, exitCode);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function vitest(root: string, args: readonly string[]): Promise<number | null> {
  const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code));
  });
}
