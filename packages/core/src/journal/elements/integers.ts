import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import {
  FIRST_ROWS,
  type CollectedParts,
  type Collector,
  type Element,
  type OptionalElement,
} from './element.ts';

/** A byte of flags. */
export function flags(what: string) {
  return code(what, 256);
}

/** A code below `limit`, which is at most 256: u8. */
export function code(what: string, limit: number) {
  return {
    rowBytes: 1,
    collect: ({ memory }: CollectedParts): Collector => new CodeCollector(memory, what, limit),
    read(input, rows) {
      const column = input.u8(rows);
      if (limit < 256)
        for (const value of column) if (value >= limit) throw corrupt(`it holds the ${what} ${value}`);
      return column;
    },
    absent: (rows) => new Uint8Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  } satisfies Element<number, Uint8Array>;
}

/** A count or small id: u32. */
export function unsigned(what: string) {
  return {
    rowBytes: 4,
    collect: ({ memory }: CollectedParts): Collector => new UnsignedCollector(memory, what),
    read: (input, rows) => input.u32(rows),
    absent: (rows) => new Uint32Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  } satisfies Element<number, Uint32Array>;
}

/** The node that a record is about: u32, written as differences, which compress to next to nothing. */
export function node() {
  return {
    rowBytes: 4,
    collect: ({ memory }: CollectedParts): Collector => new NodeCollector(memory, 'node number'),
    read: (input, rows) => input.differences(rows),
    absent: (rows) => new Uint32Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  } satisfies Element<number, Uint32Array>;
}

/** Another node's number, or -1 for none: i32. */
export function link(what: string) {
  return {
    rowBytes: 4,
    collect: ({ memory }: CollectedParts): Collector => new LinkCollector(memory, what),
    read(input, rows) {
      const column = input.i32(rows);
      for (const value of column) if (value < -1) throw corrupt(`it refers to node ${value}`);
      return column;
    },
    absent: (rows) => new Int32Array(rows).fill(-1),
    field: (cells, row) => cells[row] ?? -1,
  } satisfies Element<number, Int32Array>;
}

/** The thread or slot that executes, or -1, which is what is not given: i16. */
export function lane() {
  return {
    isOptional: true,
    rowBytes: 2,
    collect: ({ memory }: CollectedParts): Collector => new LaneCollector(memory),
    read: (input, rows) => input.i16(rows),
    absent: (rows) => new Int16Array(rows).fill(-1),
    field: (cells, row) => cells[row] ?? -1,
  } satisfies OptionalElement<number, Int16Array>;
}

class CodeCollector implements Collector {
  private data: Uint8Array;
  private readonly memory: ColumnMemory;
  private readonly what: string;
  private readonly limit: number;

  constructor(memory: ColumnMemory, what: string, limit: number) {
    this.memory = memory;
    this.data = memory.u8(FIRST_ROWS);
    this.what = what;
    this.limit = limit;
  }

  store(row: number, field: unknown): void {
    if (typeof field !== 'number' || field >>> 0 !== field || field >= this.limit)
      throw invalidField(this.what, field);
    this.data[row] = field;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.u8(rows).set(this.data.subarray(0, rows));
    return false;
  }
}

class UnsignedCollector implements Collector {
  protected data: Uint32Array;
  private readonly memory: ColumnMemory;
  private readonly what: string;

  constructor(memory: ColumnMemory, what: string) {
    this.memory = memory;
    this.data = memory.u32(FIRST_ROWS);
    this.what = what;
  }

  store(row: number, field: unknown): void {
    if (typeof field !== 'number' || field >>> 0 !== field) throw invalidField(this.what, field);
    this.data[row] = field;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.u32(rows).set(this.data.subarray(0, rows));
    return false;
  }
}

class NodeCollector extends UnsignedCollector {
  override write(output: ColumnWriter, rows: number): boolean {
    output.differences(this.data, rows, 0);
    return false;
  }
}

class LinkCollector implements Collector {
  private data: Int32Array;
  private readonly memory: ColumnMemory;
  private readonly what: string;

  constructor(memory: ColumnMemory, what: string) {
    this.memory = memory;
    this.data = memory.i32(FIRST_ROWS);
    this.what = what;
  }

  store(row: number, field: unknown): void {
    if (typeof field !== 'number' || (field | 0) !== field || field < -1)
      throw invalidField(this.what, field);
    this.data[row] = field;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.i32(rows).set(this.data.subarray(0, rows));
    return false;
  }
}

class LaneCollector implements Collector {
  private data: Int16Array;
  private readonly memory: ColumnMemory;

  constructor(memory: ColumnMemory) {
    this.memory = memory;
    this.data = memory.i16(FIRST_ROWS);
  }

  store(row: number, field: unknown): void {
    const given = field ?? -1;
    if (typeof given !== 'number' || (given << 16) >> 16 !== given) throw invalidField('lane', given);
    this.data[row] = given;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    output.i16(rows).set(this.data.subarray(0, rows));
    return false;
  }
}
