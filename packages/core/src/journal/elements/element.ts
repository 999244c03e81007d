/**
 * What the cells of a column are: in a record, while a batch is collected, in its bytes, and read back. One
 * file a family of elements; `batch/record-sections.ts` says which column has which.
 */
import type { ByteHeap } from '../wire/byte-heap.ts';
import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnReader } from '../wire/column-reader.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import type { StringTable } from '../wire/string-table.ts';

/** `Field` is what a record holds, `Cells` is the column of a decoded batch. */
export interface Element<Field, Cells> {
  /** Bytes that a row takes at most; items of lists, text and values come on top. */
  readonly rowBytes: number;
  /** An empty column to be collected. */
  collect(parts: CollectedParts): Collector;
  /** Reads and checks the column. Throws JOURNAL_CORRUPT. */
  read(input: ColumnReader, rows: number, isWide: boolean): Cells;
  /** The column of a batch whose writer did not know it: what a field is that was not given. */
  absent(rows: number): Cells;
  field(cells: Cells, row: number, parts: DecodedParts): Field;
}

/** An element whose field may be left out of a record; reading gives its default. */
export interface OptionalElement<Field, Cells> extends Element<Field, Cells> {
  readonly isOptional: true;
}

/** What all columns of a batch under collection share. */
export interface CollectedParts {
  readonly memory: ColumnMemory;
  readonly strings: StringTable;
  readonly heap: ByteHeap;
}

/** What all columns of a decoded batch share. */
export interface DecodedParts {
  /** A string of the batch's table, by its id in a column; 0 is the empty one. */
  text(id: number): string;
  /** Bytes of the value heap; none if the batch was decoded without it. */
  heapBytes(start: number, end: number): Uint8Array;
}

/**
 * One column under collection. Hot path: classes over a growable typed array, which a row is stored into field
 * by field, without an object in between; a call at a place that always meets the same class costs nothing.
 */
export interface Collector {
  /** Stores a field in row `row`, the one after the last. Throws INVALID_RECORD and keeps nothing. */
  store(row: number, field: unknown): void;
  /** Makes room for this many rows. */
  grow(rows: number): void;
  /** Writes the first `rows` rows; true if they had to be written in their wide form. */
  write(output: ColumnWriter, rows: number): boolean;
  /** Bytes that the first `rows` rows take besides `rowBytes` each. */
  extraBytes?(rows: number): number;
}

/** Rows that a collector has room for at first. */
export const FIRST_ROWS = 512;
