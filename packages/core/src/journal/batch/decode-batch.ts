import { ColumnReader, type ReferredParts } from '../wire/column-reader.ts';
import { ALIGNMENT } from '../wire/column-writer.ts';
import { corrupt } from '../wire/journal-errors.ts';
import {
  assertLittleEndian,
  BATCH_HEADER_BYTES,
  FIRST_OTHER_SECTION,
  ORDER_SECTION,
  readBatchHeader,
  readSectionHeader,
  SECTION_HEADER_BYTES,
  STRINGS_SECTION,
  type SectionHeader,
} from './batch-header.ts';
import { DecodedBatch, type RecordRows } from './decoded-batch.ts';
import { readSection, type EncodedSection } from './read-section.ts';
import { RECORD_SECTIONS } from './record-sections.ts';

export interface DecodeOptions {
  /** The value heap was left off the end of `bytes`: values are there, their bytes are empty. */
  readonly withoutValueHeap?: boolean;
}

/**
 * Reads an encoded batch. Everything is checked before anything is handed out: a batch that decodes can be
 * walked without a bounds check. (Text is decoded on demand; broken UTF-8 is reported then.) Sections of a kind
 * that this version does not know are passed over; their records count, and nobody sees them.
 * Throws `JOURNAL_CORRUPT`, or `JOURNAL_TOO_NEW` for a batch that a later version wrote.
 */
export function decodeBatch(given: Uint8Array, options: DecodeOptions = {}): DecodedBatch {
  assertLittleEndian();
  const bytes = given.byteOffset % ALIGNMENT === 0 ? given : given.slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { columnsBytes, heapBytes } = readBatchHeader(view);
  const hasHeap = options.withoutValueHeap !== true;
  const expected = hasHeap ? columnsBytes + heapBytes : columnsBytes;
  if (expected !== bytes.length)
    throw corrupt(`it has ${bytes.length} bytes where its header asks for ${expected}`);

  const found = findSections(view, columnsBytes);
  const strings = found.get(STRINGS_SECTION)?.header.rows ?? 0;
  const parts: ReferredParts = { strings, heapBytes };
  const open = (kind: number): EncodedSection | undefined => {
    const section = found.get(kind);
    if (section === undefined) return undefined;
    const { header, start } = section;
    return { header, body: new ColumnReader(bytes, start, start + header.bytes, parts) };
  };
  const rows: RecordRows = {
    name: readSection(RECORD_SECTIONS.name, open(RECORD_SECTIONS.name.kind)),
    declare: readSection(RECORD_SECTIONS.declare, open(RECORD_SECTIONS.declare.kind)),
    transition: readSection(RECORD_SECTIONS.transition, open(RECORD_SECTIONS.transition.kind)),
    value: readSection(RECORD_SECTIONS.value, open(RECORD_SECTIONS.value.kind)),
    entry: readSection(RECORD_SECTIONS.entry, open(RECORD_SECTIONS.entry.kind)),
  };
  const order = readOrder(open(ORDER_SECTION));
  checkOrder(order, found);
  const heap = hasHeap ? bytes.subarray(columnsBytes) : undefined;
  if (heapBytes > 0 && rows.value.count === 0)
    throw corrupt(`it has ${heapBytes} bytes of values, and no values`);
  return new DecodedBatch({ columnsBytes, order, rows, heap, ...readStrings(open(STRINGS_SECTION)) });
}

interface FoundSection {
  readonly header: SectionHeader;
  /** Where its columns begin. */
  readonly start: number;
}

/** Every section by its kind, whether it is known or not. */
function findSections(view: DataView, end: number): ReadonlyMap<number, FoundSection> {
  const known = new Set<number>([
    ORDER_SECTION,
    STRINGS_SECTION,
    ...Object.values(RECORD_SECTIONS).map(({ kind }) => kind),
  ]);
  const found = new Map<number, FoundSection>();
  let at = BATCH_HEADER_BYTES;
  while (at < end) {
    const start = at + SECTION_HEADER_BYTES;
    if (start > end) throw corrupt('its sections end within a header');
    const header = readSectionHeader(view, at);
    at = start + header.bytes;
    if (header.bytes % ALIGNMENT !== 0 || at > end)
      throw corrupt(`its section ${header.kind} has ${header.bytes} bytes where ${end - start} are left`);
    if (found.has(header.kind) && known.has(header.kind)) throw corrupt(`it has two sections ${header.kind}`);
    found.set(header.kind, { header, start });
  }
  if (at !== end) throw corrupt(`its sections end at byte ${at} of ${end}`);
  return found;
}

function readOrder(section: EncodedSection | undefined): Uint8Array {
  if (section === undefined) throw corrupt('it has no order of records');
  return section.body.u8(section.header.rows);
}

function readStrings(section: EncodedSection | undefined) {
  if (section === undefined) return { text: new Uint8Array(0), textStarts: new Uint32Array(1) };
  const { rows } = section.header;
  const textStarts = section.body.starts(rows);
  return { text: section.body.u8(textStarts[rows] ?? 0), textStarts };
}

/** The order must list each kind of record as often as its section has rows, known to this version or not. */
function checkOrder(order: Uint8Array, found: ReadonlyMap<number, FoundSection>): void {
  const counts = new Uint32Array(256);
  for (const kind of order) counts[kind] = (counts[kind] ?? 0) + 1;
  for (const [kind, count] of counts.entries()) {
    const rows = kind < FIRST_OTHER_SECTION ? (found.get(kind)?.header.rows ?? 0) : 0;
    if (count !== rows)
      throw corrupt(`its order lists ${count} records of kind ${kind} where it has ${rows}`);
  }
}
