import { FIRST_ROWS, type CollectedParts, type Collector, type FieldSource } from '../elements/element.ts';
import { ALIGNMENT, type ColumnWriter } from '../wire/column-writer.ts';
import { SECTION_HEADER_BYTES, writeSectionHeader } from './batch-header.ts';
import type { Section } from './section.ts';

/** What aligns a column and what its narrow form has before its rows, at most. */
const COLUMN_EXTRA_BYTES = 16;

/**
 * The rows of one section while a batch is collected, by the section's table of columns.
 *
 * Hot path: adding a record is one call a column, of a closure that checks the field and stores it into a
 * typed array; `bench/batch-builder.ts` measures it.
 */
export class SectionCollector {
  count = 0;
  private room = FIRST_ROWS;
  private readonly kind: number;
  private readonly parts: CollectedParts;
  private readonly columns: readonly Collector[];
  private readonly adds: readonly Collector['add'][];
  private readonly extras: readonly NonNullable<Collector['extraBytes']>[];
  private readonly rowBytes: number;
  private readonly fixedBytes: number;

  constructor({ kind, columns }: Section, parts: CollectedParts) {
    this.kind = kind;
    this.parts = parts;
    this.columns = Object.entries(columns).map(([name, element]) => element.collect(name, parts));
    this.adds = this.columns.map(({ add }) => add);
    this.extras = this.columns.flatMap(({ extraBytes }) => extraBytes ?? []);
    this.rowBytes = Object.values(columns).reduce((sum, { rowBytes }) => sum + rowBytes, 0);
    this.fixedBytes = SECTION_HEADER_BYTES + COLUMN_EXTRA_BYTES * this.columns.length;
  }

  /** Adds a row. Throws INVALID_RECORD and adds none if a field does not fit. */
  add(record: FieldSource): void {
    const row = this.count;
    if (row === this.room) this.grow();
    const { adds, parts } = this;
    const { length: heapLength } = parts.heap;
    try {
      for (let i = 0; i < adds.length; i++) adds[i]?.(row, record);
    } catch (error) {
      parts.heap.length = heapLength;
      throw error;
    }
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
    for (const [i, column] of this.columns.entries()) if (column.write(output, rows)) wide |= 1 << i;
    output.align(ALIGNMENT);
    const bytes = output.at - start - SECTION_HEADER_BYTES;
    writeSectionHeader(view, start, { kind: this.kind, columns: this.columns.length, rows, bytes, wide });
    this.count = 0;
  }

  private grow(): void {
    this.room *= 2;
    for (const { grow } of this.columns) grow(this.room);
  }
}
