import {
  BatchCells,
  type BatchSharing,
  type RecordColumn,
  type FlowThreadCells,
  type Journal,
  type RunSnapshot,
  type StoredValue,
} from '@sidereal/core';
import { storeError } from '../../errors/store-error.ts';
import type { OpenedJournal } from '../wire/protocol.ts';
import type { ThreadClient } from '../thread/thread-client.ts';

/** A numbered batch as any holder, local or remote, delivers it. */
export interface NumberedBatch {
  readonly epoch: number;
  readonly number: number;
  /** Transferred: its buffer is empty afterwards. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sync: boolean;
}

/** An open journal of the SQLite store; see {@link Journal}. */
export class SqliteJournal implements Journal {
  readonly runId: string;
  readonly epoch: number;
  readonly snapshot: RunSnapshot | undefined;
  pendingBytes = 0;
  private readonly client: ThreadClient;
  private readonly handle: number;
  private readonly onClosed: () => void;
  /** The store's thread has taken a batch, and it is not known here that it is committed. */
  private isTaken = false;
  private lastBatch: number;
  private cells: BatchCells | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    client: ThreadClient,
    handle: number,
    runId: string,
    opened: OpenedJournal,
    onClosed: () => void,
  ) {
    this.client = client;
    this.handle = handle;
    this.runId = runId;
    this.onClosed = onClosed;
    this.epoch = opened.epoch;
    this.lastBatch = opened.lastBatch;
    this.snapshot = opened.snapshot;
  }

  async append(bytes: Uint8Array<ArrayBuffer>, { sync }: { readonly sync: boolean }): Promise<void> {
    this.assertOpen();
    // Nothing new: the last batch once more, which is acknowledged when it is on stable storage.
    if (bytes.length > 0) this.lastBatch += 1;
    if (this.cells !== undefined) this.cells.setNumber(this.lastBatch + 1);
    await this.deliver({ epoch: this.epoch, number: this.lastBatch, bytes, sync });
  }

  /** Lets the store's thread take records by itself; for the one builder of this journal's batches. */
  share(): BatchSharing {
    const cells = (this.cells ??= new BatchCells());
    cells.setNumber(this.lastBatch + 1);
    return {
      cells,
      columns: (version: number, columns: readonly RecordColumn[]) =>
        this.client.tell({ type: 'columns', handle: this.handle, cells: cells.cells, version, columns }),
      taken: () => {
        this.lastBatch += 1;
        this.isTaken = true;
        return this.lastBatch + 1;
      },
      settled: async () => {
        if (!this.isTaken) return;
        await this.append(new Uint8Array(0), { sync: false });
        this.isTaken = false;
      },
    };
  }

  watch({ cells }: FlowThreadCells, run: number): void {
    this.client.tell({ type: 'watch', handle: this.handle, cells, run });
  }

  /**
   * Appends a batch that was numbered elsewhere, exactly once: a number seen before is acknowledged and not
   * folded again. Throws JOURNAL_GAP, JOURNAL_FENCED.
   */
  async deliver({ epoch, number, bytes, sync }: NumberedBatch): Promise<void> {
    this.assertOpen();
    const { length } = bytes;
    this.pendingBytes += length;
    try {
      await this.client.request({ type: 'append', handle: this.handle, epoch, number, sync, bytes }, [
        bytes.buffer,
      ]);
    } finally {
      this.pendingBytes -= length;
    }
  }

  async readValue(idx: number): Promise<StoredValue | undefined> {
    this.assertOpen();
    const value = await this.client.request({ type: 'read-value', handle: this.handle, idx });
    return value !== undefined && 'storage' in value ? value : undefined;
  }

  close({ abandon = false }: { readonly abandon?: boolean } = {}): Promise<void> {
    // A close that waits for a full disk can be followed by one that gives up.
    if (this.closing === undefined || abandon) this.closing = this.end(abandon);
    return this.closing;
  }

  closeNow(last: Uint8Array<ArrayBuffer> | undefined, patienceMs: number): boolean {
    if (this.closing !== undefined) return false;
    // Nobody will hear the answers: the thread that would is held until it ends.
    this.append(last ?? new Uint8Array(0), { sync: true }).catch(() => undefined);
    const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.closing = this.end(false, done);
    return Atomics.wait(done, 0, 0, patienceMs) !== 'timed-out';
  }

  private async end(abandon: boolean, done?: Int32Array): Promise<void> {
    try {
      await this.client.request({
        type: 'close-journal',
        handle: this.handle,
        abandon,
        ...(done === undefined ? {} : { done }),
      });
    } catch {
      // The thread is gone, and the lease with it.
    } finally {
      this.onClosed();
    }
  }

  private assertOpen(): void {
    if (this.closing === undefined) return;
    throw storeError(
      'JOURNAL_CLOSED',
      `the journal of run ${this.runId} is closed`,
      'Resume the run to append to it again.',
    );
  }
}
