/**
 * Durability, tried by killing: whatever a process was doing when it was killed, every acknowledged batch is
 * there exactly once afterwards, and the tables say what the journal says.
 *
 * SIDEREAL_KILLS sets how often (default 20; a soak takes hundreds).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeBatch, isSiderealError, nodeKindOf, stateOf } from '@sidereal/core';
import { describe, expect, test, vi } from 'vitest';
import { Replay } from '../../reader/replay.ts';
import { openStoreReader } from '../../reader/store-reader.ts';
import { startChild } from '../../testing/child-process.ts';
import { PlannedRun } from '../../testing/planned-run.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { databasePath } from '../database/store-files.ts';

const KILLS = Number(process.env['SIDEREAL_KILLS'] ?? 20);

/** A run is killed this often; then another one begins, in the same store until that has this many. */
const KILLS_PER_RUN = 3;
const RUNS_PER_STORE = 3;

const FILE_APPEARS = { interval: 1, timeout: 120_000 };

function acknowledged(lines: readonly string[]): number {
  return Math.max(0, ...lines.filter((line) => /^\d+$/.test(line)).map(Number));
}

/**
 * Moments to kill at, spread from 0 to about when a process has come to its first acknowledged batch. How long
 * that takes here and now is learnt from the kills themselves: one that came too soon lets the next come later.
 */
class Moments {
  #spanMs = 200;

  next(): number {
    return Math.random() * this.#spanMs;
  }

  learn(hasComeFar: boolean): void {
    this.#spanMs = Math.min(this.#spanMs * (hasComeFar ? 0.8 : 1.2), 5000);
  }
}

/** Compares a store with the run as planned: at least `atLeast` batches, exactly as they were made. */
function expectIntact(folder: string, run: string, seed: number, atLeast: number): number {
  using reader = openStoreReader(folder);
  expect(reader.checkFile()).toEqual([]);
  const check = reader.verify(run);
  expect(check.discrepancies).toEqual([]);
  expect(check.batches).toBeGreaterThanOrEqual(atLeast);

  const plan = new PlannedRun(seed);
  const replay = new Replay();
  while (plan.number < check.batches) {
    const batch = plan.next();
    replay.batch(plan.number, decodeBatch(batch));
  }
  expect(check.records).toBe(replay.records);
  const planned = [...replay.counters()].map(([cell, count]) => {
    const [stage = 0, kind = 0, state = 0] = cell.split('/').map(Number);
    return { stage, kind: nodeKindOf(kind), state: stateOf(state), count };
  });
  expect(reader.counters(run)).toHaveLength(planned.length);
  expect(reader.counters(run)).toEqual(expect.arrayContaining(planned));
  return check.batches;
}

describe('kill -9', () => {
  test(`at ${KILLS} random moments of appending and resuming`, async () => {
    await using folder = await temporaryFolder();
    const moments = new Moments();
    let atLeast = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const seed = Math.floor(kill / KILLS_PER_RUN);
      const run = `victim-${seed}`;
      const path = join(folder.path, `store-${Math.floor(seed / RUNS_PER_STORE)}`);
      if (kill % KILLS_PER_RUN === 0) atLeast = 0;
      const child = startChild('append-until-killed.ts', [path, run, String(seed)]);
      await child.line((line) => line === 'open');
      // Whatever the moments bring, at least one kill meets a process that appends.
      if (kill === 0) await child.line((line) => line === '1');
      await sleep(moments.next());
      child.process.kill('SIGKILL');
      expect(await child.ended).toBe('SIGKILL');
      const appended = acknowledged(child.lines);
      moments.learn(appended > 0);
      atLeast = Math.max(atLeast, appended);
      if (atLeast > 0) atLeast = expectIntact(path, run, seed, atLeast);
    }
  });

  test(`at ${KILLS} random moments of creating a store`, async () => {
    await using folder = await temporaryFolder();
    const moments = new Moments();
    for (let kill = 0; kill < KILLS; kill++) {
      const path = join(folder.path, `store-${kill}`);
      const victim = startChild('append-until-killed.ts', [path, 'first', '1']);
      await victim.line((line) => line === 'open');
      // Every other kill comes when the file is there, which is made in a moment.
      const isTimed = kill % 2 === 1;
      if (isTimed) await sleep(moments.next());
      else await vi.waitUntil(() => existsSync(databasePath(path)), FILE_APPEARS);
      victim.process.kill('SIGKILL');
      await victim.ended;
      if (isTimed) moments.learn(acknowledged(victim.lines) > 0);

      // Whatever is there now, the next process makes a store of it and goes on.
      const next = startChild('append-until-killed.ts', [path, 'first', '1']);
      await next.line((line) => Number(line) > acknowledged(victim.lines) + 3);
      next.process.kill('SIGKILL');
      await next.ended;
      expectIntact(path, 'first', 1, acknowledged(next.lines));
    }
  });

  test('a run whose process was killed is dead to readers, and anyone may resume it', async () => {
    await using folder = await temporaryFolder();
    const child = startChild('append-until-killed.ts', [folder.path, 'gone', '2']);
    await child.line((line) => line === '3');
    using reader = openStoreReader(folder.path);
    expect(reader.liveness('gone')).toMatchObject({ status: 'live', holder: { pid: child.process.pid } });
    child.process.kill('SIGKILL');
    await child.ended;
    expect(reader.liveness('gone')).toMatchObject({ status: 'dead', holder: { pid: child.process.pid } });

    const next = startChild('append-until-killed.ts', [folder.path, 'gone', '2']);
    expect(await next.line((line) => line.startsWith('start'))).toBe('start 2');
    next.process.kill('SIGKILL');
    await next.ended;
  });
});

test('a folder in which a store was never finished is told from a store', async () => {
  await using folder = await temporaryFolder();
  expect(() => openStoreReader(folder.path)).toThrow(
    expect.toSatisfy((error: unknown) => isSiderealError(error, 'STORE_NOT_FOUND')),
  );
});
