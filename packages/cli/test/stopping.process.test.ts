import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { flow, until, Workplace, type Running } from './cli.ts';

function traceOf(workplace: Workplace): string {
  return join(workplace.folder, 'trace');
}

/** What tasks have traced, a word each. */
function traced(workplace: Workplace): string[] {
  const trace = traceOf(workplace);
  return existsSync(trace) ? readFileSync(trace, 'utf8').trim().split('\n') : [];
}

/** Starts a flow and waits until so many of its task runs are recorded as running. */
async function started(workplace: Workplace, running: Running, tasks: number): Promise<Running> {
  await until(async () => {
    if (!running.stderr().startsWith('run ')) return false;
    const list = await workplace.json(['tasks', 'latest', '--state', 'running']);
    return (list as { tasks: unknown[] }).tasks.length === tasks;
  }, `${tasks} task runs are at work`);
  return running;
}

describe('a run that is asked to stop', () => {
  test.concurrent('by Ctrl-C is cancelled and says how to go on', async () => {
    using workplace = new Workplace();
    const running = await started(workplace, workplace.start(['run', flow('endless.ts')]), 3);
    running.process.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'cancelling the run: running work gets the signal; Ctrl-C again ends the process at once\n',
    );
    expect(stderr).toMatch(
      /■ endless cancelled in .*: 3 cancelled\n {2}sidereal show \S+\n {2}sidereal resume \S+\n$/,
    );
    expect(await workplace.json(['runs'])).toMatchObject({ runs: [{ state: 'cancelled', holder: null }] });
  });

  test.concurrent('by SIGTERM is cancelled too', async () => {
    using workplace = new Workplace();
    const running = await started(workplace, workplace.start(['run', flow('endless.ts'), '--json']), 3);
    running.process.kill('SIGTERM');
    const { exitCode, stdout } = await running.ended;
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'cancelled', exitCode: 3, tasks: { cancelled: 3 } });
  });

  test.concurrent('twice ends at once, and can be resumed', async () => {
    using workplace = new Workplace();
    const running = await started(workplace, workplace.start(['run', flow('deaf.ts')]), 1);
    running.process.kill('SIGINT');
    await until(() => running.stderr().includes('cancelling the run'), 'it says that it is cancelling');
    running.process.kill('SIGINT');
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/ended at once; go on with: sidereal resume \S+\n$/);
    expect(await workplace.json(['runs'])).toMatchObject({ runs: [{ state: 'interrupted' }] });
  });

  test.concurrent('from another process is cancelled, and says by whom', async () => {
    using workplace = new Workplace();
    const running = await started(workplace, workplace.start(['run', flow('endless.ts')]), 3);
    const document = await workplace.json(['cancel', 'latest']);
    expect(document).toMatchObject({
      schema: 'sidereal.cancel/1',
      outcome: 'stopped',
      state: 'cancelled',
      running: [],
    });
    const { exitCode, stderr } = await running.ended;
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/note asked to stop by .*\(sidereal cancel\)\n/);
    expect(await workplace.run(['cancel', 'latest'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('had ended before: cancelled'),
    });
  });

  test.concurrent('in one part goes on without it', async () => {
    using workplace = new Workplace();
    const running = await started(workplace, workplace.start(['run', flow('endless.ts')]), 3);
    const list = (await workplace.json(['tasks', 'latest', '--state', 'running'])) as {
      tasks: { idx: number; key: string; name: string }[];
    };
    const [first, second] = list.tasks;
    expect(await workplace.json(['cancel', 'latest', String(first?.idx)])).toMatchObject({
      outcome: 'stopped',
      state: 'cancelled',
      task: { idx: first?.idx, key: first?.key, name: first?.name },
    });
    expect(await workplace.run(['cancel', 'latest', String(first?.idx)])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('NODE_ENDED'),
    });
    expect(await workplace.run(['cancel', 'latest', '999'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('NODE_NOT_FOUND'),
    });
    running.process.kill('SIGKILL');
    await running.ended;
    expect(await workplace.run(['cancel', 'latest', second?.key ?? ''])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('is interrupted: nobody executes it'),
    });
  });

  test.concurrent('and does not listen is named', async () => {
    using workplace = new Workplace();
    const running = await started(workplace, workplace.start(['run', flow('deaf.ts')]), 1);
    const { exitCode, stdout } = await workplace.run(['cancel', 'latest', '--timeout', '1']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('has not stopped after');
    expect(stdout).toContain('1 task (deaf)');
    running.process.kill('SIGKILL');
    await running.ended;
    expect(await workplace.json(['cancel', 'latest'])).toMatchObject({ outcome: 'interrupted' });
  });
});

describe('a run whose process was killed', () => {
  test.concurrent('is interrupted, never running, and goes on where it was', async () => {
    using workplace = new Workplace();
    const running = workplace.start(['run', flow('steps.ts')], {
      STEPS_TRACE: traceOf(workplace),
      STEPS_HANG: '3',
    });
    await until(() => traced(workplace).length === 3, 'the third step has begun');
    await started(workplace, running, 1);
    running.process.kill('SIGKILL');
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });

    expect(await workplace.json(['runs'])).toMatchObject({
      runs: [{ state: 'interrupted', recordedState: 'running', holder: { alive: false }, durationMs: null }],
    });
    expect(await workplace.json(['runs', '--state', 'running'])).toMatchObject({ runs: [] });
    expect(await workplace.json(['runs', '--state', 'interrupted'])).toMatchObject({
      runs: [{ flow: 'steps' }],
    });
    const { stdout } = await workplace.run(['show', 'latest']);
    expect(stdout).toMatch(
      /state +◐ interrupted\n +process \d+ on \S+ is gone; go on with: sidereal resume \S+\n/,
    );
    expect(stdout).toMatch(/A resume would\n {2}run 1 task run that had not ended well: step 1\n/);

    const resumed = await workplace.run(['resume', 'latest'], { STEPS_TRACE: traceOf(workplace) });
    expect(resumed).toMatchObject({ exitCode: 0, stdout: 'published 21\n' });
    // Two steps are recorded as ended; the third was under way and runs again.
    expect(traced(workplace)).toEqual(['1', '2', '3', '3', '4', '5', '6', 'publish']);
    expect(await workplace.json(['runs'])).toMatchObject({ runs: [{ state: 'completed' }] });
    expect(await workplace.run(['resume', 'latest'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('there is nothing to resume'),
    });
  });

  test.concurrent('while something strict was under way, does not do it again unasked', async () => {
    using workplace = new Workplace();
    const running = workplace.start(['run', flow('steps.ts')], {
      STEPS_TRACE: traceOf(workplace),
      STEPS_PUBLISH_MS: '60000',
    });
    await until(() => traced(workplace).includes('publish'), 'it publishes');
    running.process.kill('SIGKILL');
    await running.ended;
    const { stdout } = await workplace.run(['show', 'latest']);
    expect(stdout).toContain('meet 1 strict task run with unknown outcome');
    expect(await workplace.run(['resume', 'latest'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('✗ OUTCOME_UNKNOWN  publish'),
    });
    expect(traced(workplace).filter((word) => word === 'publish')).toHaveLength(1);
    expect(await workplace.run(['retry', 'latest'])).toMatchObject({ exitCode: 0, stdout: 'published 21\n' });
  });
});

test.concurrent('a run that is executed cannot be resumed beside that, unless it is taken over', async () => {
  using workplace = new Workplace();
  const running = await started(workplace, workplace.start(['run', flow('endless.ts')]), 3);
  expect(await workplace.run(['resume', 'latest'])).toMatchObject({
    exitCode: 6,
    stderr: expect.stringMatching(/✗ RUN_LIVE {2}[\s\S]*--take-over/),
  });
  const taking = workplace.start(['resume', 'latest', '--take-over']);
  const { exitCode, stderr } = await running.ended;
  expect(exitCode).toBe(6);
  expect(stderr).toMatch(/✗ (RUN_TAKEN_OVER|JOURNAL_FENCED) /);
  await until(() => taking.stderr().includes('resuming'), 'the other process has it');
  taking.process.kill('SIGINT');
  expect(await taking.ended).toMatchObject({ exitCode: 3 });
});

describe('sidereal retry', () => {
  test.concurrent('runs what failed again, and nothing else', async () => {
    using workplace = new Workplace();
    expect(await workplace.run(['run', flow('failing.ts')])).toMatchObject({ exitCode: 1 });
    expect(await workplace.run(['resume', 'latest'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('what failed stays failed'),
    });
    const mended = { FAILING_MENDED: workplace.folder };
    const { exitCode, stdout, stderr } = await workplace.run(['retry', 'latest', '--failed'], mended);
    expect([exitCode, stdout]).toEqual([0, '6\n']);
    expect(new Set(stderr.match(/measuring \d/g))).toEqual(new Set(['measuring 3', 'measuring 6']));
  });

  test.concurrent('knows the names that it may be given', async () => {
    using workplace = new Workplace();
    await workplace.run(['run', flow('greeting.ts')]);
    expect(await workplace.run(['retry', 'latest', '--from', 'nmbers'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("nothing that is called 'nmbers'"),
    });
    const again = await workplace.run(['retry', 'latest', '--from', 'numbers', '--logs', 'none']);
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('sum: 30') });
  });

  test.concurrent('says what to do if the module is gone or has lost the flow', async () => {
    using workplace = new Workplace();
    await workplace.run(['run', flow('failing.ts')]);
    expect(await workplace.run(['retry', 'latest', '--module', 'gone.ts'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('✗ MODULE_NOT_FOUND  '),
    });
    expect(await workplace.run(['retry', 'latest', '--module', flow('two-flows.ts')])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/✗ FLOW_NOT_FOUND {2}[\s\S]*no longer has the flow/),
    });
  });
});
