import type { DecodedParts } from '../elements/element.ts';
import { corrupt } from '../wire/journal-errors.ts';
import { RECORD_SECTIONS, type RecordCells, type RecordKind, type RecordOf } from './record-sections.ts';
import type { RowOf, Section, SectionCells, SectionColumns } from './section.ts';

/** One decoded record, in the order in which it was added. */
export type JournalRecord = { [Kind in RecordKind]: { readonly type: Kind } & RecordOf<Kind> }[RecordKind];

/** The records of a batch as columns, by kind. */
export type RecordRows = { readonly [Kind in RecordKind]: RecordCells<Kind> };

interface BatchContent {
  readonly columnsBytes: number;
  readonly order: Uint8Array;
  readonly rows: RecordRows;
  readonly textStarts: Uint32Array;
  readonly text: Uint8Array;
  readonly heap: Uint8Array | undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NO_BYTES = new Uint8Array(0);

/**
 * A batch as columns, for folds, and as records in the order in which they were added: iterate over it.
 * Columns are views of the encoded bytes where they can be; treat them as read-only. In row order, record i
 * of a kind is row i of that kind's columns.
 */
export class DecodedBatch implements Iterable<JournalRecord>, DecodedParts {
  /** Bytes before the value heap, which is the rest of the encoded batch. */
  readonly columnsBytes: number;
  /** Kind of each record by its code (`RECORD_KIND_CODE`, or one that this version does not know), in order. */
  readonly order: Uint8Array;
  readonly rows: RecordRows;
  private readonly heap: Uint8Array | undefined;
  private readonly textHeap: Uint8Array;
  private readonly textStarts: Uint32Array;
  private readonly texts: (string | undefined)[] = [''];

  constructor(content: BatchContent) {
    this.columnsBytes = content.columnsBytes;
    this.order = content.order;
    this.rows = content.rows;
    this.heap = content.heap;
    this.textHeap = content.text;
    this.textStarts = content.textStarts;
  }

  /** Records of all kinds, also of those that this version does not know. */
  get count(): number {
    return this.order.length;
  }

  /** The string of an id in any column. Throws JOURNAL_CORRUPT if it is not UTF-8. */
  text(id: number): string {
    const known = this.texts[id];
    if (known !== undefined) return known;
    try {
      const text = utf8.decode(this.textHeap.subarray(this.textStarts[id - 1], this.textStarts[id]));
      this.texts[id] = text;
      return text;
    } catch (cause) {
      throw corrupt(`string ${id} is not UTF-8`, cause);
    }
  }

  heapBytes(start: number, end: number): Uint8Array {
    return this.heap?.subarray(start, end) ?? NO_BYTES;
  }

  *[Symbol.iterator](): Generator<JournalRecord, void, undefined> {
    const next = { name: 0, declare: 0, transition: 0, value: 0, entry: 0 };
    const { rows } = this;
    for (const code of this.order) {
      switch (code) {
        case RECORD_SECTIONS.name.kind:
          yield { type: 'name', ...nameRow(rows.name, next.name++, this) };
          break;
        case RECORD_SECTIONS.declare.kind:
          yield { type: 'declare', ...declareRow(rows.declare, next.declare++, this) };
          break;
        case RECORD_SECTIONS.transition.kind:
          yield { type: 'transition', ...transitionRow(rows.transition, next.transition++, this) };
          break;
        case RECORD_SECTIONS.value.kind:
          yield { type: 'value', ...valueRow(rows.value, next.value++, this) };
          break;
        case RECORD_SECTIONS.entry.kind:
          yield { type: 'entry', ...entryRow(rows.entry, next.entry++, this) };
          break;
        default:
        // A record of a kind that came after this version: it stays in the batch, unseen.
      }
    }
  }
}

const nameRow = rowReader(RECORD_SECTIONS.name);
const declareRow = rowReader(RECORD_SECTIONS.declare);
const transitionRow = rowReader(RECORD_SECTIONS.transition);
const valueRow = rowReader(RECORD_SECTIONS.value);
const entryRow = rowReader(RECORD_SECTIONS.entry);

/** What makes one row of a section an object. */
function rowReader<Columns extends SectionColumns>({ columns }: Section<Columns>) {
  const elements = Object.entries(columns);
  return (cells: SectionCells<Columns>, row: number, parts: DecodedParts): RowOf<Columns> => {
    const fields: Record<string, unknown> = {};
    for (const [name, element] of elements) fields[name] = element.field(cells[name], row, parts);
    // Field by field from a table of columns: that the result has the table's shape, no type can follow.
    return fields as RowOf<Columns>;
  };
}
