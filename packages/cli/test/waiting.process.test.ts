import { afterAll, beforeAll, expect, test } from 'vitest';
import { flow, until, Workplace } from './cli.ts';

let workplace: Workplace;

interface Listed {
  readonly name: string;
  readonly idx: number;
  readonly key: string;
  readonly state: string;
  readonly reason: string | null;
}

const listed = async (): Promise<readonly Listed[]> =>
  ((await workplace.json(['tasks', 'latest'])) as { tasks: readonly Listed[] }).tasks;

beforeAll(async () => {
  workplace = new Workplace();
  const running = workplace.start(['run', flow('holds.ts')]);
  await until(async () => {
    if (!running.stderr().startsWith('run ')) return false;
    const states = new Set((await listed()).map(({ state, reason }) => `${state} ${reason ?? ''}`.trim()));
    return ['waiting', 'queued resource', 'awaiting_retry error'].every((state) => states.has(state));
  }, 'all stand still');
});
afterAll(() => workplace[Symbol.dispose]());

test('a list of tasks says what each waits for', async () => {
  const tasks = await listed();
  const named = (name: string, state: string): Listed | undefined =>
    tasks.find((one) => one.name === name && one.state === state);
  const [holder, leaf] = [named('train', 'running'), named('leaf', 'running')];
  expect(named('caller', 'waiting')).toMatchObject({
    waitsFor: [{ name: 'leaf', idx: leaf?.idx, key: leaf?.key, state: 'running' }],
  });
  expect(named('train', 'queued')).toMatchObject({
    message: `needs 1 gpu; 1 of 1 held, by train (${holder?.key.slice(0, 8)})`,
  });
  expect(named('later', 'awaiting_retry')).toMatchObject({
    due: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  });
  const { stdout } = await workplace.run(['tasks', 'latest'], { COLUMNS: '200' });
  expect(stdout).toContain(`waits for leaf[${leaf?.idx}]`);
  expect(stdout).toMatch(/again at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
});

test('the story of a task says it too', async () => {
  const tasks = await listed();
  const idx = (name: string, state: string): string =>
    String(tasks.find((one) => one.name === name && one.state === state)?.idx);
  const caller = await workplace.run(['show', 'latest', idx('caller', 'waiting')]);
  expect(caller.stdout).toMatch(/\nWaits for\n.*leaf\[\d+\] +running\n/);
  const queued = await workplace.run(['show', 'latest', idx('train', 'queued')]);
  expect(queued.stdout).toMatch(/queued +resource: needs 1 gpu; 1 of 1 held, by train \(/);
  const later = await workplace.run(['show', 'latest', idx('later', 'awaiting_retry')]);
  expect(later.stdout).toMatch(/again at \d{4}-\d\d-\d\d \S+: error: closed until morning/);
  expect(await workplace.json(['show', 'latest', idx('caller', 'waiting')])).toMatchObject({
    waitsFor: [{ name: 'leaf', state: 'running' }],
  });
});
