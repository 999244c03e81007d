import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EndedCase } from './program.ts';

const PATIENCE_MS = 120_000;
const program = join(import.meta.dirname, 'program.ts');

let ended: ReadonlyMap<string, EndedCase>;
let said = '';

beforeAll(async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { timeout: PATIENCE_MS });
  const lines = stdout.trimEnd().split('\n');
  ended = new Map(lines.map((line) => JSON.parse(line) as EndedCase).map((one) => [one.name, one]));
  said = stderr;
}, PATIENCE_MS);

function endOf(name: string): EndedCase {
  const found = ended.get(name);
  if (found === undefined) throw new Error(`'${name}' has no end`);
  return found;
}

describe('a ring fails the run by name once nothing else in the process is alive', () => {
  it.each([
    ['ring', ['awaiting', 'same']],
    ['ring that nobody awaits', ['awaiting', 'same']],
    ['ring in a stage', ['awaiting', 'same']],
    ['ring in a flow with a limit', ['awaiting', 'same']],
    ['a task with a limit that stands still, in a ring', ['awaiting', 'same']],
    ['ring of a map and its sum', ['awaiting', 'both']],
    ['ring of order alone', ['awaiting', 'same']],
    ['ring of a group', ['group', 'same']],
    ['ring of a task and what it calls', ['caller', 'child']],
    ['ring behind settled', ['awaiting', 'same']],
    ['ring, executed', ['awaiting', 'same']],
    ['ring, resumed', ['awaiting', 'same']],
  ])('%s', (name, [first = '', second = '']) => {
    const { state, code, message, at, nodes, noted } = endOf(name);
    expect({ state, code }).toEqual({ state: 'failed', code: 'DEADLOCK' });
    const place = String.raw` \(\w{8}\)( at \S+\.ts:\d+:\d+)?`;
    expect(message).toMatch(
      new RegExp(
        `^a ring of waiting: ${first}${place} waits for ${second}${place}, which waits for .*${first}`,
      ),
    );
    expect(at).toMatch(/program\.ts:\d+:\d+$/);
    expect(nodes[0]).toMatch(/ failed deadlock$/);
    expect(nodes.slice(1).filter((node) => !/ (cancelled|completed) /.test(node))).toEqual([]);
    expect(new Set(noted)).toEqual(new Set([first, second]));
  });

  it('names each of a longer ring once, in the order of waiting', () => {
    const names = [...(endOf('ring of a map and its sum').message ?? '').matchAll(/(\w+) \(\w{8}\)/g)];
    expect(names.map(([, name]) => name)).toEqual(['awaiting', 'both', 'both', 'both', 'awaiting']);
  });
});

describe('code that waits for what nothing can settle fails the run by name', () => {
  it.each([
    ['a body', 'main'],
    ['a body with threads', 'main'],
    ['a body after a task on a thread', 'main'],
    ['a task', 'stuck'],
    ['a task that nobody awaits', 'stuck'],
    ['a task on a thread', 'stuck-on-thread'],
    ['a task on a thread that waits for another', 'stuck-on-thread'],
    ['a stage', 'stage'],
    ['a promise among arguments', 'main'],
    ['an item that does not come', 'main'],
  ])('%s', (name, who) => {
    const { state, code, message, nodes } = endOf(name);
    expect({ state, code }).toEqual({ state: 'failed', code: 'DEADLOCK' });
    expect(message).toMatch(new RegExp(`^${who} .* waits for something that can never come`));
    expect(nodes[0]).toBe('main failed deadlock');
    expect(nodes.slice(1).filter((node) => !/ (cancelled|completed) /.test(node))).toEqual([]);
  });

  it('says how many wait behind them for a slot', () => {
    const { code, message } = endOf('tasks that need more slots than there are');
    expect(code).toBe('DEADLOCK');
    expect(message).toMatch(/^waits .*, waits .* wait for .*; behind them, 1 more wait for a slot$/);
  });

  it('before there is a run', () => {
    const { state, code, nodes } = endOf('a check of the input');
    expect({ state, code, nodes }).toEqual({ state: undefined, code: 'DEADLOCK', nodes: [] });
  });
});

describe('what can go on goes on', () => {
  it('a ring that a timer breaks', () => {
    expect(endOf('what a timer breaks')).toMatchObject({ state: 'completed', value: 'timer', remarks: [] });
  });

  it.each(['a task with a limit, whose end is handled', 'a stage with a limit, in a ring'])('%s', (name) => {
    expect(endOf(name)).toMatchObject({ state: 'completed', value: 'failed' });
  });

  it('a task on a thread that waits for a timer', () => {
    expect(endOf('a task on a thread that waits for a timer')).toMatchObject({
      state: 'completed',
      value: 'slow',
    });
  });

  it('stages that wait until more have begun than a map begins at once', () => {
    expect(endOf('stages that wait until 300 have begun')).toMatchObject({ state: 'completed', value: 300 });
  });
});

it('a ring is said while something else is alive, and fails the run only when that is gone', () => {
  expect(said).toMatch(/^a ring of waiting: awaiting .*, which waits for awaiting \(\w{8}\)\n$/);
  expect(endOf('ring while a timer is alive')).toMatchObject({ state: 'failed', code: 'DEADLOCK' });
});

it('a program that awaits such a run ends with the error and a code', async () => {
  const engine = JSON.stringify(import.meta.resolve('@sidereal/engine'));
  const store = JSON.stringify(import.meta.resolve('@sidereal/store'));
  const text = `
    import { flow, startRun } from ${engine};
    import { openSqliteStore } from ${store};
    const stuck = flow({ name: 'stuck' }, () => new Promise(() => undefined));
    const folder = process.argv[1];
    await startRun(stuck.definition, undefined, { store: await openSqliteStore({ folder }) }).result;`;
  const folder = await mkdtemp(join(tmpdir(), 'sidereal-standstill-'));
  try {
    const executed = promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--eval', text, folder],
      { timeout: PATIENCE_MS },
    );
    await expect(executed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("code: 'DEADLOCK'"),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
