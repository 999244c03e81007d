import { readdir } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { createBatchBuilder, STATE_CODE, VALUE_STORAGE, type Journal, type NodeKind } from '@sidereal/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../sqlite/store/open-sqlite-store.ts';
import type { SqliteStore } from '../sqlite/store/sqlite-store.ts';
import { databasePath } from '../sqlite/database/store-files.ts';
import { RandomJournal } from '../testing/random-journal.ts';
import { sampleHeader } from '../testing/sample-run.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { openStoreReader, type StoreReader } from './store-reader.ts';

const ignore = (): void => undefined;
const { queued, running, awaiting_retry, retrying, completed, failed } = STATE_CODE;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: SqliteStore;
let reader: StoreReader;
let journal: Journal;

/** A flow run with one stage: tasks 2 and 3 in the stage, 4 outside; 2 retried and done, 3 failed, 4 waiting. */
function story(): readonly Uint8Array<ArrayBuffer>[] {
  const builder = createBatchBuilder();
  const keys = [0x10, 0x20, 0xab, 0xac, 0xff].map((byte) => new Uint8Array(16).fill(byte));
  const declare = (
    idx: number,
    kind: NodeKind,
    stage: number,
    name: number,
    upstream: readonly number[],
    after: readonly number[] = [],
  ): void =>
    builder.declare({
      idx,
      key: keys[idx]!,
      parent: idx === 0 ? -1 : stage,
      group: -1,
      stage,
      kind,
      nameId: name,
      timeUs: idx,
      flags: 0,
      upstream,
      after,
      inputs: `(${idx})`,
    });
  for (const [id, name] of ['image-cube', 'calibrate', 'grid', 'clean'].entries()) {
    builder.name({
      id,
      name,
      module: 'radio.ts',
      runner: id > 1 ? 'threads' : '',
      tags: id > 1 ? ['slow', 'gpu'] : [],
    });
  }
  declare(0, 'flow', 0, 0, []);
  declare(1, 'stage', 0, 1, []);
  declare(2, 'task', 1, 2, []);
  declare(3, 'task', 1, 2, [2]);
  declare(4, 'task', 0, 3, [3, 2, 3], [1, 0]);
  builder.transition({ idx: 0, state: running, attempt: 1, timeUs: 100 });
  builder.transition({
    idx: 2,
    state: queued,
    attempt: 0,
    timeUs: 110,
    reason: 'slot',
    message: 'all 4 slots are taken',
  });
  const first = builder.take()!;
  builder.transition({ idx: 2, state: running, attempt: 1, timeUs: 120, lane: 7 });
  builder.entry({
    idx: 2,
    attempt: 1,
    kind: 'log',
    timeUs: 125,
    key: new Uint8Array(0),
    body: '{"level":"debug","message":"a"}',
  });
  builder.entry({
    idx: 2,
    attempt: 1,
    kind: 'log',
    timeUs: 126,
    key: new Uint8Array(0),
    body: '{"level":"warn","message":"b"}',
  });
  builder.transition({
    idx: 2,
    state: awaiting_retry,
    attempt: 1,
    timeUs: 130,
    reason: 'error',
    message: 'it broke',
  });
  builder.entry({
    idx: 2,
    attempt: 1,
    kind: 'error',
    timeUs: 130,
    key: new Uint8Array(0),
    body: '{"name":"Error","message":"it broke"}',
  });
  const second = builder.take()!;
  builder.transition({ idx: 2, state: retrying, attempt: 2, timeUs: 230, lane: 8 });
  builder.entry({
    idx: 0,
    attempt: 1,
    kind: 'qa',
    timeUs: 240,
    key: keys[1]!,
    body: '{"name":"snr","score":0.9}',
  });
  builder.value({
    idx: 2,
    attempt: 2,
    storage: VALUE_STORAGE.inline,
    bytes: new Uint8Array([4, 2]),
    size: 16,
  });
  builder.transition({ idx: 2, state: completed, attempt: 2, timeUs: 250, lane: 8 });
  builder.transition({ idx: 3, state: running, attempt: 1, timeUs: 260, lane: 1 });
  builder.transition({
    idx: 3,
    state: failed,
    attempt: 1,
    timeUs: 290,
    lane: 1,
    reason: 'timed_out',
    message: 'took longer than 30 µs',
  });
  return [first, second, builder.take()!];
}

beforeAll(async () => {
  folder = await temporaryFolder();
  store = await openSqliteStore({ folder: folder.path, validate: true });
  journal = await store.createRun(sampleHeader('2026-alpha', { flow: 'image-cube' }), ignore);
  for (const batch of story()) await journal.append(batch, { sync: false });
  const other = await store.createRun(sampleHeader('2026-beta', { flow: 'calibrate' }), ignore);
  await other.close();
  const random = await store.createRun(sampleHeader('random'), ignore);
  const made = new RandomJournal(9);
  for (let i = 0; i < 30; i++) await random.append(made.batch(100), { sync: false });
  await random.close();
  reader = openStoreReader(folder.path);
});
afterAll(async () => {
  reader.close();
  reader.close();
  await store.close();
  await folder[Symbol.asyncDispose]();
});

function code(value: string): unknown {
  return expect.objectContaining({ code: value });
}

describe('runs', () => {
  test('newest first, a page at a time', () => {
    const ids = (before?: string): readonly string[] =>
      reader.listRuns({ limit: 2, ...(before === undefined ? {} : { before }) }).map(({ id }) => id);
    expect(ids()).toEqual(['random', '2026-beta']);
    expect(ids('2026-beta')).toEqual(['2026-alpha']);
    expect(ids('2026-alpha')).toEqual([]);
  });

  test('by flow and by state', () => {
    expect(reader.listRuns({ limit: 9, flow: 'calibrate' }).map(({ id }) => id)).toEqual(['2026-beta']);
    expect(reader.listRuns({ limit: 9, states: ['running'] }).map(({ id }) => id)).toContain('2026-alpha');
    expect(reader.listRuns({ limit: 9, states: ['pending'] }).map(({ id }) => id)).toEqual(['2026-beta']);
    expect(reader.listRuns({ limit: 9, states: [] })).toEqual([]);
  });

  test('by id or a prefix that only one has', () => {
    expect(reader.run('2026-a')).toMatchObject({
      id: '2026-alpha',
      flow: 'image-cube',
      state: 'running',
      startedUs: 100,
      endedUs: undefined,
      nodes: 5,
      batches: 3,
      entries: 4,
      epoch: 1,
      header: sampleHeader('2026-alpha', { flow: 'image-cube' }),
    });
    expect(() => reader.run('2026')).toThrow(code('RUN_AMBIGUOUS'));
    expect(() => reader.run('2027')).toThrow(code('RUN_NOT_FOUND'));
    expect(() => reader.run('')).toThrow(code('RUN_NOT_FOUND'));
    expect(() => reader.run('2026-alpha%')).toThrow(code('RUN_NOT_FOUND'));
  });

  test('whether they are executed, and by whom', () => {
    expect(reader.liveness('2026-alpha')).toMatchObject({ status: 'live', holder: { pid: process.pid } });
    expect(reader.liveness('2026-beta')).toEqual({ status: 'free' });
  });
});

describe('nodes', () => {
  const found = (options: Partial<Parameters<StoreReader['nodes']>[0]>): readonly number[] =>
    reader.nodes({ run: '2026-a', limit: 100, ...options }).map(({ idx }) => idx);

  test('by any of their properties, a page at a time', () => {
    expect(found({})).toEqual([0, 1, 2, 3, 4]);
    expect(found({ limit: 2 })).toEqual([0, 1]);
    expect(found({ after: 1, limit: 2 })).toEqual([2, 3]);
    expect(found({ kinds: ['task'] })).toEqual([2, 3, 4]);
    expect(found({ states: ['failed', 'pending'] })).toEqual([1, 3, 4]);
    expect(found({ name: 'grid' })).toEqual([2, 3]);
    expect(found({ name: 'nothing' })).toEqual([]);
    expect(found({ tag: 'slow' })).toEqual([2, 3, 4]);
    expect(found({ tag: 'gpu', stage: 0 })).toEqual([4]);
    expect(found({ tag: 'slo' })).toEqual([]);
    expect(found({ stage: 1 })).toEqual([2, 3]);
    expect(found({ group: 5 })).toEqual([]);
    expect(found({ kinds: ['task'], stage: 1, states: ['completed'] })).toEqual([2]);
  });

  test('the whole story of one, by number or by a prefix of its key', () => {
    const node = reader.node('2026-a', 'ab');
    expect(node).toEqual(reader.node('2026-a', 2));
    expect(node).toEqual({
      node: {
        idx: 2,
        key: 'ab'.repeat(16),
        kind: 'task',
        name: 'grid',
        nameId: 2,
        tags: ['slow', 'gpu'],
        parent: 1,
        group: -1,
        stage: 1,
        flags: 0,
        state: 'completed',
        attempt: 2,
        createdUs: 2,
        startedUs: 230,
        endedUs: 250,
        lane: 8,
        value: { storage: VALUE_STORAGE.inline, size: 16 },
      },
      inputs: '(2)',
      upstream: [],
      after: [],
      transitions: [
        { state: 'queued', attempt: 0, timeUs: 110, reason: 'slot', message: 'all 4 slots are taken' },
        { state: 'running', attempt: 1, timeUs: 120, lane: 7 },
        { state: 'awaiting_retry', attempt: 1, timeUs: 130, reason: 'error', message: 'it broke' },
        { state: 'retrying', attempt: 2, timeUs: 230, lane: 8 },
        { state: 'completed', attempt: 2, timeUs: 250, lane: 8 },
      ],
      entries: [
        { seq: 0, idx: 2, attempt: 1, kind: 'log', timeUs: 125, body: '{"level":"debug","message":"a"}' },
        { seq: 1, idx: 2, attempt: 1, kind: 'log', timeUs: 126, body: '{"level":"warn","message":"b"}' },
        {
          seq: 2,
          idx: 2,
          attempt: 1,
          kind: 'error',
          timeUs: 130,
          body: '{"name":"Error","message":"it broke"}',
        },
      ],
    });
    const { upstream, after } = reader.node('2026-a', 4);
    expect({ upstream, after }).toEqual({ upstream: [3, 2, 3], after: [1, 0] });
  });

  test('none, or several', () => {
    expect(() => reader.node('2026-a', 99)).toThrow(code('NODE_NOT_FOUND'));
    expect(() => reader.node('2026-a', 'abc')).toThrow(code('NODE_NOT_FOUND'));
    expect(() => reader.node('2026-a', 'zz')).toThrow(code('NODE_NOT_FOUND'));
    expect(() => reader.node('2026-a', '')).toThrow(code('NODE_NOT_FOUND'));
    expect(() => reader.node('2026-a', 'A')).toThrow(code('NODE_AMBIGUOUS'));
  });

  test('exact counts per stage, kind and state', () => {
    expect(reader.counters('2026-a')).toEqual([
      { stage: 0, kind: 'flow', state: 'running', count: 1 },
      { stage: 0, kind: 'stage', state: 'pending', count: 1 },
      { stage: 0, kind: 'task', state: 'pending', count: 1 },
      { stage: 1, kind: 'task', state: 'completed', count: 1 },
      { stage: 1, kind: 'task', state: 'failed', count: 1 },
    ]);
  });

  test('their values', () => {
    expect(reader.value('2026-a', 2)).toEqual({
      storage: VALUE_STORAGE.inline,
      bytes: new Uint8Array([4, 2]),
    });
    expect(reader.value('2026-a', 3)).toBeUndefined();
  });
});

describe('entries', () => {
  const found = (options: Partial<Parameters<StoreReader['entries']>[0]>): readonly number[] =>
    reader.entries({ run: '2026-a', ...options }).map(({ seq }) => seq);

  test('by kind, node and level, a page at a time', () => {
    expect(found({})).toEqual([0, 1, 2, 3]);
    expect(found({ kinds: ['qa', 'error'] })).toEqual([2, 3]);
    expect(found({ idx: 0 })).toEqual([3]);
    expect(found({ kinds: ['log'], level: 'info' })).toEqual([1]);
    expect(found({ kinds: ['log'], level: 'error' })).toEqual([]);
    expect(found({ level: 'warn' })).toEqual([1, 2, 3]);
    expect(found({ limit: 2 })).toEqual([0, 1]);
    expect(found({ after: 1, limit: 1 })).toEqual([2]);
  });

  test('with their keys', () => {
    expect(reader.entries({ run: '2026-a', kinds: ['qa'] })).toEqual([
      {
        seq: 3,
        idx: 0,
        attempt: 1,
        kind: 'qa',
        timeUs: 240,
        key: '20'.repeat(16),
        body: '{"name":"snr","score":0.9}',
      },
    ]);
  });
});

test('names, with where they are defined', () => {
  expect(reader.names('2026-a')).toHaveLength(4);
  expect(reader.names('2026-a')[2]).toEqual({
    id: 2,
    name: 'grid',
    module: 'radio.ts',
    runner: 'threads',
    tags: ['slow', 'gpu'],
  });
});

test('the timeline holds every interval of activity, also of attempts that failed', () => {
  const { count, idx, startUs, durationUs, lanes, states, nameIds } = reader.timeline('2026-a');
  const rows = Array.from({ length: count }, (_, i) => [
    idx[i],
    startUs[i],
    durationUs[i],
    lanes[i],
    states[i],
    nameIds[i],
  ]);
  expect(rows).toEqual([
    [2, 120, 10, 7, awaiting_retry, 2],
    [2, 230, 20, 8, completed, 2],
    [3, 260, 30, 1, failed, 2],
  ]);
});

describe('checking a run', () => {
  test('a sound one has no discrepancies', () => {
    for (const { id } of reader.listRuns({ limit: 9 })) expect(reader.verify(id).discrepancies).toEqual([]);
    expect(reader.checkFile()).toEqual([]);
  });

  /** Alters the store by SQL, checks run `random`, and puts everything back. */
  async function checkAfter(sql: string): Promise<readonly string[]> {
    const db = new DatabaseSync(databasePath(folder.path), { timeout: 5000 });
    const copy = await temporaryFolder();
    db.exec(`VACUUM INTO '${databasePath(copy.path)}'`);
    db.close();
    const altered = new DatabaseSync(databasePath(copy.path));
    altered.exec(sql);
    altered.close();
    const check = openStoreReader(copy.path);
    const found = check.verify('random').discrepancies.map(({ what }) => what);
    check.close();
    await copy[Symbol.asyncDispose]();
    return found;
  }
  const of = (table: string, part: number): string => `${table}.id = 3 * 4294967296 + ${part}`;

  test.each([
    ['a state', `UPDATE node SET state = 12 WHERE ${of('node', 7)}`, 'node 7 state'],
    ['a time', `UPDATE node SET created_us = created_us + 1 WHERE ${of('node', 3)}`, 'node 3 created_us'],
    ['a key', `UPDATE node SET key = zeroblob(16) WHERE ${of('node', 3)}`, 'node 3 key'],
    ['a missing node', `DELETE FROM node WHERE ${of('node', 5)}`, 'rows of nodes'],
    [
      'a node too many',
      `INSERT INTO node SELECT id + 500000, key, parent, grp, stage, kind, name, flags, created_us, upstream, comes_after, argument_digest, first_segment, last_segment, state, attempt, started_us, active_us, ended_us, lane, reason, message, value_storage, value_segment, value_offset, value_length, value_size FROM node WHERE ${of('node', 5)}`,
      'node 500005',
    ],
    [
      'a counter',
      'UPDATE counter SET count = count + 1 WHERE run_no = 3 AND stage = 0 AND kind = 0',
      'counter stage/kind/state 0/0',
    ],
    ['an entry', `UPDATE entry SET level = 99 WHERE ${of('entry', 2)}`, 'entry 2'],
    ['a missing entry', `DELETE FROM entry WHERE ${of('entry', 2)}`, 'rows of entries'],
    ['a name', `UPDATE name SET module = 'other' WHERE ${of('name', 1)}`, 'name 1'],
    ['a total', 'UPDATE journal SET records = records + 1 WHERE run_no = 3', 'records in total'],
    ['a timeline', `UPDATE segment SET ended = NULL WHERE ${of('segment', 4)}`, 'timeline of batch 4'],
    ['a missing batch', `DELETE FROM segment WHERE ${of('segment', 30)}`, 'batches'],
    ['a value', `UPDATE segment SET heap = zeroblob(length(heap)) WHERE ${of('segment', 6)}`, 'batch 6'],
    [
      'a batch',
      `UPDATE segment SET columns = zeroblob(length(columns)) WHERE ${of('segment', 6)}`,
      'batch 6',
    ],
  ])('%s that was altered is found', async (_what, sql, expected) => {
    expect(await checkAfter(sql)).toEqual(expect.arrayContaining([expect.stringContaining(expected)]));
  });
});

test('a reader sees what is committed while it is open, and never half of a batch', async () => {
  const before = reader.run('2026-a').batches;
  const builder = createBatchBuilder();
  builder.transition({ idx: 4, state: queued, attempt: 0, timeUs: 400, reason: 'slot' });
  builder.transition({ idx: 4, state: running, attempt: 1, timeUs: 410, lane: 2 });
  await journal.append(builder.take()!, { sync: false });
  expect(reader.run('2026-a').batches).toBe(before + 1);
  expect(reader.node('2026-a', 4).node).toMatchObject({ state: 'running', startedUs: 410 });
});

test('where there is no store, none is made', async () => {
  await using empty = await temporaryFolder();
  expect(() => openStoreReader(empty.path)).toThrow(code('STORE_NOT_FOUND'));
  expect(await readdir(empty.path)).toEqual([]);
  const db = new DatabaseSync(databasePath(empty.path));
  db.exec('PRAGMA journal_mode = WAL');
  db.close();
  expect(() => openStoreReader(empty.path)).toThrow(code('STORE_NOT_FOUND')); // its creator got no further
});
