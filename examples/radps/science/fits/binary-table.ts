import { scienceError } from '../science-error.ts';
import { encodeFitsHeader, headerNumber, headerText, paddedLength } from './header.ts';
import type { FitsCard } from './header.ts';
import type { FitsUnit } from './fits-file.ts';

/** A column of a binary table: numbers, `repeat` of them a row, or one text a row. */
export interface TableColumn {
  readonly name: string;
  /** FITS letter: A text, L logical, B I J K whole numbers, E D real ones. */
  readonly type: string;
  readonly repeat: number;
  /** Offset within a row, bytes. */
  readonly offset: number;
}

const BYTES: Readonly<Record<string, number>> = { A: 1, L: 1, B: 1, I: 2, J: 4, K: 8, E: 4, D: 8 };

/** Reads cells of a BINTABLE extension (FITS standard 4.0, §7.3) by column name. */
export class BinaryTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
  readonly #rowBytes: number;
  readonly #data: DataView;

  constructor(unit: FitsUnit) {
    this.#rowBytes = headerNumber(unit.header, 'NAXIS1');
    this.rows = headerNumber(unit.header, 'NAXIS2');
    this.#data = unit.data;
    const columns = new Map<string, TableColumn>();
    let offset = 0;
    for (let index = 1; index <= headerNumber(unit.header, 'TFIELDS'); index++) {
      const form = headerText(unit.header, `TFORM${index}`).trim();
      const match = /^(\d*)([A-Z])/.exec(form);
      const type = match?.[2] ?? '';
      const size = BYTES[type];
      if (size === undefined) {
        throw scienceError(
          'FITS_UNSUPPORTED',
          `column ${index} of ${headerText(unit.header, 'EXTNAME', 'a table')} has the format ${JSON.stringify(form)}`,
          'Only fixed-length text and number columns are read; convert the table.',
        );
      }
      const repeat = match?.[1] === '' ? 1 : Number(match?.[1]);
      const name = headerText(unit.header, `TTYPE${index}`).trim();
      columns.set(name, { name, type, repeat, offset });
      offset += repeat * size;
    }
    this.columns = columns;
  }

  #column(name: string): TableColumn {
    const column = this.columns.get(name);
    if (column !== undefined) return column;
    throw scienceError(
      'FITS_UNSUPPORTED',
      `the table has no column ${name}; it has ${[...this.columns.keys()].join(', ')}`,
      'The file is of another kind than expected.',
    );
  }

  /** The text in a cell, trailing blanks and zero bytes removed. */
  text(row: number, name: string): string {
    const { offset, repeat } = this.#column(name);
    let text = '';
    for (let at = 0; at < repeat; at++) {
      const code = this.#data.getUint8(row * this.#rowBytes + offset + at);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text.trimEnd();
  }

  /** The numbers in a cell. */
  numbers(row: number, name: string): number[] {
    const { offset, repeat, type } = this.#column(name);
    const base = row * this.#rowBytes + offset;
    return Array.from({ length: repeat }, (_, index) => this.#read(type, base + index * (BYTES[type] ?? 1)));
  }

  #read(type: string, at: number): number {
    switch (type) {
      case 'I':
        return this.#data.getInt16(at);
      case 'J':
        return this.#data.getInt32(at);
      case 'K':
        return Number(this.#data.getBigInt64(at));
      case 'E':
        return this.#data.getFloat32(at);
      case 'D':
        return this.#data.getFloat64(at);
      default:
        return this.#data.getUint8(at);
    }
  }
}

/** A column to write: `cells` has one entry a row, each of `repeat` numbers, or text of at most `repeat` bytes. */
export interface ColumnToWrite {
  readonly name: string;
  readonly type: 'A' | 'J' | 'E' | 'D';
  readonly repeat: number;
  readonly unit?: string;
  readonly cells: readonly (string | readonly number[])[];
}

/** The bytes of a BINTABLE extension, padded. */
export function encodeBinaryTable(
  name: string,
  columns: readonly ColumnToWrite[],
  cards: readonly FitsCard[] = [],
): Uint8Array {
  const rows = columns[0]?.cells.length ?? 0;
  const rowBytes = columns.reduce((sum, { type, repeat }) => sum + repeat * (BYTES[type] ?? 1), 0);
  const described = columns.flatMap((column, index): FitsCard[] => [
    [`TTYPE${index + 1}`, column.name],
    [`TFORM${index + 1}`, `${column.repeat}${column.type}`],
    ...(column.unit === undefined ? [] : [[`TUNIT${index + 1}`, column.unit] satisfies FitsCard]),
  ]);
  const header = encodeFitsHeader([
    ['XTENSION', 'BINTABLE'],
    ['BITPIX', 8],
    ['NAXIS', 2],
    ['NAXIS1', rowBytes],
    ['NAXIS2', rows],
    ['PCOUNT', 0],
    ['GCOUNT', 1],
    ['TFIELDS', columns.length],
    ['EXTNAME', name],
    ['EXTVER', 1],
    ...described,
    ...cards,
  ]);
  const bytes = new Uint8Array(header.length + paddedLength(rows * rowBytes));
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  let columnOffset = 0;
  for (const { type, repeat, cells } of columns) {
    const size = BYTES[type] ?? 1;
    for (const [row, cell] of cells.entries()) {
      for (let index = 0; index < repeat; index++) {
        const at = row * rowBytes + columnOffset + index * size;
        if (typeof cell === 'string') view.setUint8(at, index < cell.length ? cell.charCodeAt(index) : 32);
        else if (type === 'J') view.setInt32(at, cell[index] ?? 0);
        else if (type === 'E') view.setFloat32(at, cell[index] ?? 0);
        else view.setFloat64(at, cell[index] ?? 0);
      }
    }
    columnOffset += repeat * size;
  }
  return bytes;
}
