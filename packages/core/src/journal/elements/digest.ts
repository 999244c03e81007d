import { grown } from '../wire/grown.ts';
import { invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Collector, type Element, type OptionalElement } from './element.ts';

/** Bytes of a task key or another digest. */
export const DIGEST_BYTES = 16;
const NO_BYTES = new Uint8Array(0);

/** 16 bytes a row. */
export function digest(what: string): Element<Uint8Array, Uint8Array> {
  return {
    rowBytes: DIGEST_BYTES,
    collect: (name) => collectDigests(name, what, false),
    read: (input, rows) => input.u8(rows * DIGEST_BYTES),
    absent: (rows) => new Uint8Array(rows * DIGEST_BYTES),
    field: (cells, row) => digestAt(cells, row),
  };
}

/** 16 bytes a row, all of them zero where there is none; in a record, no bytes or no field. */
export function optionalDigest(what: string): OptionalElement<Uint8Array, Uint8Array> {
  return {
    ...digest(what),
    isOptional: true,
    collect: (name) => collectDigests(name, what, true),
    field: (cells, row) => digestAtOrNone(cells, row),
  };
}

/** The digest in a row of a column. */
export function digestAt(cells: Uint8Array, row: number): Uint8Array {
  return cells.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES);
}

/** The digest in a row of a column; no bytes where there is none. */
export function digestAtOrNone(cells: Uint8Array, row: number): Uint8Array {
  const bytes = digestAt(cells, row);
  return isNone(bytes) ? NO_BYTES : bytes;
}

function collectDigests(name: string, what: string, isOptional: boolean): Collector {
  let data = new Uint8Array(FIRST_ROWS * DIGEST_BYTES);
  return {
    add(row, record) {
      const value = record[name];
      const start = row * DIGEST_BYTES;
      if (isOptional && (value === undefined || (value instanceof Uint8Array && value.length === 0))) {
        data.fill(0, start, start + DIGEST_BYTES);
        return;
      }
      if (!(value instanceof Uint8Array)) throw invalidField(what, value);
      if (value.length !== DIGEST_BYTES) throw invalidField(`${what} of length`, value.length);
      if (isOptional && isNone(value)) throw invalidField(what, 'of zeros, which means none');
      for (let i = 0; i < DIGEST_BYTES; i++) data[start + i] = value[i] ?? 0;
    },
    grow: (rows) => void (data = grown(data, rows * DIGEST_BYTES)),
    write(output, rows) {
      output.u8(rows * DIGEST_BYTES).set(data.subarray(0, rows * DIGEST_BYTES));
      return false;
    },
  };
}

function isNone(bytes: Uint8Array): boolean {
  for (let i = 0; i < DIGEST_BYTES; i++) if (bytes[i] !== 0) return false;
  return true;
}
