import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasEnded, STATES, type RunSnapshot, type State, type StoredValue } from '@sidereal/core';
import {
  openSqliteStore,
  openStoreReader,
  type NodeSummary,
  type RunDetail,
  type SqliteStore,
} from '@sidereal/store';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Flow } from '../authoring/flow.ts';
import type { RunHandle } from '../run/life/run-handle.ts';
import type { RunOptions } from '../run/life/run-options.ts';
import { startRun } from '../run/start-run.ts';
import { RunRecord } from './run-record.ts';

/** A run that has ended, and what the store says of it. */
export interface EndedRun<T> {
  readonly id: string;
  readonly state: State | undefined;
  readonly value: T;
  /** What made it fail; undefined if it did not. */
  readonly error: unknown;
  readonly record: RunRecord;
}

/** Options of a run in a test; its store is the file's own. */
export type TestRunOptions = Omit<RunOptions, 'store'>;

/**
 * The real store in a folder of its own for the tests of one file: opened before the first, closed and removed
 * after the last. To be made at the top of the file.
 */
export function testStore(): TestStore {
  const store = new TestStore();
  beforeAll(() => store.open());
  afterAll(() => store.close());
  return store;
}

export class TestStore {
  folder = '';
  #store: SqliteStore | undefined;

  async open(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'sidereal-engine-'));
    this.#store = await openSqliteStore({ folder: this.folder });
  }

  async close(): Promise<void> {
    await this.#store?.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get store(): SqliteStore {
    if (this.#store === undefined) throw new Error('the store is not open yet');
    return this.#store;
  }

  /** Starts a run, every scheduler invariant checked after every event. */
  start(flow: AnyFlow, input?: unknown, options: TestRunOptions = {}): RunHandle {
    return startRun(flow.definition, input, { store: this.store, validate: true, ...options });
  }

  /** Runs a flow to its end, however it ends, and checks that its record is complete. */
  async run<Input, T>(flow: Flow<Input, T>, input?: Input, options?: TestRunOptions): Promise<EndedRun<T>> {
    return this.ended<T>(this.start(flow, input, options));
  }

  /** The same for a run under way. */
  async ended<T>(handle: RunHandle): Promise<EndedRun<T>> {
    const { runId, state, value, error } = await handle.outcome;
    const record = runId === '' ? new RunRecord([], []) : this.record(runId);
    if (state !== undefined) {
      expect(record.node(0).state).toBe(state);
      expectComplete(record);
      this.#expectCounted(runId, record.nodes, handle);
    }
    return { id: runId, state, value: value as T, error, record };
  }

  /** Runs a flow that must complete; its value. */
  async value<Input, T>(flow: Flow<Input, T>, input?: Input, options?: TestRunOptions): Promise<T> {
    const { value, error, state } = await this.run(flow, input, options);
    if (error !== undefined) throw error;
    expect(state).toBe('completed');
    return value;
  }

  /** Runs a flow that must not complete; what its result rejects with. */
  async error(flow: AnyFlow, input?: unknown, options?: TestRunOptions): Promise<unknown> {
    const handle = this.start(flow, input, options);
    const { state, error } = await this.ended(handle);
    expect(state).not.toBe('completed');
    return error;
  }

  /** What the store says of a run just now. */
  record(run: string): RunRecord {
    using reader = openStoreReader(this.folder);
    const nodes = reader.nodes({ run, limit: 100_000 });
    const stories = nodes.length > 5000 ? [] : nodes.map(({ idx }) => reader.node(run, idx));
    return new RunRecord(nodes, stories);
  }

  /** What a process would start from that went on with a run. */
  snapshot(run: string): RunSnapshot {
    using reader = openStoreReader(this.folder);
    return reader.snapshot(run);
  }

  /** A run as a whole. */
  detail(run: string): RunDetail {
    using reader = openStoreReader(this.folder);
    return reader.run(run);
  }

  /** The value that the store holds for a node of a run. */
  stored(run: string, idx: number): StoredValue | undefined {
    using reader = openStoreReader(this.folder);
    return reader.value(run, idx);
  }

  /** How many runs the store holds. */
  runs(): number {
    using reader = openStoreReader(this.folder);
    return reader.listRuns({ limit: 1000 }).length;
  }

  #expectCounted(run: string, nodes: readonly NodeSummary[], handle: RunHandle): void {
    using reader = openStoreReader(this.folder);
    expect(reader.verify(run).discrepancies).toEqual([]);
    const tasks = reader.counters(run).filter(({ kind, count }) => kind === 'task' && count > 0);
    const rows = new Map<string, number>();
    for (const { kind, stage, state } of nodes) {
      if (kind === 'task') rows.set(`${stage} ${state}`, (rows.get(`${stage} ${state}`) ?? 0) + 1);
    }
    expect(new Map(tasks.map(({ stage, state, count }) => [`${stage} ${state}`, count]))).toEqual(rows);
    expect(liveCounts(handle)).toEqual(rows);
  }
}

interface AnyFlow {
  readonly definition: Flow<never, unknown>['definition'];
}

/** No node without an end, none outside its parent. */
function expectComplete({ nodes }: RunRecord): void {
  expect(nodes.filter(({ state }) => !hasEnded(state)).map(({ name, state }) => `${name} ${state}`)).toEqual(
    [],
  );
  expect(nodes.map(({ idx }) => idx)).toEqual(nodes.map((_, at) => at));
  expect(nodes.filter(({ parent, idx }) => parent >= idx)).toEqual([]);
}

/** The live counts of a run by stage and state. */
function liveCounts(handle: RunHandle): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { idx, counts: byState } of handle.progress()) {
    for (const [code, count] of byState.entries()) {
      if (count !== 0) counts.set(`${idx} ${STATES[code]}`, count);
    }
  }
  return counts;
}
