/**
 * Tasks on threads, in every form that code comes in: they are found, and people are shown the line that they
 * wrote.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const execute = promisify(execFile);
const said = z.object({ values: z.array(z.number()), at: z.string(), module: z.string(), doubt: z.string() });
let folder: string;

const TASKS = `import { task } from 'sidereal';

interface Measured {
  readonly n: number;
}
export const square = task({ name: 'square' }, ({ n }: Measured): number => n * n);
`;
const FLOW = `import { flow, threads } from 'sidereal';
import { square } from './tasks.ts';

export const squares = flow({ name: 'squares', runner: threads(1) }, async () => square.map([{ n: 2 }, { n: 3 }]));
export async function say(): Promise<void> {
  const values = await squares();
  const { at, module, origin } = square.definition;
  console.log(JSON.stringify({ values, at, module, doubt: origin?.unstableBecause ?? '' }));
}
if (import.meta.main) void say();
`;
const COMMON_JS = `const { flow, task, threads } = require('sidereal');
const square = task({ name: 'square' }, ({ n }) => n * n);
const squares = flow({ name: 'squares', runner: threads(1) }, async () => square.map([{ n: 2 }, { n: 3 }]));
exports.say = async () => {
  const values = await squares();
  const { at, module, origin } = square.definition;
  console.log(JSON.stringify({ values, at, module, doubt: origin.unstableBecause ?? '' }));
};
if (require.main === module) void exports.say();
`;

/** What esbuild makes of a module that is imported dynamically, or of CommonJS, in a bundle. */
const WRAPPED = `import { flow, task, threads } from 'sidereal';
const __esm = (fn, res) => function __init() {
  return fn && (res = (0, fn[Object.getOwnPropertyNames(fn)[0]])(fn = 0)), res;
};
var square;
const init_tasks = __esm({
  "src/tasks.ts"() {
    square = task({ name: 'square' }, ({ n }) => n * n);
  }
});
init_tasks();
const squares = flow({ name: 'squares', runner: threads(1) }, async () => square.map([{ n: 2 }, { n: 3 }]));
if (import.meta.main) {
  const values = await squares();
  const { at, module, origin } = square.definition;
  console.log(JSON.stringify({ values, at, module, doubt: origin.unstableBecause ?? '' }));
}
`;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sidereal-forms-')));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(import.meta.dirname, '..'), join(folder, 'node_modules', 'sidereal'), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'tasks.ts'), TASKS);
  writeFileSync(join(folder, 'flow.ts'), FLOW);
  writeFileSync(join(folder, 'flow.cjs'), COMMON_JS);
  writeFileSync(join(folder, 'wrapped.mjs'), WRAPPED);
  await bundleAs('esm', 'bundle.mjs', 'import.meta.main');
  await bundleAs('cjs', 'bundle.cjs', 'require.main === module');
});

async function bundleAs(format: 'esm' | 'cjs', name: string, isMain: string): Promise<void> {
  await using bundle = await rolldown({
    input: join(folder, 'flow.ts'),
    platform: 'node',
    external: ['sidereal'],
    transform: { define: { 'import.meta.main': 'IS_MAIN' } },
  });
  const banner = `const IS_MAIN = ${isMain};`;
  await bundle.write({ file: join(folder, name), format, banner, sourcemap: 'inline' });
}

afterAll(() => rmSync(folder, { recursive: true }));

/** What a program says of its task and the values that the task gave on a thread. */
async function run(...args: string[]): Promise<z.infer<typeof said>> {
  const { stdout } = await execute(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, SIDEREAL_STORE: join(folder, 'store') },
    timeout: 60_000,
  });
  return said.parse(JSON.parse(stdout));
}

function expected(module: string, at = 'tasks.ts:6:23'): object {
  return { values: [4, 9], at: join(folder, at), module: `file://${folder}/${module}`, doubt: '' };
}

describe.concurrent('a task runs on a thread and is shown as it was written', () => {
  it('from CommonJS', async () => {
    expect(await run('flow.cjs')).toEqual(expected('flow.cjs', 'flow.cjs:2:16'));
  });

  it.each(['bundle.mjs', 'bundle.cjs'])('from %s, with its source map', async (name) => {
    const bundled = await run('--enable-source-maps', name);
    expect(bundled).toEqual({ ...expected(name), at: expect.stringMatching(/\/tasks\.ts:6:\d+$/) });
  });

  it('from a bundle without its source map', async () => {
    const bundled = await run('bundle.mjs');
    expect(bundled).toEqual({
      ...expected('bundle.mjs'),
      at: expect.stringMatching(/\/bundle\.mjs:\d+:\d+$/),
    });
  });

  it('from the functions that a bundler wraps modules in', async () => {
    expect(await run('wrapped.mjs')).toEqual(expected('wrapped.mjs', 'wrapped.mjs:8:14'));
  });

  it.each([
    ['gives no text', 'Error.prepareStackTrace = (_error, frames) => frames;'],
    ['cannot be changed', 'Object.freeze(Error);'],
  ])('where the formatting of stacks %s', async (_how, code) => {
    const hook = `data:text/javascript,${encodeURIComponent(code)}`;
    expect(await run(`--import=${hook}`, 'flow.ts')).toEqual(expected('tasks.ts'));
  });

  it('under options of V8 and of the process, which no thread takes', async () => {
    expect(await run('--max-old-space-size=2048', '--expose-gc', '--title=flow', 'flow.ts')).toEqual(
      expected('tasks.ts'),
    );
  });

  it.each([
    [
      'an ES module',
      ['--input-type=module', '--eval', "const { say } = await import('./flow.ts'); await say();"],
    ],
    ['a script', ['--eval', "void import('./flow.ts').then(({ say }) => say());"]],
    [
      'an ES module, with options that no thread takes',
      [
        '--max-old-space-size=2048',
        '--expose-gc',
        '--input-type=module',
        '--eval',
        "const { say } = await import('./flow.ts'); await say();",
      ],
    ],
  ])('for code on the command line that is %s', async (_kind, args) => {
    expect(await run(...args)).toEqual(expected('tasks.ts'));
  });
});
