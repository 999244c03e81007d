/**
 * Everything that happens in the store's thread: one connection, one queue of batches, group commit.
 *
 * Batches are committed in the order in which they came, as many at a time as are waiting. A commit that
 * fails because another process holds the lock is tried again silently; one that fails because the disk is
 * full is tried again with growing pauses, after telling every journal's holder (`full`), and the first
 * success tells `recovered`. In both cases nothing leaves the queue; the holders bound it by what they send.
 * Any other failure of SQLite is final: every queued batch is refused with it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchCells, BatchTaker, isSiderealError, type RunHeader, type StoredValue } from '@sidereal/core';
import { thisProcess } from '../../lease/process-identity.ts';
import { storeError } from '../../errors/store-error.ts';
import { corruptStore, failedStore, openDatabase } from '../database/open-database.ts';
import { classifyFailure, sqliteCode } from '../database/sqlite-failure.ts';
import { prepareCommands } from '../sql/command-sql.ts';
import { prepareJournals } from '../sql/journal-sql.ts';
import { prepareNodeNames } from '../sql/name-sql.ts';
import { prepareRuns } from '../sql/run-sql.ts';
import { prepareValueReader, type ValueReader } from '../sql/value-sql.ts';
import type { OpenedJournal, Reply, SharedColumns, ThreadOptions, WireEvent } from '../wire/protocol.ts';
import { toWire } from '../wire/wire-error.ts';
import { BatchQueue } from './batch-queue.ts';
import {
  prepareGroupCommit,
  type BatchOutcome,
  type GroupCommitter,
  type QueuedBatch,
} from './commit-group.ts';
import { HeldBatches } from './held-batches.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import type { OpenJournal } from './open-journal.ts';
import { createRun, resumeRun, type OpenedRun, type RunDesk } from './open-run.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Where the writer's answers go. */
export interface Outbox {
  replies(replies: readonly Reply[]): void;
  event(handle: number, event: WireEvent): void;
}

export class StoreWriter {
  private readonly folder: string;
  private readonly desk: RunDesk;
  private readonly keeper: LeaseKeeper;
  private readonly commitGroup: GroupCommitter;
  private readonly readStored: ValueReader;
  private readonly nameOf: (runNo: number, idx: number) => string | undefined;
  private readonly outbox: Outbox;
  private readonly queue = new BatchQueue();
  private readonly journals = new Map<number, OpenJournal>();
  private readonly held = new HeldBatches((journal, bytes) => this.taken(journal, bytes));
  /** Called when the queue has changed. */
  private readonly waiters: (() => void)[] = [];
  /** The next commit: soon, or after a pause. */
  private soon: NodeJS.Immediate | undefined;
  private later: NodeJS.Timeout | undefined;
  private failures = 0;
  /** The disk is full, says this message of SQLite. */
  private full: string | undefined;
  private isClosed = false;

  /** Opens the store, waiting for other processes that are opening it. */
  static async open(options: ThreadOptions, outbox: Outbox): Promise<StoreWriter> {
    return await untilNotBusy(() => new StoreWriter(options, outbox));
  }

  private constructor(options: ThreadOptions, outbox: Outbox) {
    const db = openDatabase(options.folder);
    try {
      if (options.maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${options.maxPages}`);
      const journals = prepareJournals(db);
      const commands = prepareCommands(db);
      this.folder = options.folder;
      this.outbox = outbox;
      this.desk = {
        db,
        journals,
        commands,
        runs: prepareRuns(db),
        holder: thisProcess(),
        fold: { validate: options.validate },
      };
      this.keeper = new LeaseKeeper(db, journals, commands, {
        fenced: (journal, epoch) => this.fence(journal, epoch),
        commanded: (journal, command) => outbox.event(journal.handle, { type: 'command', command }),
      });
      this.commitGroup = prepareGroupCommit(db, journals);
      this.readStored = prepareValueReader(db);
      this.nameOf = prepareNodeNames(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  async createRun(handle: number, header: RunHeader): Promise<OpenedJournal> {
    return await this.openRun(() => createRun(this.desk, handle, header, Date.now()));
  }

  async resumeRun(handle: number, runId: string, takeOver: boolean): Promise<OpenedJournal> {
    return await this.openRun(() => resumeRun(this.desk, handle, runId, takeOver, Date.now()));
  }

  /** Queues a batch; the outbox gets the reply once it is committed or refused. */
  append(
    request: number,
    handle: number,
    batch: {
      readonly epoch: number;
      readonly number: number;
      readonly sync: boolean;
      readonly bytes: Uint8Array;
    },
  ): void {
    const journal = this.journals.get(handle);
    if (journal === undefined) {
      this.outbox.replies([{ request, error: toWire(closedError()) }]);
      return;
    }
    journal.lastBatch = Math.max(journal.lastBatch, batch.number);
    this.enqueue({ request, journal, ...batch });
  }

  /** Who a node is, by what is recorded of it. */
  nodeName(handle: number, idx: number): { readonly runId: string; readonly name: string } | undefined {
    const journal = this.journals.get(handle);
    const name = journal === undefined ? undefined : this.nameOf(journal.runNo, idx);
    return journal === undefined || name === undefined ? undefined : { runId: journal.runId, name };
  }

  /** The holder of a journal records in memory that this thread sees. */
  shared({ handle, cells, version, columns }: SharedColumns): void {
    const journal = this.journals.get(handle);
    if (journal === undefined) return;
    if (journal.taker === undefined) {
      journal.taker = new BatchTaker(new BatchCells(cells));
      this.held.add(journal);
    }
    journal.taker.received(version, columns);
  }

  /** The value recorded for a node, by what is committed and by what is queued before this call. */
  async readValue(handle: number, idx: number): Promise<StoredValue | undefined> {
    const journal = this.journals.get(handle);
    if (journal === undefined) throw closedError();
    await this.drained(journal, { unlessFull: true });
    return this.readStored(journal.runNo, idx);
  }

  /** Commits what is queued for the journal, or gives it up, and ends the lease. */
  async closeJournal(handle: number, abandon: boolean): Promise<void> {
    const journal = this.journals.get(handle);
    if (journal === undefined) return;
    if (abandon) this.abandon(journal);
    else await this.drained(journal, { unlessFull: false });
    this.journals.delete(handle);
    this.held.remove(journal);
    this.keeper.remove(journal);
    try {
      await untilNotBusy(() => this.desk.journals.release(journal.runNo, journal.epoch));
    } catch {
      // Not released: whoever wants the run finds its holder gone.
    }
  }

  /** Makes one last attempt for what is queued, gives up the rest, and closes the database. Idempotent. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    if (this.full !== undefined) this.commit();
    for (const [handle, journal] of this.journals) {
      const isDrained = await this.drained(journal, { unlessFull: true });
      await this.closeJournal(handle, !isDrained);
    }
    this.isClosed = true;
    this.cancelTurn();
    this.held.close();
    this.keeper.close();
    this.desk.db.close();
  }

  /** A batch that was taken here: the next of its journal. */
  private taken(journal: OpenJournal, bytes: Uint8Array): void {
    journal.lastBatch += 1;
    const { epoch, lastBatch: number } = journal;
    this.enqueue({ request: undefined, journal, epoch, number, sync: false, bytes });
  }

  private enqueue(item: QueuedBatch): void {
    this.queue.push(item);
    if (this.later === undefined) this.soon ??= setImmediate(() => this.commit());
  }

  /** Tells those who wait for batches what became of them; for what was taken here, nobody waits. */
  private tell(outcomes: readonly BatchOutcome[]): void {
    const replies = outcomes.flatMap(({ item: { request }, error }): readonly Reply[] => {
      if (request === undefined) return [];
      return [error === undefined ? { request, value: undefined } : { request, error: toWire(error) }];
    });
    if (replies.length > 0) this.outbox.replies(replies);
  }

  private async openRun(open: () => OpenedRun): Promise<OpenedJournal> {
    try {
      const { journal, opened } = await untilNotBusy(open);
      this.journals.set(journal.handle, journal);
      this.keeper.add(journal);
      if (this.full !== undefined) this.outbox.event(journal.handle, { type: 'full', message: this.full });
      return opened;
    } catch (error) {
      throw this.explained(error);
    }
  }

  /** One turn of the queue: a group is committed, or stays for the next turn. */
  private commit(): void {
    this.cancelTurn();
    if (this.isClosed || this.queue.isEmpty) return;
    const group = this.queue.group();
    const outcomes = this.tryCommit(group);
    if (outcomes !== undefined) {
      this.queue.drop(group.length);
      this.announce(outcomes);
      if (!this.queue.isEmpty) this.soon = setImmediate(() => this.commit());
    }
    this.wake();
  }

  private tryCommit(group: readonly QueuedBatch[]): readonly BatchOutcome[] | undefined {
    try {
      const outcomes = this.commitGroup(group, Date.now());
      this.failures = 0;
      return outcomes;
    } catch (error) {
      this.commitFailed(error);
      return undefined;
    }
  }

  private announce(outcomes: readonly BatchOutcome[]): void {
    if (this.full !== undefined) {
      this.full = undefined;
      this.toAll({ type: 'recovered' });
    }
    for (const { item, error, isBroken } of outcomes) {
      if (error === undefined) continue;
      if (isBroken === true) this.fail(item.journal, error);
      else if (isSiderealError(error, 'JOURNAL_FENCED')) this.noticeFence(item.journal);
    }
    this.tell(outcomes);
  }

  private commitFailed(error: unknown): void {
    const failure = classifyFailure(error);
    if (failure === 'busy' || failure === 'full') {
      if (failure === 'full' && this.full === undefined) {
        this.full = toError(error).message;
        this.toAll({ type: 'full', message: this.full });
      }
      const delay = retryDelayMs(failure, this.failures);
      this.failures += failure === 'full' ? 1 : 0;
      this.later = setTimeout(() => this.commit(), delay);
      return;
    }
    const reason = toError(this.explained(error));
    for (const journal of this.journals.values()) this.fail(journal, reason);
    this.tell(this.queue.remove().map((item) => ({ item, error: reason })));
  }

  private fail(journal: OpenJournal, error: Error): void {
    if (journal.failure !== undefined) return;
    journal.failure = error;
    this.outbox.event(journal.handle, { type: 'failed', error: toWire(error) });
  }

  /** A batch was refused as fenced: is the lease lost, or was only the batch's epoch wrong? */
  private noticeFence(journal: OpenJournal): void {
    const epoch = this.desk.journals.position(journal.runNo)?.epoch ?? journal.epoch;
    if (epoch !== journal.epoch) this.fence(journal, epoch);
  }

  private fence(journal: OpenJournal, epoch: number): void {
    if (journal.fenced) return;
    journal.fenced = true;
    this.outbox.event(journal.handle, { type: 'fenced', epoch });
  }

  private abandon(journal: OpenJournal): void {
    const error = storeError(
      'JOURNAL_ABANDONED',
      `run ${journal.runId} was closed before its last records could be committed`,
      'Resume the run: what was not committed is done again.',
    );
    this.tell(this.queue.remove(journal).map((item) => ({ item, error })));
    this.wake();
  }

  /**
   * Waits until nothing is queued of what the journal has queued now; `unlessFull` does not wait for a full
   * disk. Tells whether that is so.
   */
  private async drained(
    journal: OpenJournal,
    { unlessFull }: { readonly unlessFull: boolean },
  ): Promise<boolean> {
    const last = this.queue.lastOf(journal);
    while (last !== undefined && this.queue.has(last)) {
      if (unlessFull && this.full !== undefined) return false;
      await new Promise<void>((resolve) => {
        this.waiters.push(resolve);
      });
    }
    return true;
  }

  /** Tells those who wait for the queue that it has changed. */
  private wake(): void {
    for (const waiter of this.waiters.splice(0)) waiter();
  }

  private toAll(event: WireEvent): void {
    for (const handle of this.journals.keys()) this.outbox.event(handle, event);
  }

  private cancelTurn(): void {
    clearImmediate(this.soon);
    clearTimeout(this.later);
    this.soon = undefined;
    this.later = undefined;
  }

  /** SQLite's failure in the store's own words. */
  private explained(error: unknown): unknown {
    switch (classifyFailure(error)) {
      case 'corrupt':
      case 'foreign':
        return corruptStore(this.folder, error);
      case 'full':
        return storeError(
          'STORE_FULL',
          `the store ${this.folder} cannot grow: ${toError(error).message}`,
          'Free space on its disk, or choose a store folder on another one.',
          error,
        );
      case 'busy':
      case 'readonly':
      case 'unopenable':
      case 'constraint':
      case 'other':
        return sqliteCode(error) === undefined ? error : failedStore(this.folder, error);
    }
  }
}

/** Tries until no other process is in the way. */
async function untilNotBusy<T>(attempt: () => T): Promise<T> {
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (classifyFailure(error) !== 'busy') throw error;
      await sleep(retryDelayMs('busy', 0));
    }
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function closedError(): Error {
  return storeError('JOURNAL_CLOSED', 'the journal is closed', 'Resume the run to append to it again.');
}
