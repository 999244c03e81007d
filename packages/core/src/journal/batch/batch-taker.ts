import type { RecordColumn } from '../wire/column-memory.ts';
import type { BatchCells } from './batch-cells.ts';
import { batchOf, type ReceivedBatch } from './batch-builder.ts';

/** The end of a shared batch in the thread that takes it: see `batch-cells.ts`. */
export class BatchTaker {
  private readonly cells: BatchCells;
  private version = 0;
  private batch: ReceivedBatch | undefined;

  constructor(cells: BatchCells) {
    this.cells = cells;
  }

  /** Records lie in these columns, from when their version is in force. */
  received(version: number, columns: readonly RecordColumn[]): void {
    this.version = version;
    this.batch = batchOf(columns);
  }

  /** Records published and not taken by anybody. */
  get published(): number {
    return this.cells.published;
  }

  /** All that is published, encoded, as the batch of this number; undefined if that is not to be had just now. */
  take(number: number): Uint8Array<ArrayBuffer> | undefined {
    const { batch, version } = this;
    if (batch === undefined) return undefined;
    return this.cells.take({ number, version }, (count, strings) => batch.encode(count, strings));
  }
}
