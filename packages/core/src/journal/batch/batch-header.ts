/** The fixed parts of a batch: its own header, and the header of each section. `format.md` has them in words. */
import { SiderealError } from '../../errors.ts';
import { corrupt } from '../wire/journal-errors.ts';

/** `SDJB` read as a little-endian u32. */
const BATCH_MAGIC = 0x424a4453;
/**
 * Raised by what an earlier reader would misunderstand: another meaning of a column, a new code of a state, node
 * kind, entry kind or storage. New sections, columns and reasons do not raise it.
 */
export const BATCH_VERSION = 2;
export const BATCH_HEADER_BYTES = 16;
export const SECTION_HEADER_BYTES = 16;

/** Byte offsets of the batch header's fields. */
export const BATCH_HEADER = { magic: 0, version: 4, reserved: 6, columnsBytes: 8, heapBytes: 12 } as const;

/** Byte offsets of a section header's fields. */
export const SECTION_HEADER = { kind: 0, columns: 2, rows: 4, bytes: 8, wide: 12 } as const;

/** Sections that are not records: the order of the records, the strings that columns refer to. */
export const ORDER_SECTION = 128;
export const STRINGS_SECTION = 129;
/** Rows of sections below this are records, which the order section lists. */
export const FIRST_OTHER_SECTION = 128;

export interface BatchHeader {
  /** Bytes before the value heap, the header included. */
  readonly columnsBytes: number;
  readonly heapBytes: number;
}

export interface SectionHeader {
  readonly kind: number;
  /** Columns that its writer knew. */
  readonly columns: number;
  readonly rows: number;
  /** Bytes of the section after its header. */
  readonly bytes: number;
  /** Bit i: column i is in its wide form. */
  readonly wide: number;
}

export function writeBatchHeader(view: DataView, { columnsBytes, heapBytes }: BatchHeader): void {
  view.setUint32(BATCH_HEADER.magic, BATCH_MAGIC, true);
  view.setUint16(BATCH_HEADER.version, BATCH_VERSION, true);
  view.setUint32(BATCH_HEADER.columnsBytes, columnsBytes, true);
  view.setUint32(BATCH_HEADER.heapBytes, heapBytes, true);
}

/** Throws JOURNAL_CORRUPT, or JOURNAL_TOO_NEW for a batch that a later version wrote. */
export function readBatchHeader(view: DataView): BatchHeader {
  if (view.byteLength < BATCH_HEADER_BYTES)
    throw corrupt(`it has ${view.byteLength} bytes, fewer than its header of ${BATCH_HEADER_BYTES}`);
  if (view.getUint32(BATCH_HEADER.magic, true) !== BATCH_MAGIC) throw corrupt('it does not begin with SDJB');
  const version = view.getUint16(BATCH_HEADER.version, true);
  if (version > BATCH_VERSION) {
    throw new SiderealError(
      'JOURNAL_TOO_NEW',
      `a journal batch has format ${version}; this is up to ${BATCH_VERSION}`,
      { remedy: 'A newer Sidereal wrote this run: read it with that version or a later one.' },
    );
  }
  if (version < BATCH_VERSION) throw corrupt(`its format version is ${version}`);
  if (view.getUint16(BATCH_HEADER.reserved, true) !== 0) throw corrupt('its reserved field is not 0');
  return {
    columnsBytes: view.getUint32(BATCH_HEADER.columnsBytes, true),
    heapBytes: view.getUint32(BATCH_HEADER.heapBytes, true),
  };
}

export function writeSectionHeader(view: DataView, at: number, header: SectionHeader): void {
  view.setUint16(at + SECTION_HEADER.kind, header.kind, true);
  view.setUint16(at + SECTION_HEADER.columns, header.columns, true);
  view.setUint32(at + SECTION_HEADER.rows, header.rows, true);
  view.setUint32(at + SECTION_HEADER.bytes, header.bytes, true);
  view.setUint32(at + SECTION_HEADER.wide, header.wide, true);
}

export function readSectionHeader(view: DataView, at: number): SectionHeader {
  return {
    kind: view.getUint16(at + SECTION_HEADER.kind, true),
    columns: view.getUint16(at + SECTION_HEADER.columns, true),
    rows: view.getUint32(at + SECTION_HEADER.rows, true),
    bytes: view.getUint32(at + SECTION_HEADER.bytes, true),
    wide: view.getUint32(at + SECTION_HEADER.wide, true),
  };
}

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Columns are typed arrays over the encoded bytes, so the machine must be little-endian, as almost all are. */
export function assertLittleEndian(): void {
  if (isLittleEndian) return;
  throw new SiderealError('UNSUPPORTED_PLATFORM', 'this machine is big-endian', {
    remedy: 'Sidereal runs on little-endian machines: x86-64, arm64 and the like.',
  });
}
