import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flow, Workplace } from './cli.ts';

let workplace: Workplace;
let good: string;
let bad: string;

async function runOf(name: string): Promise<string> {
  const document = (await workplace.json(['run', flow(name), '--logs', 'none'])) as { run: string };
  return document.run;
}

beforeAll(async () => {
  workplace = new Workplace();
  good = await runOf('greeting.ts');
  bad = await runOf('failing.ts');
});
afterAll(() => workplace[Symbol.dispose]());

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const key = expect.stringMatching(/^[0-9a-f]{32}$/);

describe('documents', () => {
  test('sidereal runs', async () => {
    expect(await workplace.json(['runs', '--limit', '1'])).toEqual({
      schema: 'sidereal.runs/1',
      store: '.sidereal',
      runs: [
        {
          id: bad,
          flow: 'failing',
          version: '',
          tags: [],
          state: 'failed',
          recordedState: 'failed',
          reason: expect.any(String),
          message: expect.any(String),
          created: time,
          started: time,
          ended: time,
          durationMs: expect.any(Number),
          nodes: 9,
          holder: null,
        },
      ],
      more: true,
    });
    expect(await workplace.json(['runs', '--flow', 'greeting'])).toMatchObject({
      runs: [{ id: good }],
      more: false,
    });
    expect(await workplace.json(['runs', '--state', 'failed,crashed'])).toMatchObject({
      runs: [{ id: bad }],
    });
  });

  test('sidereal show RUN', async () => {
    const document = await workplace.json(['show', good]);
    expect(document).toMatchObject({
      schema: 'sidereal.run/1',
      id: good,
      flow: 'greeting',
      version: '1.2',
      tags: ['test'],
      state: 'completed',
      holder: null,
      module: new URL(`file://${flow('greeting.ts')}`).href,
      entry: 'greeting',
      input: {},
      provenance: { host: expect.any(String), pid: expect.any(Number), cwd: expect.any(String) },
      parts: {
        kind: 'flow',
        name: 'greeting',
        tasks: { completed: 11 },
        children: [
          { kind: 'task', name: 'large' },
          {
            kind: 'stage',
            name: 'numbers',
            tasks: { completed: 7 },
            children: [{ kind: 'map' }, { kind: 'reduce' }],
          },
          {
            kind: 'loop',
            name: 'improve',
            exit: { reason: 'converged', cycles: 2 },
            children: [
              { kind: 'cycle', metrics: [{ name: 'snr', value: 10, unit: 'dB' }] },
              { kind: 'cycle', metrics: [{ name: 'snr', value: 20, unit: 'dB' }] },
            ],
          },
          { kind: 'group', name: 'after' },
          { kind: 'task', name: 'greet' },
        ],
      },
      qa: [
        { name: 'snr', score: 0.95, band: 'good', metric: { name: 'snr', value: 42, unit: 'dB' } },
        { name: 'flux', score: 0.5, band: 'warning', message: 'low flux', scope: { spw: 3 } },
      ],
      artifacts: [{ name: 'notes', type: 'markdown' }],
      failed: 0,
      failures: [],
      resume: null,
      cut: false,
    });
  });

  test('sidereal show RUN of one that failed', async () => {
    expect(await workplace.json(['show', bad])).toMatchObject({
      state: 'failed',
      failed: 2,
      failures: [
        { kind: 'flow', error: { code: 'UPSTREAM_FAILED' } },
        {
          kind: 'task',
          name: 'measure',
          attempt: 2,
          alike: 1,
          error: { message: 'no signal in channel 3', cause: { name: 'RangeError' } },
        },
      ],
      resume: {
        again: [{ name: 'publish', count: 1 }],
        unknown: [],
        failed: [{ name: 'measure', count: 2 }],
      },
    });
  });

  test('sidereal tasks', async () => {
    const document = await workplace.json(['tasks', bad, '--state', 'failed', '--limit', '1']);
    expect(document).toEqual({
      schema: 'sidereal.tasks/1',
      run: bad,
      tasks: [
        {
          idx: 5,
          key,
          kind: 'task',
          name: 'measure',
          tags: [],
          parent: 2,
          group: 2,
          stage: 0,
          state: 'failed',
          attempt: 2,
          reason: 'error',
          message: 'no signal in channel 3',
          created: time,
          started: time,
          ended: time,
          durationMs: expect.any(Number),
          strict: false,
          persist: false,
          value: null,
        },
      ].map((task) => ({ ...task, parent: expect.any(Number), group: expect.any(Number) })),
      more: true,
    });
    expect(await workplace.json(['tasks', good, '--stage', 'numbers', '--name', 'square'])).toMatchObject({
      tasks: [{ name: 'square' }, { name: 'square' }, { name: 'square' }, { name: 'square' }],
    });
    expect(await workplace.json(['tasks', bad, '--tag', 'last step'])).toMatchObject({
      tasks: [{ name: 'publish', tags: ['archive', 'last step'] }],
      more: false,
    });
    expect(await workplace.json(['tasks', bad, '--tag', 'last'])).toMatchObject({ tasks: [] });
    const page = await workplace.json(['tasks', bad, '--after', '5', '--limit', '1']);
    expect(page).toMatchObject({ tasks: [{ idx: 6 }], more: true });
    expect(await workplace.run(['tasks', good, '--stage', 'nmbers'])).toMatchObject({ exitCode: 2 });
  });

  test('sidereal show RUN TASK', async () => {
    expect(await workplace.json(['show', bad, '5'])).toMatchObject({
      schema: 'sidereal.task/1',
      run: bad,
      idx: 5,
      key,
      name: 'measure',
      state: 'failed',
      inputs: '(3)',
      parent: { kind: 'map', name: 'measure' },
      transitions: expect.arrayContaining([
        expect.objectContaining({ state: 'running', attempt: 1, time }),
        expect.objectContaining({ state: 'retrying', attempt: 2 }),
        expect.objectContaining({ state: 'failed', attempt: 2, message: 'no signal in channel 3' }),
      ]),
      errors: [{ attempt: 1 }, { attempt: 2, at: expect.stringContaining('failing.ts:9:11') }],
      logs: [
        { level: 'warn', attempt: 1 },
        { level: 'warn', attempt: 2 },
      ],
      value: null,
    });
    const { tasks } = (await workplace.json(['tasks', good, '--name', 'square'])) as {
      tasks: { key: string }[];
    };
    expect(await workplace.json(['show', good, tasks[2]!.key.slice(0, 12)])).toMatchObject({
      name: 'square',
      value: { storage: 'journal', preview: '9' },
    });
    expect(await workplace.run(['show', good, '999'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('NODE_NOT_FOUND'),
    });
  });

  test('sidereal logs is a document a line', async () => {
    const { stdout } = await workplace.run(['logs', good, '--level', 'debug', '--json']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toEqual([
      {
        schema: 'sidereal.log/1',
        seq: expect.any(Number),
        time,
        level: 'info',
        message: 'greeting',
        fields: { who: 'world' },
        task: { idx: 0, key, name: 'greeting', kind: 'flow' },
        attempt: 1,
      },
      expect.objectContaining({
        level: 'debug',
        message: 'about to greet',
        task: expect.objectContaining({ name: 'greet' }),
      }),
    ]);
  });

  test('sidereal doctor', async () => {
    const document = (await workplace.json(['doctor'])) as { checks: { check: string; status: string }[] };
    expect(document).toMatchObject({ schema: 'sidereal.doctor/1', ok: true });
    const status = Object.fromEntries(document.checks.map((check) => [check.check, check.status]));
    expect(status).toMatchObject({
      'Node.js': 'ok',
      folder: 'ok',
      store: 'ok',
      runs: 'ok',
      database: 'ok',
      journals: 'ok',
      'result files': 'ok',
    });
  });
});

describe('runs are named', () => {
  test.each(['latest', 'id', 'beginning', 'end'])('by %s', async (how) => {
    const names: Record<string, string> = {
      latest: 'latest',
      id: bad,
      beginning: bad.slice(0, -1),
      end: bad.slice(-6),
    };
    expect(await workplace.json(['show', names[how]!])).toMatchObject({ id: bad });
  });

  test('or not at all', async () => {
    expect(await workplace.run(['show', 'nowhere'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('RUN_NOT_FOUND'),
    });
    expect(await workplace.run(['show', '20'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('RUN_AMBIGUOUS'),
    });
  });
});

describe('for people', () => {
  test('sidereal runs is a table', async () => {
    const { stdout, stderr } = await workplace.run(['runs']);
    expect(stdout).toMatch(/^run +flow +state +created +took +nodes +message\n/);
    expect(stdout).toMatch(new RegExp(`^${bad} +failing +✗ failed `, 'm'));
    expect(stderr).toBe('');
  });

  test('sidereal show tells the parts of a run, its scores and failures', async () => {
    const whole = await workplace.run(['show', good]);
    expect(whole.stdout).toMatch(/^ {2}✓ numbers +stage +7 done /m);
    expect(whole.stdout).toMatch(/^ {4}✓ improve 1 +cycle +1 done .*snr 20 dB$/m);
    expect(whole.stdout).toMatch(/^ {2}✓ improve +loop +2 done .*2 cycles, ended: converged$/m);
    expect(whole.stdout).toMatch(/^ {2}0\.50 {2}warning +flux {2}spw=3 {2}low flux$/m);
    const failed = await workplace.run(['show', bad]);
    expect(failed.stdout).toContain('measure[5], and 1 more like it, after 2 attempts\n');
    expect(failed.stdout).toMatch(
      /leave 2 failures as they are: measure 2 \(sidereal retry \S+ runs them again\)/,
    );
  });

  test('sidereal show tells the story of a task run', async () => {
    const { tasks } = (await workplace.json(['tasks', bad, '--tag', 'archive'])) as {
      tasks: { idx: number }[];
    };
    const tagged = await workplace.run(['show', bad, String(tasks[0]?.idx)]);
    expect(tagged.stdout).toMatch(/^ *tags +archive, last step$/m);
    const { stdout } = await workplace.run(['show', bad, '5']);
    expect(stdout).toMatch(/^measure\[5\] {2}task of /);
    expect(stdout).toMatch(/^Story\n( {2}\d\d:\d\d:\d\d\.\d{3} .*\n)+/m);
    expect(stdout).toMatch(/retrying +attempt 2/);
    expect(stdout).toMatch(/ {2}attempt 1\n {2}✗ Error {2}no signal in channel 3\n/);
  });

  test('sidereal logs filters by level, task and number', async () => {
    expect((await workplace.run(['logs', good])).stdout).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} info {2}greeting greeting {2}who=world\n$/,
    );
    expect((await workplace.run(['logs', bad, '--task', '5'])).stdout.match(/measuring 3\n/g)).toHaveLength(
      2,
    );
    expect(
      (await workplace.run(['logs', bad, '--task', 'measure', '--limit', '1'])).stdout.split('\n'),
    ).toHaveLength(2);
    expect((await workplace.run(['logs', bad, '--level', 'error'])).stdout).toBe('');
  });
});

describe('sidereal doctor', () => {
  test('finds what is damaged, missing or left behind, and says so with 6', async () => {
    using damaged = new Workplace();
    writeFileSync(
      join(damaged.folder, 'large.ts'),
      `import { flow, task } from ${JSON.stringify(import.meta.resolve('@sidereal/engine'))};
       const large = task({ name: 'large', persist: true }, (seed: number) => new Float64Array(50_000).fill(seed));
       export const keep = flow({ name: 'keep' }, async () => { await Promise.all([large(1), large(2)]); });`,
    );
    expect(await damaged.run(['run', 'large.ts'])).toMatchObject({ exitCode: 0 });
    expect(await damaged.run(['doctor'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('2 files'),
    });
    const results = join(damaged.folder, '.sidereal', 'results');
    const files = readdirSync(results, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.npy'),
    );
    writeFileSync(join(results, files[0]!), 'not what was written');
    writeFileSync(join(results, `${files[1]!}.999999999.1.tmp`), '');
    const { exitCode, stdout } = await damaged.run(['doctor']);
    expect(exitCode).toBe(6);
    expect(stdout).toMatch(/✗ result files +1 file is not what was written:\s/);
    expect(stdout).toMatch(/· leftovers +1 temporary file of processes that were killed/);
    expect(await damaged.run(['doctor', '--quick'])).toMatchObject({ exitCode: 0 });
  });

  test('a folder without a store is only a note, a database that is none is wrong', async () => {
    using empty = new Workplace();
    expect(await empty.run(['doctor'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('STORE_NOT_FOUND'),
    });
    expect(existsSync(join(empty.folder, '.sidereal'))).toBe(false);
    writeFileSync(
      join(empty.folder, 'sidereal.db'),
      'this is no database, whatever its name says, and long enough',
    );
    expect(await empty.run(['doctor', '--store', '.'])).toMatchObject({
      exitCode: 6,
      stdout: expect.stringContaining('✗ store'),
    });
    expect(await empty.run(['runs', '--store', '.'])).toMatchObject({ exitCode: 6 });
  });
});

test('a store of version 1 is refused with a remedy and exit code 6, whatever is asked of it', async () => {
  using old = new Workplace();
  const packed = readFileSync(join(import.meta.dirname, '../../store/test-fixtures/version-1.db.gz'));
  mkdirSync(join(old.folder, '.sidereal'));
  writeFileSync(join(old.folder, '.sidereal', 'sidereal.db'), gunzipSync(packed));
  for (const command of [['runs'], ['show', 'first'], ['run', flow('greeting.ts')]]) {
    const { exitCode, stderr } = await old.run(command);
    expect([command[0], exitCode]).toEqual([command[0], 6]);
    expect(stderr).toContain('STORE_TOO_OLD');
    expect(stderr).toContain('Read it with the Sidereal that wrote it');
  }
});
