import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { decodeBatch, type DecodedBatch } from '@sidereal/core';
import { storeError } from '../../errors/store-error.ts';

/** How a segment's columns are stored. Codes are part of the schema. */
export const SEGMENT_ENCODING = { plain: 0, deflate: 1 } as const;

/** A batch as its row holds it. */
export interface PackedSegment {
  readonly encoding: number;
  /** Bytes of the columns when unpacked. */
  readonly rawBytes: number;
  /** CRC-32 of the batch as it was given, value heap included. */
  readonly crc: number;
  readonly columns: Uint8Array;
  readonly heap: Uint8Array | undefined;
}

/** Packs an encoded batch: columns deflated where that helps, the value heap as it is. */
export function packSegment(batch: Uint8Array, columnsBytes: number): PackedSegment {
  const raw = batch.subarray(0, columnsBytes);
  const heap = columnsBytes < batch.length ? batch.subarray(columnsBytes) : undefined;
  const deflated = deflateRawSync(raw, { level: constants.Z_BEST_SPEED });
  const isSmaller = deflated.length < raw.length;
  return {
    encoding: isSmaller ? SEGMENT_ENCODING.deflate : SEGMENT_ENCODING.plain,
    rawBytes: raw.length,
    crc: crc32(batch),
    columns: isSmaller ? deflated : raw,
    heap,
  };
}

/** The columns of a packed batch. Without its heap the checksum cannot be looked at, the structure is. */
export function unpackColumns(segment: Omit<PackedSegment, 'heap'>): DecodedBatch {
  return decodeBatch(columnsOf(segment), { withoutValueHeap: true });
}

/** The whole batch, its checksum verified. Throws STORE_CORRUPT. */
export function unpackSegment(segment: PackedSegment): Uint8Array {
  const columns = columnsOf(segment);
  const heap = segment.heap ?? new Uint8Array(0);
  const batch = new Uint8Array(columns.length + heap.length);
  batch.set(columns);
  batch.set(heap, columns.length);
  if (crc32(batch) !== segment.crc) throw damaged('its checksum does not agree');
  return batch;
}

function columnsOf({ encoding, columns, rawBytes }: Omit<PackedSegment, 'heap'>): Uint8Array {
  if (encoding === SEGMENT_ENCODING.plain) return columns;
  if (encoding !== SEGMENT_ENCODING.deflate) throw damaged(`its encoding is ${encoding}`);
  try {
    const raw = inflateRawSync(columns, { maxOutputLength: rawBytes });
    return raw;
  } catch (cause) {
    throw damaged('it cannot be inflated', cause);
  }
}

function damaged(why: string, cause?: unknown): Error {
  return storeError(
    'STORE_CORRUPT',
    `a segment of the journal is damaged: ${why}`,
    'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
    cause,
  );
}
