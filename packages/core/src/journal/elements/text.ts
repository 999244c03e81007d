import type { ColumnReader } from '../wire/column-reader.ts';
import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import type { StringTable } from '../wire/string-table.ts';
import {
  FIRST_ROWS,
  type CollectedParts,
  type Collector,
  type DecodedParts,
  type Element,
  type OptionalElement,
} from './element.ts';

/** Text that is likely to come again (names): each is stored once in the batch's table, the column holds ids. */
export function repeatedText() {
  return {
    rowBytes: 4,
    collect: (parts: CollectedParts): Collector => new RepeatedTextCollector(parts),
    read: readIds,
    absent: (rows) => new Uint32Array(rows),
    field: textAt,
  } satisfies Element<string, Uint32Array>;
}

/** Text that is likely to be unique (previews, bodies). */
export function uniqueText() {
  return {
    rowBytes: 4,
    collect: (parts: CollectedParts): Collector => new UniqueTextCollector(parts),
    read: readIds,
    absent: (rows) => new Uint32Array(rows),
    field: textAt,
  } satisfies Element<string, Uint32Array>;
}

/** Words that a record mostly has none of. */
export function words() {
  return { ...repeatedText(), isOptional: true } satisfies OptionalElement<string, Uint32Array>;
}

/** Short texts without line breaks, kept as one text, one a line. */
export function lines() {
  return {
    rowBytes: 4,
    collect: (parts: CollectedParts): Collector => new LinesCollector(parts),
    read: readIds,
    absent: (rows) => new Uint32Array(rows),
    field: (cells, row, parts) => linesOf(parts.text(cells[row] ?? 0)),
  } satisfies Element<readonly string[], Uint32Array>;
}

/** The texts of {@link lines}, from the one that they are kept as. */
export function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

abstract class TextCollector implements Collector {
  protected data: Uint32Array;
  protected readonly strings: StringTable;
  private readonly memory: ColumnMemory;

  constructor({ memory, strings }: CollectedParts) {
    this.memory = memory;
    this.data = memory.u32(FIRST_ROWS);
    this.strings = strings;
  }

  abstract store(row: number, field: unknown): void;

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.u32(rows).set(this.data.subarray(0, rows));
    return false;
  }
}

class RepeatedTextCollector extends TextCollector {
  override store(row: number, field: unknown): void {
    const text = field ?? '';
    if (typeof text !== 'string') throw invalidField('text', text);
    this.data[row] = text === '' ? 0 : this.strings.intern(text);
  }
}

class UniqueTextCollector extends TextCollector {
  override store(row: number, field: unknown): void {
    if (typeof field !== 'string') throw invalidField('text', field);
    this.data[row] = field === '' ? 0 : this.strings.add(field);
  }
}

class LinesCollector extends TextCollector {
  override store(row: number, field: unknown): void {
    if (!Array.isArray(field)) throw invalidField('lines', field);
    this.data[row] = this.strings.intern(field.join('\n'));
  }
}

function textAt(cells: Uint32Array, row: number, parts: DecodedParts): string {
  return parts.text(cells[row] ?? 0);
}

/** Ids of strings: 0 for the empty one, or a row of the string table plus one. */
function readIds(input: ColumnReader, rows: number): Uint32Array {
  const { strings } = input.parts;
  const column = input.u32(rows);
  for (const id of column) if (id > strings) throw corrupt(`it refers to string ${id} of ${strings}`);
  return column;
}
