/**
 * One transaction: batches of any number of journals are appended, folded and counted, or nothing happens.
 *
 * Per journal and transaction: its position (epoch and last batch) is read under the write lock; a batch of
 * another epoch is refused as fenced, a number seen before is acknowledged again, a number too high is
 * refused as a gap. A batch that cannot be folded is refused, with all that follow it in its journal, and
 * the transaction begins again without it.
 */
import type { DatabaseSync } from 'node:sqlite';
import { decodeBatch } from '@sidereal/core';
import { storeError } from '../../errors/store-error.ts';
import { encodeIntervals, IntervalCollector } from '../segments/interval-columns.ts';
import { packSegment } from '../segments/segment-codec.ts';
import { prepareCounterWriter } from '../sql/counter-sql.ts';
import { prepareEntryWriter } from '../sql/entry-sql.ts';
import type { JournalPosition, prepareJournals } from '../sql/journal-sql.ts';
import { prepareNameWriter } from '../sql/name-sql.ts';
import { prepareNodeWriter } from '../sql/node-sql.ts';
import { prepareSegmentWriter } from '../sql/segment-sql.ts';
import type { OpenJournal } from './open-journal.ts';

/** A batch that waits to be committed. */
export interface QueuedBatch {
  /** Who asked for it to be appended; undefined if this thread took it by itself. */
  readonly request: number | undefined;
  readonly journal: OpenJournal;
  readonly epoch: number;
  readonly number: number;
  readonly sync: boolean;
  readonly bytes: Uint8Array;
}

/** What became of a batch: committed (perhaps earlier), or refused. */
export interface BatchOutcome {
  readonly item: QueuedBatch;
  readonly error?: Error;
  /** The batch contradicts its journal, or follows one that does: nothing more can be appended. */
  readonly isBroken?: boolean;
}

type Journals = ReturnType<typeof prepareJournals>;

export type GroupCommitter = (items: readonly QueuedBatch[], nowMs: number) => readonly BatchOutcome[];

/** Prepares the statements; the committer throws what SQLite throws, after everything was rolled back. */
export function prepareGroupCommit(db: DatabaseSync, journals: Journals): GroupCommitter {
  const writeNodes = prepareNodeWriter(db);
  const writeSegment = prepareSegmentWriter(db);
  const writeNames = prepareNameWriter(db);
  const writeEntries = prepareEntryWriter(db);
  const writeCounters = prepareCounterWriter(db);

  /** Appends and folds one batch; the rows of its nodes are written at the end of the transaction. */
  function append({ journal, bytes, number, epoch }: QueuedBatch): void {
    const batch = decodeBatch(bytes);
    const intervals = new IntervalCollector();
    const firstEntry = journal.fold.add(batch, number, intervals);
    const packed = packSegment(bytes, batch.columnsBytes);
    writeSegment(journal.runNo, number, epoch, batch.count, packed, encodeIntervals(intervals));
    writeNames(journal.runNo, batch);
    writeEntries(journal.runNo, number, firstEntry, batch);
  }

  function attempt(items: readonly QueuedBatch[], nowMs: number, refused: ReadonlyMap<QueuedBatch, Error>) {
    const folded = new Set<OpenJournal>();
    const positions = new Map<OpenJournal, JournalPosition>();
    const outcomes = items.map((item): BatchOutcome => {
      const known = refused.get(item);
      if (known !== undefined) return { item, error: known, isBroken: true };
      const { journal } = item;
      const position = positions.get(journal) ?? journals.position(journal.runNo);
      if (position === undefined) return { item, error: goneError(journal.runId), isBroken: true };
      positions.set(journal, position);
      const error = refusal(item, position);
      if (error !== undefined) return { item, error };
      if (item.number <= position.lastBatch) {
        // Repeated: a write of no consequence, so that a synchronous commit has something to sync.
        if (item.sync) journals.heartbeat(journal.runNo, journal.epoch, nowMs);
        return { item };
      }
      try {
        append(item);
      } catch (cause) {
        throw isOfSqlite(cause) ? cause : new RefusedBatch(item, cause);
      }
      position.lastBatch = item.number;
      folded.add(journal);
      return { item };
    });
    for (const [journal, { lastBatch }] of positions) {
      if (!folded.has(journal)) continue;
      const { runNo, fold } = journal;
      writeNodes(runNo, fold.nodes, fold.changes);
      writeCounters(runNo, fold.nodes, fold.changes);
      journals.advance(runNo, lastBatch, fold.totals, nowMs);
    }
    return outcomes;
  }

  return (items, nowMs) => {
    const refused = new Map<QueuedBatch, Error>();
    const involved = new Set(items.map((item) => item.journal));
    db.exec(items.some((item) => item.sync) ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
    for (;;) {
      db.exec('BEGIN IMMEDIATE');
      try {
        const outcomes = attempt(items, nowMs, refused);
        db.exec('COMMIT');
        for (const journal of involved) journal.fold.settle();
        return outcomes;
      } catch (error) {
        for (const journal of involved) journal.fold.undo();
        if (db.isTransaction) db.exec('ROLLBACK');
        if (!(error instanceof RefusedBatch)) throw error;
        const { item, reason } = error;
        for (const later of items.slice(items.indexOf(item))) {
          if (later.journal === item.journal) refused.set(later, reason);
        }
      }
    }
  };
}

/** Why a batch cannot be taken at this position, if so. */
function refusal({ epoch, number, journal }: QueuedBatch, position: JournalPosition): Error | undefined {
  if (epoch !== position.epoch) return fencedError(journal.runId, epoch, position.epoch);
  if (journal.failure !== undefined) return journal.failure;
  if (number <= position.lastBatch + 1) return undefined;
  return storeError(
    'JOURNAL_GAP',
    `batch ${number} of run ${journal.runId} came after batch ${position.lastBatch}`,
    'This is a defect in Sidereal; report it with the run id.',
  );
}

/** The run is not in the store any more: somebody deleted it. */
function goneError(runId: string): Error {
  return storeError(
    'RUN_NOT_FOUND',
    `run ${runId} is gone from the store`,
    'It was deleted while it was executed; run the flow again.',
  );
}

/** The run was taken over: this holder writes nothing more. */
function fencedError(runId: string, epoch: number, current: number): Error {
  return storeError(
    'JOURNAL_FENCED',
    `run ${runId} was taken over: its lease is at epoch ${current}, this process holds epoch ${epoch}`,
    'Let the process that took the run over go on; end this one.',
  );
}

function isOfSqlite(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

class RefusedBatch extends Error {
  readonly item: QueuedBatch;
  readonly reason: Error;

  constructor(item: QueuedBatch, cause: unknown) {
    super('a batch was refused', { cause });
    this.item = item;
    this.reason = cause instanceof Error ? cause : new Error(String(cause));
  }
}
