import type { ColumnReader } from '../wire/column-reader.ts';
import type { StringTable } from '../wire/string-table.ts';
import { grown } from '../wire/grown.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Collector, type Element, type OptionalElement } from './element.ts';

/** Text that is likely to come again (names): each is stored once in the batch's table, the column holds ids. */
export function repeatedText(): Element<string, Uint32Array> {
  return textElement((strings, value) => strings.intern(value));
}

/** Text that is likely to be unique (previews, bodies). */
export function uniqueText(): Element<string, Uint32Array> {
  return textElement((strings, value) => strings.add(value));
}

/** Words that a record mostly has none of. */
export function words(): OptionalElement<string, Uint32Array> {
  return { ...repeatedText(), isOptional: true };
}

/** Short texts without line breaks, kept as one text, one a line. */
export function lines(): Element<readonly string[], Uint32Array> {
  return {
    rowBytes: 4,
    collect: (name, { strings }) =>
      collectIds((record) => {
        const value = record[name];
        if (!Array.isArray(value)) throw invalidField(name, value);
        return strings.intern(value.join('\n'));
      }),
    read: readIds,
    absent: (rows) => new Uint32Array(rows),
    field: (cells, row, parts) => linesOf(parts.text(cells[row] ?? 0)),
  };
}

/** The texts of {@link lines}, from the one that they are kept as. */
export function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}

function textElement(idOf: (strings: StringTable, value: string) => number): Element<string, Uint32Array> {
  return {
    rowBytes: 4,
    collect: (name, { strings }) =>
      collectIds((record) => {
        const value = record[name] ?? '';
        if (typeof value !== 'string') throw invalidField(name, value);
        return value === '' ? 0 : idOf(strings, value);
      }),
    read: readIds,
    absent: (rows) => new Uint32Array(rows),
    field: (cells, row, parts) => parts.text(cells[row] ?? 0),
  };
}

function collectIds(idOf: (record: Readonly<Record<string, unknown>>) => number): Collector {
  let data = new Uint32Array(FIRST_ROWS);
  return {
    add(row, record) {
      data[row] = idOf(record);
    },
    grow: (rows) => void (data = grown(data, rows)),
    write(output, rows) {
      output.u32(rows).set(data.subarray(0, rows));
      return false;
    },
  };
}

/** Ids of strings: 0 for the empty one, or a row of the string table plus one. */
function readIds(input: ColumnReader, rows: number): Uint32Array {
  const { strings } = input.parts;
  const column = input.u32(rows);
  for (const id of column) if (id > strings) throw corrupt(`it refers to string ${id} of ${strings}`);
  return column;
}
