import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flow, Workplace } from './cli.ts';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});
afterEach(() => workplace[Symbol.dispose]());

describe('sidereal run', () => {
  test('prints the result to stdout and everything else to stderr', async () => {
    const { exitCode, stdout, stderr } = await workplace.run([
      'run',
      flow('greeting.ts'),
      'who=Ada',
      'count=3',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("printed for Ada\n{ text: 'hello Ada', sum: 14, value: 15 }\n");
    expect(stderr).toMatch(/^run \d{8}t\d{6}-[0-9a-z]{6} of flow greeting, recorded in \.sidereal\n/);
    expect(stderr).toMatch(/ info {2}greeting greeting {2}who=Ada\n/);
    expect(stderr).toMatch(/✓ numbers completed in .*: 5 done\n/);
    expect(stderr).toMatch(/✓ greeting completed in .*: 9 done\n {2}sidereal show \S+\n$/);
    expect(stderr).not.toContain('\u001B');
  });

  test('with --json writes one document, and what the flow prints to stderr', async () => {
    const { exitCode, stdout, stderr } = await workplace.run([
      'run',
      flow('greeting.ts'),
      '--input',
      '{"who": "Ada"}',
      '--json',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schema: 'sidereal.outcome/1',
      run: expect.stringMatching(/^\d{8}t\d{6}-[0-9a-z]{6}$/),
      flow: 'greeting',
      state: 'completed',
      exitCode: 0,
      durationMs: expect.any(Number),
      tasks: { completed: 11 },
      result: { text: 'hello Ada', sum: 30, value: 31 },
      strayErrors: 0,
      error: null,
      store: join(workplace.folder, '.sidereal'),
    });
    expect(stderr).toContain('printed for Ada\n');
  });

  test('is silent but for the result if asked', async () => {
    const { stdout, stderr } = await workplace.run([
      'run',
      flow('two-flows.ts:second'),
      '--no-progress',
      '--logs',
      'none',
    ]);
    expect([stdout, stderr]).toEqual(['2\n', '']);
  });

  test('records where it is told', async () => {
    await workplace.run(['run', flow('two-flows.ts:first'), '--store', 'elsewhere']);
    const named = await workplace.json(['runs', '--store', 'elsewhere']);
    const byEnvironment = await workplace.json(['runs'], { SIDEREAL_STORE: 'elsewhere' });
    expect(named).toMatchObject({ runs: [{ flow: 'first-flow' }] });
    expect(byEnvironment).toMatchObject({ runs: [{ flow: 'first-flow' }] });
    expect(await workplace.run(['runs'])).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining('STORE_NOT_FOUND'),
    });
  });

  test('of a flow that fails ends with 1 and shows the line of the user, the cause and the remedy', async () => {
    const { exitCode, stdout, stderr } = await workplace.run(['run', flow('failing.ts')]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('✗ UPSTREAM_FAILED  publish');
    expect(stderr).toContain('caused by MAP_FAILED: 2 of 6 runs of measure failed');
    expect(stderr).toMatch(/at \S*failing\.ts:9:11\n {6}9 │ {3}throw new Error\(.*\n {8}│ {9}\^\n/);
    expect(stderr).toMatch(/✗ failing failed in .*: 4 done · 2 failed · 1 upstream failed\n/);
    expect(stderr).toMatch(/ {2}sidereal retry \S+\n$/);
  });

  test('with --json tells the error of a flow that fails, without stacks', async () => {
    const document = await workplace.json(['run', flow('failing.ts')]);
    expect(document).toMatchObject({
      state: 'failed',
      exitCode: 1,
      tasks: { completed: 4, failed: 2, upstream_failed: 1 },
      result: null,
      error: { code: 'UPSTREAM_FAILED', cause: { code: 'MAP_FAILED' } },
    });
    expect(JSON.stringify(document)).not.toContain('"stack"');
  });

  test('that waits in a ring fails by name, and does not just end', async () => {
    const { exitCode, stdout, stderr } = await workplace.run(['run', flow('ring.ts'), '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'failed',
      exitCode: 1,
      tasks: { cancelled: 2 },
      error: { code: 'DEADLOCK', message: expect.stringMatching(/awaiting .* waits for same .*awaiting/) },
    });
    expect(stderr).toContain('✗ ring failed');
    expect(await workplace.json(['runs'])).toMatchObject({ runs: [{ state: 'failed', holder: null }] });
  });

  test('ends even if the module has left a timer behind', async () => {
    writeFileSync(
      join(workplace.folder, 'timer.ts'),
      `import { flow } from ${JSON.stringify(import.meta.resolve('@sidereal/engine'))};
       setInterval(() => undefined, 1000);
       export const timer = flow({ name: 'timer' }, async () => 'done');`,
    );
    expect(await workplace.run(['run', 'timer.ts', '--no-progress'])).toMatchObject({
      exitCode: 0,
      stdout: 'done\n',
    });
  });

  test('tells an error that nothing catches, records it, and goes on', async () => {
    const { exitCode, stdout, stderr } = await workplace.run(['run', flow('stray.ts')]);
    expect([exitCode, stdout]).toEqual([0, 'done\n']);
    expect(stderr).toMatch(
      /note flow 'stray' left behind an error that nothing catches: Error: nobody awaits this \(\S*stray\.ts:5:\d+\)\n/,
    );
    expect(stderr).toContain('1 error that nothing caught, recorded as notes\n');
    expect(await workplace.json(['show', 'latest'])).toMatchObject({
      state: 'completed',
      notes: [{ code: 'stray_error', by: { name: 'stray' } }],
    });
  });
});

describe('what cannot be run', () => {
  test.each([
    ['a missing module', ['run', 'flwo.ts'], 'MODULE_NOT_FOUND', 'there is no file flwo.ts'],
    ['a folder', ['run', '.'], 'MODULE_NOT_FOUND', 'is not a file'],
    ['a module with several flows', ['run', flow('two-flows.ts')], 'FLOW_AMBIGUOUS', "first ('first-flow')"],
    ['a flow that is not there', ['run', flow('two-flows.ts:frist')], 'FLOW_NOT_FOUND', 'two-flows.ts:first'],
    ['an export that is no flow', ['run', flow('two-flows.ts:notAFlow')], 'FLOW_NOT_FOUND', 'is not a flow'],
    ['a module that throws', ['run', flow('throws-on-import.ts')], 'MODULE_FAILED', 'throws-on-import.ts:1:'],
    [
      'an option that does not exist',
      ['run', flow('misspelt.js')],
      'INVALID_OPTION',
      'Did you mean `retries`?',
    ],
    ['its place', ['run', flow('misspelt.js')], 'INVALID_OPTION', 'misspelt.js:4:14'],
    ['a task without a function', ['run', flow('no-function.js')], 'INVALID_TASK', 'no-function.js:4:14'],
    ['what fails on import', ['run', flow('reduces-on-import.ts')], 'MODULE_FAILED', '{ initial: value }'],
    [
      'a flow called on import',
      ['run', flow('calls-on-import.ts')],
      'FLOW_CALLED_ON_IMPORT',
      'calls-on-import.ts:5:',
    ],
    [
      'one whose call nobody awaits',
      ['run', flow('calls-on-import-unawaited.ts')],
      'FLOW_CALLED_ON_IMPORT',
      'import.meta.main',
    ],
    ['input that the schema refuses', ['run', flow('greeting.ts'), 'count=x'], 'INVALID_INPUT', 'count: '],
    [
      'input that is not JSON',
      ['run', flow('greeting.ts'), '--input', '{'],
      'INVALID_INPUT',
      '--input is not JSON',
    ],
    [
      'input for a flow that takes none',
      ['run', flow('failing.ts'), 'a=1'],
      'INVALID_INPUT',
      'takes no input',
    ],
    ['no module', ['run'], 'USAGE', "'run' needs MODULE"],
    ['an unknown option', ['run', flow('greeting.ts'), '--jsno'], 'USAGE', 'Did you mean --json?'],
    ['an unknown command', ['rnu'], 'USAGE', 'Did you mean run?'],
  ])('%s ends with 2', async (_, args, code, text) => {
    const { exitCode, stdout, stderr } = await workplace.run(args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`✗ ${code}  `);
    expect(stderr.replaceAll(/\n {2}(?=\S)/g, ' ')).toContain(text);
    expect(stderr).toContain('  remedy  ');
  });

  test('a syntax error is shown where it is', async () => {
    writeFileSync(join(workplace.folder, 'broken.mjs'), 'export const fine = 1;\nexport const broken = ];\n');
    const { exitCode, stderr } = await workplace.run(['run', 'broken.mjs']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'at broken.mjs:2:23\n    2 │ export const broken = ];\n      │                       ^\n',
    );
  });
});

describe('the command line itself', () => {
  test('explains itself', async () => {
    expect(await workplace.run(['--help'])).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('Exit codes'),
    });
    expect(await workplace.run(['run', '--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('--input-file FILE'),
    });
    expect(await workplace.run(['help', 'retry'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('--from STAGE'),
    });
    expect(await workplace.run([])).toMatchObject({ exitCode: 2 });
    expect(await workplace.run(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test('colours only where they are wanted', async () => {
    const coloured = await workplace.run(['run', 'none.ts'], { FORCE_COLOR: '1' });
    expect(coloured.stderr).toContain('\u001B[1;31m✗\u001B[0m');
    const plain = await workplace.run(['run', 'none.ts'], { FORCE_COLOR: '1', NO_COLOR: '1' });
    expect(plain.stderr).not.toContain('\u001B');
  });

  test('explains error codes', async () => {
    expect(await workplace.run(['explain', 'map-failed'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^MAP_FAILED\nmeaning {2}/),
    });
    expect(await workplace.run(['explain', 'MAP_FALED'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean MAP_FAILED?'),
    });
    expect(await workplace.json(['explain', 'RUN_LIVE'])).toMatchObject({
      schema: 'sidereal.explanation/1',
      code: 'RUN_LIVE',
    });
  });
});
