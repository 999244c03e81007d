import { afterEach, beforeEach, expect, test } from 'vitest';
import { flow, Workplace } from './cli.ts';

let workplace: Workplace;
beforeEach(async () => {
  workplace = new Workplace();
  const broken = await workplace.run(['run', flow('foretold.ts')], { FORETOLD_BROKEN: '1' });
  expect(broken.exitCode).toBe(1);
});
afterEach(() => workplace[Symbol.dispose]());

interface Foretelling {
  readonly nodes: readonly { readonly name: string; readonly kind: string; readonly decision: string }[];
}

/** What is foretold of task runs, by name. */
async function foretold(verb: string, ...options: string[]): Promise<Record<string, string[]>> {
  const { nodes } = (await workplace.json([verb, 'latest', '--dry-run', ...options])) as Foretelling;
  const tasks = nodes.filter(({ kind }) => kind === 'task');
  const names = Map.groupBy(tasks, ({ name }) => name);
  return Object.fromEntries([...names].map(([name, group]) => [name, group.map(({ decision }) => decision)]));
}

test('a dry run says of each node what would become of it, and does nothing', async () => {
  expect(await foretold('resume')).toEqual({
    item: ['keep', 'keep', 'keep'],
    judge: ['keep'],
    publish: ['keep'],
  });
  expect(await foretold('retry')).toEqual({
    item: ['keep', 'again', 'keep'],
    judge: ['again'],
    publish: ['doubt'],
  });
  expect(await foretold('retry', '--all')).toMatchObject({ judge: ['again'], publish: ['again'] });
  expect(await workplace.json(['resume', 'latest', '--dry-run'])).toMatchObject({
    schema: 'sidereal.foretelling/1',
    verb: 'resume',
    rules: { failed: false, from: [], tasks: [], all: false },
    atLeast: true,
    counts: { keep: 6, again: 1, doubt: 0 },
  });
  const { exitCode, stdout, stderr } = await workplace.run(['retry', 'latest', '--dry-run']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/judge .*run again .*item, which it consumes, was made anew/);
  expect(stdout).toMatch(/publish .*in doubt .*judge, which it consumes, was made anew/);
  expect(stderr).toMatch(/^\d+ kept, \d+ run again, 1 in doubt: at least/);
  // Nobody has leased the run since it was started.
  expect(await workplace.json(['show', 'latest'])).toMatchObject({
    epoch: 1,
    resume: {
      again: [],
      stale: [],
      unknown: [],
      failed: [{ name: 'item', count: 1 }],
      kept: 4,
      atLeast: true,
    },
  });
});

test('what is foretold happens; a task that is asked for runs', async () => {
  expect(await workplace.run(['retry', 'latest'])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('✗ OUTCOME_UNKNOWN  publish'),
  });
  const list = (await workplace.json(['tasks', 'latest', '--name', 'publish'])) as {
    readonly tasks: readonly { readonly idx: number; readonly key: string; readonly state: string }[];
  };
  const [publish] = list.tasks;
  expect(publish?.state).toBe('failed');
  const tasks = ['--task', publish?.key.slice(0, 12) ?? ''];
  expect(await foretold('retry', ...tasks)).toMatchObject({ judge: ['keep'], publish: ['again'] });
  expect(await workplace.run(['retry', 'latest', ...tasks])).toMatchObject({
    exitCode: 0,
    stdout: 'published completed\n',
  });
  expect(await workplace.run(['retry', 'latest', '--task', '999'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('NODE_NOT_FOUND'),
  });
  expect(await workplace.run(['resume', 'latest', '--dry-run', '--rerun-changed'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('USAGE'),
  });
});
