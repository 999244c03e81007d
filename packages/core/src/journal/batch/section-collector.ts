import { FIRST_ROWS, type CollectedParts, type Collector } from '../elements/element.ts';
import { ALIGNMENT, type ColumnWriter } from '../wire/column-writer.ts';
import { SECTION_HEADER_BYTES, writeSectionHeader } from './batch-header.ts';
import type { Section, SectionColumns } from './section.ts';

/** What aligns a column and what its narrow form has before its rows, at most. */
const COLUMN_EXTRA_BYTES = 16;

/** A record as columns take their fields from it. */
export type FieldSource = Readonly<Record<string, unknown>>;

/** The columns of a section under collection, by their names. */
export type CollectorsOf<Columns extends SectionColumns> = {
  readonly [Name in keyof Columns]: ReturnType<Columns[Name]['collect']>;
};

/** The rows of one section while a batch is collected, by the section's table of columns. */
export class SectionCollector<Columns extends SectionColumns> {
  count = 0;
  /** By name, for code that stores some fields itself: see `fast-records.ts`. */
  readonly columns: CollectorsOf<Columns>;
  private room = FIRST_ROWS;
  private readonly kind: number;
  private readonly names: readonly string[];
  private readonly collectors: readonly Collector[];
  private readonly extras: readonly NonNullable<Collector['extraBytes']>[];
  private readonly rowBytes: number;
  private readonly fixedBytes: number;

  constructor({ kind, columns }: Section<Columns>, parts: CollectedParts) {
    this.kind = kind;
    this.names = Object.keys(columns);
    this.collectors = Object.values(columns).map((element) => element.collect(parts));
    // Made column by column from a table: that the result has the table's shape, no type can follow.
    this.columns = Object.fromEntries(
      this.names.map((name, i) => [name, this.collectors[i]]),
    ) as unknown as CollectorsOf<Columns>;
    this.extras = this.collectors.flatMap((column) => column.extraBytes?.bind(column) ?? []);
    this.rowBytes = Object.values(columns).reduce((sum, { rowBytes }) => sum + rowBytes, 0);
    this.fixedBytes = SECTION_HEADER_BYTES + COLUMN_EXTRA_BYTES * this.collectors.length;
  }

  /** The row that the next record goes into, with room for it. It counts once it is closed. */
  open(): number {
    if (this.count === this.room) this.grow();
    return this.count;
  }

  /** Stores the fields of all columns from the `first` on. Throws INVALID_RECORD. */
  store(row: number, record: FieldSource, first = 0): void {
    const { collectors, names } = this;
    for (let i = first; i < collectors.length; i++) collectors[i]?.store(row, record[names[i] ?? '']);
  }

  /** The record in this row is complete. */
  close(row: number): void {
    this.count = row + 1;
  }

  /** Bytes that the rows take in a batch at most, values included. */
  get byteLength(): number {
    const { count } = this;
    if (count === 0) return 0;
    let bytes = this.fixedBytes + count * this.rowBytes;
    for (const extraBytes of this.extras) bytes += extraBytes(count);
    return bytes;
  }

  /** Writes the section, if it has rows, and is empty again. */
  take(output: ColumnWriter, view: DataView): void {
    const { count: rows } = this;
    if (rows === 0) return;
    const start = output.at;
    output.at += SECTION_HEADER_BYTES;
    let wide = 0;
    for (const [i, column] of this.collectors.entries()) if (column.write(output, rows)) wide |= 1 << i;
    output.align(ALIGNMENT);
    const bytes = output.at - start - SECTION_HEADER_BYTES;
    writeSectionHeader(view, start, {
      kind: this.kind,
      columns: this.collectors.length,
      rows,
      bytes,
      wide: wide >>> 0,
    });
    this.count = 0;
  }

  private grow(): void {
    this.room *= 2;
    for (const column of this.collectors) column.grow(this.room);
  }
}
