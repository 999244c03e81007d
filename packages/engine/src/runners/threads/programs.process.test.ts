import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const fixtures = new URL('../../../test-fixtures/runners/', import.meta.url);

function program(name: string, ...options: string[]): Promise<{ stdout: string; stderr: string }> {
  const { pathname } = new URL(name, fixtures);
  return run(process.execPath, [...options, pathname], { timeout: 60_000 });
}

describe('a program with a threads runner', () => {
  it('prints what its tasks print, by whole lines and in their order, and ends by itself', async () => {
    const { stdout, stderr } = await program('program-prints.ts');
    const lines = stdout.trimEnd().split('\n');
    for (let job = 1; job <= 9; job++) {
      const own = lines.filter((line) => line.startsWith(`job ${job} `));
      expect(own).toEqual([
        ...Array.from({ length: 20 }, (_, line) => `job ${job} line ${line} ${'Σ'.repeat(30)}`),
        `job ${job} ends without a line feed`,
      ]);
      const errors = stderr.split('\n').filter((line) => line.startsWith(`error ${job} `));
      expect(errors).toEqual(Array.from({ length: 20 }, (_, line) => `error ${job} ${line}`));
    }
    expect(lines.slice(9 * 21)).toEqual(['é', 'last words, ', 'threw 3']);
  });

  it('may be awaited by the module that declares its classes', async () => {
    const { stdout } = await program('program-awaits-itself.ts');
    expect(JSON.parse(stdout)).toEqual([9, 16, 2, ['UNCLONEABLE_ARGUMENT', 'UNCLONEABLE_RESULT']]);
  });

  it('is told when threads cannot start', async () => {
    const hook = new URL('fails-in-threads.mjs', fixtures).href;
    const { stdout } = await program('program-cannot-start.ts', `--import=${hook}`);
    expect(stdout).toBe('THREAD_START_FAILED\n');
  });
});
