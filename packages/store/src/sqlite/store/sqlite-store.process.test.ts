/** What only other processes can show. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openStoreReader } from '../../reader/store-reader.ts';
import { startChild } from '../../testing/child-process.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { databasePath } from '../database/store-files.ts';

const STRACE = '/usr/bin/strace';

describe('several processes on one store', () => {
  test('create it together, write it together, and wait for each other', async () => {
    await using folder = await temporaryFolder();
    const runs = ['one', 'two', 'three'];
    const children = runs.map((run, i) =>
      startChild('append-until-killed.ts', [folder.path, run, String(i)]),
    );
    for (const child of children) await child.line((line) => line === '5');

    // A fourth one keeps the lock far longer than SQLite itself waits for it.
    const db = new DatabaseSync(databasePath(folder.path), { timeout: 5000 });
    db.exec('BEGIN IMMEDIATE');
    await sleep(1500);
    const lengths = children.map(({ lines }) => lines.length);
    await sleep(500);
    expect(children.map(({ lines }) => lines.length)).toEqual(lengths); // nobody could commit …
    expect(children.map((child) => child.process.exitCode)).toEqual([null, null, null]); // … and nobody gave up
    db.exec('COMMIT');
    db.close();
    for (const [i, child] of children.entries()) {
      const beyond = (lengths[i] ?? 0) + 5;
      await child.line((line) => Number(line) > beyond);
    }
    for (const child of children) {
      child.process.kill('SIGKILL');
      await child.ended;
    }
    using reader = openStoreReader(folder.path);
    for (const run of runs) expect(reader.verify(run).discrepancies).toEqual([]);
    expect(reader.checkFile()).toEqual([]);
  });
});

describe.skipIf(!existsSync(STRACE))('stable storage', () => {
  /** How often a child that appends `count` batches syncs the write-ahead log before it is closed. */
  async function syncs(count: number, durability: 'sync' | 'plain'): Promise<number> {
    await using folder = await temporaryFolder();
    const trace = join(folder.path, 'trace');
    const before = [STRACE, '-f', '-qq', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace];
    const child = startChild('append-some.ts', [join(folder.path, 'store'), String(count), durability], {
      before,
    });
    expect(await child.ended).toBe(0);
    const calls = (await readFile(trace, 'utf8')).split('\n');
    return calls.filter((line) => line.includes('sidereal.db-wal')).length;
  }

  test('a synchronous append is acknowledged after it was synced, others are not synced one by one', async () => {
    const [plain, sync] = [await syncs(12, 'plain'), await syncs(12, 'sync')];
    expect(plain).toBeLessThan(6);
    expect(sync).toBeGreaterThanOrEqual(12);
  });
});
