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

async function notes(id: string): Promise<readonly string[]> {
  const { notes: said } = reported.parse(await workplace.json(['show', id]));
  return said.map(({ code, message, by }) => `${by.name}: ${code}: ${message}`);
}

test('values of changed code are kept, unless they are not wanted, and told with the file that changed', async () => {
  const { folder } = workplace;
  writeFileSync(join(folder, 'lib/other.ts'), 'export {};\n');
  const failed = await workplace.run(['run', 'flow.ts']);
  expect(failed.stderr).toContain('not ready');
  const id = /run (\S+)/.exec(failed.stderr)?.[1] ?? '';

  writeFileSync(join(folder, 'lib/gains.ts'), gains(100));
  writeFileSync(join(folder, 'lib/other.ts'), 'export const one = 1;\n');
  writeFileSync(join(folder, 'ready'), '');
  const kept = await workplace.run(['retry', id]);
  expect(kept.stdout).toBe('60\n');
  expect(kept.stderr).toContain(
    "./lib/gains.ts has changed since the recorded runs of task 'calibrate', which were reused",
  );
  // Once for all three, and not of a file that the flow does not reach.
  const note = 'calibrate: code_changed: ./lib/gains.ts has changed; its value is kept';
  expect(await notes(id)).toEqual([note]);

  const again = await workplace.run(['retry', id, '--rerun-changed']);
  expect(again.stdout).toBe('600\n');
  expect(again.stderr).toContain("the recorded runs of task 'calibrate', which ran again");
  const made = 'calibrate: runs_again: ./lib/gains.ts has changed';
  const consumed = 'sum: runs_again: calibrate, which it consumes, was made anew';
  expect(await notes(id)).toEqual([note, made, made, made, consumed]);
});
