import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStoreReader } from '@sidereal/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { child, executions } from './child.ts';

let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidereal-durability-'));
  log = join(folder, 'executions');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Keys of the task runs that the store's one run has recorded as completed. */
function completedKeys(store: string): Set<string> {
  using reader = openStoreReader(store);
  const run = reader.listRuns({ limit: 1 })[0]?.id ?? '';
  const nodes = reader.nodes({ run, kinds: ['task'], states: ['completed'], limit: 100_000 });
  return new Set(nodes.map(({ key }) => key));
}

function resultFiles(store: string): string[] {
  return readdirSync(join(store, 'results'), { recursive: true, encoding: 'utf8' })
    .map((name) => join(store, 'results', name))
    .filter((path) => statSync(path).isFile());
}

/** Mounts a file system of this many MiB, or says why not. */
function mountSmall(at: string, mib: number): boolean {
  mkdirSync(at, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const probe = mkdtempSync(join(tmpdir(), 'sidereal-probe-'));
const canMount = mountSmall(probe, 1);
if (canMount) execFileSync('umount', [probe]);
rmSync(probe, { recursive: true, force: true });
if (!canMount) console.error('SKIPPED: tests of a full disk mount a small file system; run them as root.');

describe.skipIf(!canMount)('a full disk', () => {
  let disk: string;
  let store: string;
  let ballast: string;

  beforeEach(() => {
    disk = join(folder, 'disk');
    mountSmall(disk, 32);
    store = join(disk, 'store');
    ballast = join(disk, 'ballast');
  });

  afterEach(() => execFileSync('umount', ['-l', disk]));

  test('stops starts, loses nothing, and the run goes on by itself when there is room again', async () => {
    const running = child([store, 'talkative', 'start'], { EXECUTIONS: log });
    await running.until('some work was done', () => executions(log).length > 100);
    fill(ballast);
    await running.until('it said that the disk is full', () => running.stderr().includes('journal_full'));
    // Running work finishes; then nothing more is started.
    let held = -1;
    await running.until('nothing more was started for a while', async () => {
      const before = executions(log).length;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      held = executions(log).length;
      return held === before;
    });
    expect(held).toBeLessThan(2000);
    rmSync(ballast);
    expect(await running.outcome()).toMatchObject({ state: 'completed', value: 1_999_000 });
    expect(executions(log)).toHaveLength(2000);
  });

  test('ends in JOURNAL_FULL if it stays full, and a resume repeats nothing that was recorded', async () => {
    const running = child([store, 'talkative', 'start', '500'], { EXECUTIONS: log });
    await running.until('some work was done', () => executions(log).length > 100);
    await running.until('some of it is recorded', () => completedKeys(store).size > 0);
    fill(ballast);
    expect(await running.outcome()).toMatchObject({ code: 'JOURNAL_FULL' });
    rmSync(ballast);
    const recorded = completedKeys(store);
    const before = executions(log).length;
    expect(recorded.size).toBeGreaterThan(0);
    const resumed = child([store, 'talkative', 'resume'], { EXECUTIONS: log });
    expect(await resumed.outcome()).toMatchObject({ state: 'completed', value: 1_999_000 });
    const again = executions(log).slice(before);
    expect(again.filter(({ key }) => recorded.has(key))).toEqual([]);
    using reader = openStoreReader(store);
    expect(reader.verify(reader.listRuns({ limit: 1 })[0]?.id ?? '').discrepancies).toEqual([]);
  });
});

/** Leaves no byte free. */
function fill(path: string): void {
  for (let size = 1 << 20; size >= 512; size >>= 1) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      // No room for a piece of this size: go on with smaller ones.
    }
  }
}

describe('two processes', () => {
  test('run on one store side by side', async () => {
    const store = join(folder, 'store');
    const both = [child([store, 'slow', 'start']), child([store, 'slow', 'start'])];
    const outcomes = await Promise.all(both.map((each) => each.outcome()));
    expect(outcomes).toMatchObject([
      { state: 'completed', value: 300 },
      { state: 'completed', value: 300 },
    ]);
    using reader = openStoreReader(store);
    const runs = reader.listRuns({ limit: 10 });
    expect(runs).toHaveLength(2);
    for (const { id } of runs) expect(reader.verify(id).discrepancies).toEqual([]);
  });

  test('a live run is not resumed; with take-over the first holder is fenced and repeats nothing', async () => {
    const store = join(folder, 'store');
    // It must not have ended by itself before the other two have come up.
    const first = child([store, 'slow', 'start'], { EXECUTIONS: log, TICK_MS: '250' });
    await first.until('some work was done', () => executions(log).length > 20);
    const refused = child([store, 'slow', 'resume']);
    expect(await refused.outcome()).toMatchObject({ code: 'RUN_LIVE' });
    const recorded = completedKeys(store);
    const second = child([store, 'slow', 'takeover'], { EXECUTIONS: join(folder, 'second') });
    expect(await first.outcome()).toMatchObject({ code: 'RUN_TAKEN_OVER' });
    expect(await second.outcome()).toMatchObject({ state: 'completed', value: 300 });
    expect(executions(join(folder, 'second')).filter(({ key }) => recorded.has(key))).toEqual([]);
  });
});

describe('result files', () => {
  for (const [what, harm] of [
    ['a missing', (path: string): void => rmSync(path)],
    ['a truncated', (path: string): void => truncateSync(path, 1000)],
    ['a changed', (path: string): void => writeFileSync(path, Buffer.alloc(statSync(path).size, 1))],
  ] as const) {
    test(`${what} one is computed again, never wrong`, async () => {
      const store = join(folder, 'store');
      const killed = child([store, 'keeper', 'start'], { EXECUTIONS: log, GATE: 'closed' });
      await killed.until('it came to the gate', () => executions(log).some(({ what: w }) => w === 'gate'));
      await killed.until('what came before is recorded', () => completedKeys(store).size === 2);
      killed.process.kill('SIGKILL');
      await killed.ended;
      const files = resultFiles(store);
      expect(files.map((path) => path.slice(-4))).toEqual(['.npy']);
      for (const path of files) harm(path);
      const resumed = child([store, 'keeper', 'resume'], { EXECUTIONS: log });
      expect(await resumed.outcome()).toMatchObject({ state: 'completed', value: [60_000, 60_000, 60_000] });
      const ran = executions(log).map(({ what: w }) => w);
      expect(ran).toEqual(['make 2', 'sum', 'gate', 'gate', 'make 2', 'sum']);
    });
  }

  test('an intact one is read, not computed again', async () => {
    const store = join(folder, 'store');
    const killed = child([store, 'keeper', 'start'], { EXECUTIONS: log, GATE: 'closed' });
    await killed.until('it came to the gate', () => executions(log).some(({ what }) => what === 'gate'));
    await killed.until('what came before is recorded', () => completedKeys(store).size === 2);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const resumed = child([store, 'keeper', 'resume'], { EXECUTIONS: log });
    expect(await resumed.outcome()).toMatchObject({ state: 'completed', value: [60_000, 60_000, 60_000] });
    expect(executions(log).map(({ what }) => what)).toEqual(['make 2', 'sum', 'gate', 'gate', 'sum']);
  });
});

test('keys do not depend on the order of completion: shuffled delays resume to the same values', async () => {
  const store = join(folder, 'store');
  const killed = child([store, 'shuffled', 'start'], { EXECUTIONS: log, SHUFFLE: '1', GATE: 'closed' });
  await killed.until('all calls had begun', () => executions(log).length === 10);
  // They and the nine that join them.
  await killed.until('all of them are recorded', () => completedKeys(store).size === 19);
  killed.process.kill('SIGKILL');
  await killed.ended;
  const resumed = child([store, 'shuffled', 'resume'], { EXECUTIONS: log, SHUFFLE: '4' });
  const tree = '((((010)(2030))((4050)(6070)))(8090))';
  expect(await resumed.outcome()).toMatchObject({
    state: 'completed',
    value: [tree, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90],
  });
  expect(executions(log)).toHaveLength(10);
});
