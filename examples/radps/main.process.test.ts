import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digests } from './pipeline/testing.ts';
import { readFitsImage } from './science/index.ts';

const main = join(import.meta.dirname, 'main.ts');
const sidereal = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts');
/** Small, but with every stage and several channels. */
const SMALL = ['--mode', 'image', '--channels', '4', '--antennas', '21', '--threads', '2'];
/** The nine stages, small. */
const NINE = ['--channels', '12', '--antennas', '12', '--visits', '2', '--threads', '2'];

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radps-main-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function start(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, [file, ...args], {
    cwd: folder,
    env: { ...process.env, SIDEREAL_STORE: join(folder, 'store'), SIDEREAL_DEBUG: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
  return { code: child.exitCode, out, err };
}

const run = (...args: string[]): Promise<Ended> => ended(start(main, args));

interface TaskRow {
  readonly idx: number;
  readonly name: string;
  readonly state: string;
  readonly attempt: number;
  readonly started: string | null;
  readonly value: { readonly storage: string } | null;
}

/** The task runs of a run, as the command line tells them to programs. */
async function tasksOf(runId: string): Promise<TaskRow[]> {
  const { code, out, err } = await ended(start(sidereal, ['tasks', runId, '--json', '--limit', '10000']));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { tasks } = JSON.parse(out) as { tasks: TaskRow[] };
  return tasks;
}

describe('npm start', () => {
  it('tells how it goes on stderr, what came of it on stdout, and ends with 0', async () => {
    const { code, out, err } = await run(...SMALL);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err).toMatch(/^run \d{8}t\d{6}-\w{6}$/m);
    for (const stage of ['simulate', 'import', 'flag', 'image', 'deconvolve', 'products']) {
      expect(err).toMatch(new RegExp(`^✓ ${stage} completed in .*: \\d+ done$`, 'm'));
    }
    const [, id] = /^run {7}(\S+) completed/m.exec(out)!;
    expect(out).toMatch(/^P1 +1\.\d+ +1\.\d+ +(1\.0|0\.9)\d+ +0\.0\d+$/m);
    expect(out).toContain(`npx sidereal show ${id}`);
    expect(existsSync(join(folder, 'products', id!, 'report.html'))).toBe(true);
  });

  it.each([
    [['--size', '100'], 2, 'USAGE: --size 100 is not a power of two'],
    [['--nonsense'], 2, "USAGE: Unknown option '--nonsense'"],
    [['--uvfits', 'nowhere.uvfits'], 2, 'FITS_NOT_FOUND'],
    [['--uvfits', 'text.uvfits'], 1, 'FITS_NOT_FITS'],
    [['--resume', 'nothing'], 2, 'RUN_NOT_FOUND'],
  ])('ends %j with %i and says why, without a stack', async (args, expected, message) => {
    await writeFile(join(folder, 'text.uvfits'), 'This is not FITS.\n');
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toContain(`error: ${message}`);
    expect(err).toContain('remedy:');
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('shows the stack to those who debug', async () => {
    const { err } = await ended(start(main, ['--size', '100'], { SIDEREAL_DEBUG: '1' }));
    expect(err).toMatch(/^\s+at .*options\.ts/m);
  });

  it('explains itself', async () => {
    const { code, out, err } = await run('--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const option of [
      'uvfits',
      'out',
      'seed',
      'channels',
      'size',
      'threads',
      'resume',
      'only',
      'failures',
    ]) {
      expect(out).toContain(`--${option}`);
    }
  });

  it('is cancelled by Ctrl-C, and that is recorded', async () => {
    const child = start(main, [...SMALL, '--out', 'cancelled']);
    child.stderr!.once('data', () => child.kill('SIGINT'));
    const { code, err } = await ended(child);
    expect(code).toBe(3);
    expect(err).toContain('CANCELLED');
    const [, id] = /^run (\S+)$/m.exec(err)!;
    const shown = await ended(start(sidereal, ['show', id!, '--json']));
    expect(shown.out).toContain('"cancelled"');
  });
});

describe('a run that is killed', () => {
  /** What a resumed run does again: it brings the visibilities and their flags back into shared memory. */
  const MEMORY_ONLY = new Set(['read-observation', 'join-flags']);
  let whole: { readonly fits: Map<string, Float64Array>; readonly sources: string };

  async function products(out: string): Promise<typeof whole> {
    const fits = new Map<string, Float64Array>();
    for (const kind of ['image', 'residual', 'dirty', 'model']) {
      const { planes } = await readFitsImage(join(folder, out, `J1851+0035.${kind}.fits`));
      fits.set(kind, planes[0]!);
    }
    return { fits, sources: await readFile(join(folder, out, 'sources.csv'), 'utf8') };
  }

  /** Kills a run some time after it has told this; starts another one if that was over before it was hit. */
  async function killed(
    sign: string,
    laterMs: number,
    args: readonly string[],
    out: string,
  ): Promise<string> {
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await rm(join(folder, out), { recursive: true, force: true });
      const child = start(main, [...args, '--out', out]);
      let err = '';
      child.stderr!.on('data', (chunk: Buffer) => {
        const before = err;
        err += String(chunk);
        if (err.includes(sign) && !before.includes(sign)) setTimeout(() => child.kill('SIGKILL'), laterMs);
      });
      child.stdout!.resume();
      await once(child, 'close');
      expect(err).toContain(sign);
      if (child.signalCode === 'SIGKILL') return /^run (\S+)$/m.exec(err)![1]!;
    }
    throw new Error('five runs were over before they could be killed');
  }

  beforeAll(async () => {
    const { code, err } = await run(...SMALL, '--out', 'whole');
    expect({ code, err }).toMatchObject({ code: 0 });
    whole = await products('whole');
    const nine = await run(...NINE, '--out', 'nine');
    expect({ code: nine.code, err: nine.err }).toMatchObject({ code: 0 });
  }, 300_000);

  it.each([
    ['run ', 0],
    ['✓ flag completed', 150],
    ['✓ image completed', 100],
    ['✓ deconvolve completed', 0],
  ])('after “%s” goes on without repeating what it recorded, to the same products', async (sign, laterMs) => {
    const out = `killed-${sign.replaceAll(/\W/g, '')}`;
    const id = await killed(sign, laterMs, SMALL, out);
    const before = await tasksOf(id);
    const resumed = await run('--resume', id, '--threads', '2');
    expect({ code: resumed.code, err: resumed.err }).toMatchObject({ code: 0 });
    expect(await products(out)).toEqual(whole);

    const after = new Map((await tasksOf(id)).map((task) => [task.idx, task]));
    expect([...after.values()].filter(({ state }) => state !== 'completed')).toEqual([]);
    for (const task of before) {
      if (task.state !== 'completed' || MEMORY_ONLY.has(task.name)) continue;
      expect(after.get(task.idx)).toEqual(task);
    }
    // Nothing ran under a new identity either.
    const count = (tasks: Iterable<TaskRow>): number =>
      [...tasks].filter(({ name }) => name === 'grid-channel').length;
    expect(count(after.values())).toBe(4);
    const again = await run('--resume', id);
    expect(again.code).toBe(0);
    const last = (await tasksOf(id)).filter(({ name }) => !MEMORY_ONLY.has(name));
    expect(last).toEqual([...after.values()].filter(({ name }) => !MEMORY_ONLY.has(name)));
  });

  it.each([
    ['✓ bandpass completed', 0],
    ['✓ calibrate-target completed', 300],
    ['✓ image-calibrators completed', 200],
  ])('in the nine stages after “%s” comes to the same products', async (sign, laterMs) => {
    const out = `nine-${sign.replaceAll(/\W/g, '')}`;
    const id = await killed(sign, laterMs, NINE, out);
    const before = (await tasksOf(id)).filter(({ state }) => state === 'completed');
    const resumed = await run('--resume', id, '--threads', '2');
    expect({ code: resumed.code, err: resumed.err }).toMatchObject({ code: 0 });
    expect(await digests(join(folder, out, 'stages'))).toEqual(await digests(join(folder, 'nine', 'stages')));
    const after = new Map((await tasksOf(id)).map((task) => [task.idx, task]));
    for (const task of before) {
      // Values that only memory held may be computed again.
      if (task.value?.storage === 'none') continue;
      expect(after.get(task.idx)).toEqual(task);
    }
  });
});
