import type { DatabaseSync } from 'node:sqlite';
import type { PackedSegment } from '../segments/segment-codec.ts';
import { partId } from '../rows/run-number.ts';

/** Appends a batch to its run's journal. */
export function prepareSegmentWriter(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO segment (id, epoch, records, encoding, raw_bytes, crc, ended, columns, heap)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  return (
    runNo: number,
    number: number,
    epoch: number,
    records: number,
    packed: PackedSegment,
    ended: Uint8Array | undefined,
  ): void => {
    insert.run(
      partId(runNo, number),
      epoch,
      records,
      packed.encoding,
      packed.rawBytes,
      packed.crc,
      ended ?? null,
      packed.columns,
      packed.heap ?? null,
    );
  };
}
