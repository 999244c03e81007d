import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import { invalidField } from '../wire/journal-errors.ts';
import {
  FIRST_ROWS,
  type CollectedParts,
  type Collector,
  type Element,
  type OptionalElement,
} from './element.ts';

/** Bytes of a task key or another digest. */
const DIGEST_BYTES = 16;
const NO_BYTES = new Uint8Array(0);

/** 16 bytes a row. */
export function digest(what: string) {
  return {
    rowBytes: DIGEST_BYTES,
    collect: ({ memory }: CollectedParts): Collector => new DigestCollector(memory, what, false),
    read: (input, rows) => input.u8(rows * DIGEST_BYTES),
    absent: (rows) => new Uint8Array(rows * DIGEST_BYTES),
    field: (cells, row) => digestAt(cells, row),
  } satisfies Element<Uint8Array, Uint8Array>;
}

/** 16 bytes a row, all of them zero where there is none; in a record, no bytes or no field. */
export function optionalDigest(what: string) {
  return {
    isOptional: true,
    rowBytes: DIGEST_BYTES,
    collect: ({ memory }: CollectedParts): Collector => new DigestCollector(memory, what, true),
    read: (input, rows) => input.u8(rows * DIGEST_BYTES),
    absent: (rows) => new Uint8Array(rows * DIGEST_BYTES),
    field: (cells, row) => digestAtOrNone(cells, row),
  } satisfies OptionalElement<Uint8Array, Uint8Array>;
}

/** The digest in a row of a column. */
export function digestAt(cells: Uint8Array, row: number): Uint8Array {
  return cells.subarray(row * DIGEST_BYTES, (row + 1) * DIGEST_BYTES);
}

/** The digest in a row of a column; no bytes where there is none. */
export function digestAtOrNone(cells: Uint8Array, row: number): Uint8Array {
  return isNone(cells, row * DIGEST_BYTES) ? NO_BYTES : digestAt(cells, row);
}

class DigestCollector implements Collector {
  private data: Uint8Array;
  private readonly memory: ColumnMemory;
  private readonly what: string;
  private readonly isOptional: boolean;

  constructor(memory: ColumnMemory, what: string, isOptional: boolean) {
    this.memory = memory;
    this.data = memory.u8(FIRST_ROWS * DIGEST_BYTES);
    this.what = what;
    this.isOptional = isOptional;
  }

  store(row: number, field: unknown): void {
    const { data, isOptional } = this;
    const start = row * DIGEST_BYTES;
    const bytes = isOptional ? (field ?? NO_BYTES) : field;
    if (!(bytes instanceof Uint8Array)) throw invalidField(this.what, bytes);
    if (bytes.length === 0 && isOptional) {
      for (let i = 0; i < DIGEST_BYTES; i++) data[start + i] = 0;
      return;
    }
    if (bytes.length !== DIGEST_BYTES) throw invalidField(`${this.what} of length`, bytes.length);
    if (isOptional && isNone(bytes, 0)) throw invalidField(this.what, 'of zeros, which means none');
    for (let i = 0; i < DIGEST_BYTES; i++) data[start + i] = bytes[i] ?? 0;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows * DIGEST_BYTES);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.u8(rows * DIGEST_BYTES).set(this.data.subarray(0, rows * DIGEST_BYTES));
    return false;
  }
}

function isNone(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < start + DIGEST_BYTES; i++) if (bytes[i] !== 0) return false;
  return true;
}
