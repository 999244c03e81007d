/**
 * Kills the process of a run at random moments (start-up, migration, commit, resume included) until the run
 * ends, then counts: nothing recorded as completed ran again, no strict task ran twice, every value is right,
 * and the tables say what the journal says. `SIDEREAL_KILLS` sets how many kills there are.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isSiderealError } from '@sidereal/core';
import { openStoreReader, type NodeSummary } from '@sidereal/store';
import { afterAll, expect, test } from 'vitest';

const KILLS = Number(process.env['SIDEREAL_KILLS'] ?? 25);
const SEED = Number(process.env['SIDEREAL_SEED'] ?? Date.now() % 2 ** 31);
const program = fileURLToPath(new URL('./kill-flow.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'sidereal-kill-'));
const VALUES = [72, 60_000, 100_000, 132, 2, 3, 4, 5, 7];

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Mulberry32: the moments of a campaign can be had again from its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Ended {
  readonly killed: boolean;
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the program; kills it with SIGKILL after `killAfterMs`, if it is still there. */
function runChild(folder: string, log: string, mode: string, killAfterMs: number): Promise<Ended> {
  const child = spawn(process.execPath, [program, folder, log, mode], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === 'SIGKILL', code, out, err });
    });
  });
}

function lines(log: string): readonly { readonly key: string; readonly what: string }[] {
  if (!existsSync(log)) return [];
  const text = readFileSync(log, 'utf8').trim();
  return text === ''
    ? []
    : text.split('\n').map((line) => ({ key: line.slice(0, 32), what: line.slice(33) }));
}

/** Has the store its run? One that was killed before its first batch has no nodes yet. */
function hasRun(folder: string): boolean {
  try {
    using reader = openStoreReader(folder);
    return reader.listRuns({ limit: 1 }).length > 0;
  } catch (error) {
    if (isSiderealError(error, 'STORE_NOT_FOUND')) return false;
    throw error;
  }
}

/** Nodes of the one run of a store, if it has come so far. */
function recorded(folder: string): readonly NodeSummary[] {
  try {
    using reader = openStoreReader(folder);
    const [latest] = reader.listRuns({ limit: 1 });
    return latest === undefined ? [] : reader.nodes({ run: latest.id, limit: 100_000 });
  } catch (error) {
    if (isSiderealError(error, 'STORE_NOT_FOUND')) return [];
    throw error;
  }
}

test(`${KILLS} kills at random moments repeat nothing and lose nothing (seed ${SEED})`, async () => {
  const next = random(SEED);
  let kills = 0;
  let runs = 0;
  let resumes = 0;
  while (kills < KILLS) {
    runs += 1;
    const folder = join(root, `store-${runs}`);
    const log = join(root, `log-${runs}`);
    const completed = new Map<string, number>();
    let ended: Ended = { killed: true, code: null, out: '', err: '' };
    let span = 900;
    while (ended.killed) {
      const before = recorded(folder);
      const executions = lines(log).length;
      for (const node of before) {
        if (node.kind === 'task' && node.state === 'completed') completed.set(node.key, executions);
      }
      const mode = hasRun(folder) ? 'resume' : 'start';
      if (mode === 'resume') resumes += 1;
      ended = await runChild(folder, log, mode, kills < KILLS ? 60 + next() * span : 60_000);
      if (ended.killed) kills += 1;
      // Runs that get on too slowly under an unlucky series of kills are given more time.
      span *= 1.1;
      for (const { key, what } of lines(log).slice(executions)) {
        expect(completed.has(key), `${what} was recorded complete and ran again (run ${runs})`).toBe(false);
      }
    }
    expect(ended.code, ended.err).toBe(0);
    const { state, value } = JSON.parse(ended.out) as {
      state: string;
      value: { values: number[]; paid: number[]; dice: number[]; cycles: number };
    };
    expect(state, ended.err).toBe('completed');
    expect(value.values).toEqual(VALUES);
    expect(value.cycles).toBe(3);
    using reader = openStoreReader(folder);
    const [run] = reader.listRuns({ limit: 2 });
    const id = run?.id ?? '';
    expect(run?.state).toBe('completed');
    expect(reader.verify(id).discrepancies).toEqual([]);
    const nodes = reader.nodes({ run: id, limit: 100_000 });
    const strict = nodes.filter(({ name }) => name === 'pay');
    expect(strict).toHaveLength(3);
    strict.forEach((node, i) => {
      const times = lines(log).filter(({ key }) => key === node.key).length;
      expect(times, `strict task ${i} ran ${times} times`).toBeLessThanOrEqual(1);
      const told =
        node.state === 'completed' ? value.paid.includes(i + 1) : node.reason === 'outcome_unknown';
      expect(told, `strict task ${i} is ${node.state} (${node.reason})`).toBe(true);
    });
    const open = nodes.filter(({ state: s }) => !['completed', 'failed', 'skipped', 'removed'].includes(s));
    expect(open.map(({ name, state: s }) => `${name} ${s}`)).toEqual([]);
  }
  console.error(`${kills} kills over ${runs} runs and ${resumes} resumes`);
}, 1_800_000);
