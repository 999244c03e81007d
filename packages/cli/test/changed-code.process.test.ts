import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { Workplace } from './cli.ts';

const FLOW = `import { flow, task, threads } from 'sidereal';
import { existsSync } from 'node:fs';
import { correct } from './lib/gains.ts';

const calibrate = task({ name: 'calibrate' }, (n: number): number => correct(n));
const sum = task({ name: 'sum' }, (parts: readonly number[]): number => {
  if (!existsSync('ready')) throw new Error('not ready');
  return parts.reduce((a, b) => a + b, 0);
});
export default flow({ name: 'survey', runner: threads(1) }, async () => sum(calibrate.map([1, 2, 3])));
`;
const gains = (factor: number): string => `export function correct(n: number): number {
  return ${factor} * n;
}
`;
const reported = z.object({
  notes: z.array(z.object({ code: z.string(), message: z.string(), by: z.object({ name: z.string() }) })),
});

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
  const { folder } = workplace;
  mkdirSync(join(folder, 'lib'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '../../sidereal'), join(folder, 'node_modules/sidereal'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'flow.ts'), FLOW);
  writeFileSync(join(folder, 'lib/gains.ts'), gains(10));
});
afterEach(() => workplace[Symbol.dispose]());

/** Changes the helper of a run whose last task has failed; that one comes right when it is run again. */
async function failedThenChanged(): Promise<string> {
  const { stderr } = await workplace.run(['run', 'flow.ts']);
  expect(stderr).toContain('not ready');
  writeFileSync(join(workplace.folder, 'lib/gains.ts'), gains(100));
  writeFileSync(join(workplace.folder, 'ready'), '');
  return /run (\S+)/.exec(stderr)?.[1] ?? '';
}

async function notes(id: string): Promise<readonly string[]> {
  const { notes: said } = reported.parse(await workplace.json(['show', id]));
  return said.map(({ code, message, by }) => `${by.name}: ${code}: ${message}`);
}

test('values of changed code are kept, and told with the file that changed', async () => {
  const id = await failedThenChanged();
  const { stdout, stderr } = await workplace.run(['retry', id]);
  expect(stdout).toBe('60\n');
  expect(stderr).toContain(
    "./lib/gains.ts has changed since the recorded runs of task 'calibrate', which were reused",
  );
  // Once for all three.
  expect(await notes(id)).toEqual(['calibrate: code_changed: ./lib/gains.ts has changed; its value is kept']);
});

test('--rerun-changed runs again what the changed code gave, and what consumes it', async () => {
  const id = await failedThenChanged();
  expect((await workplace.run(['retry', id])).stdout).toBe('60\n');
  const { stdout, stderr } = await workplace.run(['retry', id, '--rerun-changed']);
  expect(stdout).toBe('600\n');
  expect(stderr).toContain("the recorded runs of task 'calibrate', which ran again");
  expect(await notes(id)).toEqual(
    expect.arrayContaining([
      'calibrate: runs_again: ./lib/gains.ts has changed',
      'sum: runs_again: calibrate, which it consumes, was made anew',
    ]),
  );
});

test('other files of the project do not count', async () => {
  writeFileSync(join(workplace.folder, 'lib/other.ts'), 'export {};\n');
  const { stderr } = await workplace.run(['run', 'flow.ts']);
  const id = /run (\S+)/.exec(stderr)?.[1] ?? '';
  writeFileSync(join(workplace.folder, 'lib/other.ts'), 'export const one = 1;\n');
  writeFileSync(join(workplace.folder, 'ready'), '');
  expect((await workplace.run(['retry', id, '--rerun-changed'])).stdout).toBe('60\n');
  expect(await notes(id)).toEqual([]);
});
