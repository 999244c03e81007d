import type { DatabaseSync } from 'node:sqlite';
import type { DecodedBatch } from '@sidereal/core';
import { storeError } from '../../errors/store-error.ts';
import { toBytes, toBytesOrNone, toInteger, type Row } from '../rows/row.ts';
import { partId } from '../rows/run-number.ts';
import { unpackColumns, unpackSegment } from '../segments/segment-codec.ts';

/** Reads batches back from the journal, by primary key. */
export interface SegmentReader {
  /** A batch without its value heap. The last few are kept decoded. */
  columns(runNo: number, number: number): DecodedBatch;
  /** A whole batch, its checksum verified. */
  batch(runNo: number, number: number): Uint8Array;
  /** Body of an entry, by its row among the batch's entries. */
  entryBody(runNo: number, number: number, row: number): string;
  /** Part of a batch's value heap. */
  heap(runNo: number, number: number, offset: number, length: number): Uint8Array;
}

/** Prepares the statements; `keep` decoded batches are remembered. */
export function prepareSegmentReader(db: DatabaseSync, keep: number): SegmentReader {
  const columnsOf = db.prepare('SELECT encoding, raw_bytes, crc, columns FROM segment WHERE id = ?');
  const wholeOf = db.prepare('SELECT encoding, raw_bytes, crc, columns, heap FROM segment WHERE id = ?');
  const partOfHeap = db.prepare('SELECT substr(heap, ? + 1, ?) AS bytes FROM segment WHERE id = ?');
  const kept = new Map<number, DecodedBatch>();

  function found(row: Row | undefined, runNo: number, number: number): Row {
    if (row !== undefined) return row;
    throw storeError(
      'STORE_CORRUPT',
      `batch ${number} of run ${runNo} is gone from the journal`,
      'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
    );
  }

  const reader: SegmentReader = {
    columns(runNo, number) {
      const id = partId(runNo, number);
      const known = kept.get(id);
      if (known !== undefined) return known;
      const batch = unpackColumns(toPacked(found(columnsOf.get(id), runNo, number)));
      kept.set(id, batch);
      for (const oldest of kept.keys()) {
        if (kept.size <= keep) break;
        kept.delete(oldest);
      }
      return batch;
    },
    batch(runNo, number) {
      const row = found(wholeOf.get(partId(runNo, number)), runNo, number);
      return unpackSegment({ ...toPacked(row), heap: toBytesOrNone(row['heap']) });
    },
    entryBody(runNo, number, row) {
      const batch = reader.columns(runNo, number);
      return batch.text(batch.rows.entry.body[row] ?? 0);
    },
    heap(runNo, number, offset, length) {
      if (length === 0) return new Uint8Array(0);
      const row = found(partOfHeap.get(offset, length, partId(runNo, number)), runNo, number);
      const bytes = toBytesOrNone(row['bytes']);
      if (bytes.length === length) return bytes;
      throw storeError(
        'STORE_CORRUPT',
        `batch ${number} of run ${runNo} is shorter than a value in it`,
        'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
      );
    },
  };
  return reader;
}

function toPacked(row: Row) {
  return {
    encoding: toInteger(row['encoding']),
    rawBytes: toInteger(row['raw_bytes']),
    crc: toInteger(row['crc']),
    columns: toBytes(row['columns']),
  };
}
