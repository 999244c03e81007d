import { resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { NameRecord, RunSnapshot, StoredValue } from '@sidereal/core';
import type { Liveness } from '../lease/holder.ts';
import { thisProcess } from '../lease/process-identity.ts';
import { concatIntervals, decodeIntervals, type Intervals } from '../sqlite/segments/interval-columns.ts';
import { openReadOnly } from '../sqlite/database/open-read-only.ts';
import { partOf, partRange } from '../sqlite/rows/run-number.ts';
import { toBytes, toInteger } from '../sqlite/rows/row.ts';
import { prepareSegmentReader, type SegmentReader } from '../sqlite/sql/segment-reader.ts';
import { prepareValueReader, type ValueReader } from '../sqlite/sql/value-sql.ts';
import { resultsFolder } from '../sqlite/database/store-files.ts';
import { inSnapshot } from '../sqlite/database/transaction.ts';
import { readEntries } from './entry-queries.ts';
import { findNode, readNodes, readStory } from './node-queries.ts';
import type {
  Counter,
  EntriesOptions,
  Entry,
  ListRunsOptions,
  NodesOptions,
  NodeStory,
  NodeSummary,
  RunCheck,
  RunDetail,
  RunSummary,
  Tally,
} from './reader-types.ts';
import { readSnapshot } from './snapshot-query.ts';
import { readTallies } from './tally-queries.ts';
import { findRun, listRuns, readCounters, readNames, readRun } from './run-queries.ts';
import { verifyRun } from './verify-run.ts';

/** Decoded batches kept for the next question. */
const KEPT_SEGMENTS = 16;

/**
 * Opens the store in a folder to read it: synchronously, whoever writes it meanwhile. Never creates one.
 * Throws STORE_NOT_FOUND, STORE_TOO_NEW, STORE_TOO_OLD, STORE_FOREIGN, STORE_CORRUPT. Close it.
 *
 * @example
 * using store = openStoreReader('.sidereal');
 * for (const run of store.listRuns({ limit: 10 })) console.log(run.id, run.state);
 */
export function openStoreReader(folder: string): StoreReader {
  return new StoreReader(resolve(folder));
}

/** The read side of a store; see `reader-types.ts` for what it gives. Each answer is of one moment. */
export class StoreReader implements Disposable {
  /** Folder of result files. */
  readonly dataFolder: string;
  private readonly db: DatabaseSync;
  private readonly here = thisProcess();
  private readonly segments: SegmentReader;
  private readonly readStored: ValueReader;

  constructor(folder: string) {
    this.dataFolder = resultsFolder(folder);
    this.db = openReadOnly(folder);
    this.segments = prepareSegmentReader(this.db, KEPT_SEGMENTS);
    this.readStored = prepareValueReader(this.db);
  }

  /** Version of the database's schema. */
  get schemaVersion(): number {
    return toInteger(this.db.prepare('PRAGMA user_version').get()?.['user_version']);
  }

  /** Newest first. */
  listRuns(options: ListRunsOptions): readonly RunSummary[] {
    return this.atOnce(() => listRuns(this.db, this.here, options));
  }

  /** Throws RUN_NOT_FOUND, RUN_AMBIGUOUS, like everything that takes a run. */
  run(run: string): RunDetail {
    return this.of(run, (runNo) => readRun(this.db, this.here, runNo));
  }

  /** Exact numbers of nodes per stage, kind and state. */
  counters(run: string): readonly Counter[] {
    return this.of(run, (runNo) => readCounters(this.db, runNo));
  }

  /** Task runs counted by place, name and state: a pass over all nodes of the run. */
  tallies(run: string): readonly Tally[] {
    return this.of(run, (runNo) => readTallies(this.db, runNo));
  }

  /** In order of their numbers, a page at a time. */
  nodes({ run, ...options }: NodesOptions): readonly NodeSummary[] {
    return this.of(run, (runNo) => readNodes(this.db, runNo, options));
  }

  /** Everything about one node, by its number or a prefix of its key. Throws NODE_NOT_FOUND, NODE_AMBIGUOUS. */
  node(run: string, which: number | string): NodeStory {
    return this.of(run, (runNo) => {
      const row = findNode(this.db, runNo, which);
      const idx = partOf(toInteger(row['id']));
      return readStory(this.segments, runNo, row, readEntries(this.db, this.segments, runNo, { idx }));
    });
  }

  /** In the order in which they were journalled, a page at a time. */
  entries({ run, ...options }: EntriesOptions): readonly Entry[] {
    return this.of(run, (runNo) => readEntries(this.db, this.segments, runNo, options));
  }

  names(run: string): readonly NameRecord[] {
    return this.of(run, (runNo) => readNames(this.db, runNo));
  }

  liveness(run: string): Liveness {
    return this.run(run).liveness;
  }

  /** Everything that was active and is not any more, in order of batches, from their blobs alone. */
  timeline(run: string): Intervals {
    return this.of(run, (runNo) =>
      concatIntervals(
        this.db
          .prepare('SELECT ended FROM segment WHERE id >= ? AND id < ? AND ended IS NOT NULL ORDER BY id')
          .all(...partRange(runNo))
          .map((row) => decodeIntervals(toBytes(row['ended']))),
      ),
    );
  }

  /** The value recorded for a node: inline bytes, file address or preview; undefined if none was. */
  value(run: string, idx: number): StoredValue | undefined {
    return this.of(run, (runNo) => this.readStored(runNo, idx));
  }

  /** All that a process would start from that went on with the run; nothing is leased. A pass over the whole run. */
  snapshot(run: string): RunSnapshot {
    return this.of(run, (runNo) => readSnapshot(this.db, this.here, runNo));
  }

  /** Folds the run's journal again, record by record, and compares with the tables. */
  verify(run: string): RunCheck {
    return this.atOnce(() => {
      const { runNo, id } = findRun(this.db, run);
      return verifyRun(this.db, runNo, id);
    });
  }

  /** SQLite's own check of the database file; empty if it is sound. */
  checkFile(): readonly string[] {
    return this.db
      .prepare('PRAGMA quick_check(20)')
      .all()
      .map((row) => String(row['quick_check']))
      .filter((line) => line !== 'ok');
  }

  /** Idempotent. */
  close(): void {
    if (this.db.isOpen) this.db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private of<T>(run: string, read: (runNo: number) => T): T {
    return this.atOnce(() => read(findRun(this.db, run).runNo));
  }

  private atOnce<T>(read: () => T): T {
    return inSnapshot(this.db, read);
  }
}
