/**
 * Batches as a later version might write them, put together from the bytes as `format.md` describes them: with
 * records and sections of kinds that nobody knows yet, and with columns behind those that are known.
 */

interface EncodedSection {
  readonly kind: number;
  readonly columns: number;
  readonly rows: number;
  readonly wide: number;
  readonly body: Uint8Array;
}

const HEADER_BYTES = 16;
const ORDER = 128;
/** A kind of records, and one of something else, that no version up to this one has. */
const LATER_RECORDS = 90;
const LATER_OTHERS = 200;

/** What a test looks for in the bytes that are kept. */
export const LATER_TEXT = 'what only later versions read';

/** The same batch with two records more, a section more, and a column more in each section of records. */
export function asLaterVersion(batch: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength);
  const columnsBytes = view.getUint32(8, true);
  const sections: EncodedSection[] = [];
  for (let at = HEADER_BYTES; at < columnsBytes;) {
    const bytes = view.getUint32(at + 8, true);
    sections.push({
      kind: view.getUint16(at, true),
      columns: view.getUint16(at + 2, true),
      rows: view.getUint32(at + 4, true),
      wide: view.getUint32(at + 12, true),
      body: batch.subarray(at + 16, at + 16 + bytes),
    });
    at += 16 + bytes;
  }
  const text = new TextEncoder().encode(LATER_TEXT);
  const later = [
    { kind: LATER_OTHERS, columns: 1, rows: 7, wide: 1, body: text },
    ...sections.map((section) => (section.kind === ORDER ? longerOrder(section) : wider(section))),
    { kind: LATER_RECORDS, columns: 3, rows: 2, wide: 0, body: text },
    { kind: LATER_OTHERS, columns: 1, rows: 0, wide: 0, body: text },
  ];
  return encode(later, batch.subarray(columnsBytes));
}

/** One of the new records goes before all others, one after them. */
function longerOrder({ rows, body, ...section }: EncodedSection): EncodedSection {
  const order = new Uint8Array([LATER_RECORDS, ...body.subarray(0, rows), LATER_RECORDS]);
  return { ...section, rows: rows + 2, body: order };
}

/** Eight bytes a row more. */
function wider(section: EncodedSection): EncodedSection {
  if (section.kind >= ORDER) return section;
  const body = new Uint8Array(section.body.length + 8 * section.rows).fill(0xab);
  body.set(section.body);
  return { ...section, columns: section.columns + 1, wide: section.wide | (1 << section.columns), body };
}

function encode(sections: readonly EncodedSection[], heap: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;
  const columnsBytes = sections.reduce((sum, { body }) => sum + 16 + padded(body.length), HEADER_BYTES);
  const batch = new Uint8Array(columnsBytes + heap.length);
  const view = new DataView(batch.buffer);
  batch.set(new TextEncoder().encode('SDJB'));
  view.setUint16(4, 2, true);
  view.setUint32(8, columnsBytes, true);
  view.setUint32(12, heap.length, true);
  let at = HEADER_BYTES;
  for (const { kind, columns, rows, wide, body } of sections) {
    view.setUint16(at, kind, true);
    view.setUint16(at + 2, columns, true);
    view.setUint32(at + 4, rows, true);
    view.setUint32(at + 8, padded(body.length), true);
    view.setUint32(at + 12, wide, true);
    batch.set(body, at + 16);
    at += 16 + padded(body.length);
  }
  batch.set(heap, columnsBytes);
  return batch;
}
