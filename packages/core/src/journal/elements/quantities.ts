import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type CollectedParts, type Collector, type Element } from './element.ts';

const MAX_TIME_US = Number.MAX_SAFE_INTEGER;

/**
 * Microseconds since the journal's origin, rounded to whole ones. Narrow: the first as f64, then i32
 * differences to the row before. Wide, when a step does not fit: f64 as they are.
 */
export function time() {
  return {
    rowBytes: 8,
    collect: ({ memory }: CollectedParts): Collector => new TimeCollector(memory),
    read(input, rows, isWide) {
      if (isWide) {
        const column = input.f64(rows);
        for (const value of column)
          if (!Number.isSafeInteger(value)) throw corrupt(`it holds the time ${value}`);
        return column;
      }
      let last = input.f64(1)[0] ?? 0;
      if (!Number.isSafeInteger(last)) throw corrupt(`its times begin at ${last}`);
      const steps = input.i32(rows);
      const column = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        last += steps[i] ?? 0;
        column[i] = last;
      }
      if (!Number.isSafeInteger(last)) throw corrupt(`its times end at ${last}`);
      return column;
    },
    absent: (rows) => new Float64Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  } satisfies Element<number, Float64Array>;
}

/** Bytes of something. Narrow: u32. Wide, when one is of 4 GiB or more: f64. */
export function size() {
  return {
    rowBytes: 8,
    collect: ({ memory }: CollectedParts): Collector => new SizeCollector(memory),
    read(input, rows, isWide) {
      if (!isWide) return Float64Array.from(input.u32(rows));
      const column = input.f64(rows);
      for (const value of column)
        if (!Number.isSafeInteger(value) || value < 0) throw corrupt(`it holds the size ${value}`);
      return column;
    },
    absent: (rows) => new Float64Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  } satisfies Element<number, Float64Array>;
}

class TimeCollector implements Collector {
  private data: Float64Array;
  private readonly memory: ColumnMemory;

  constructor(memory: ColumnMemory) {
    this.memory = memory;
    this.data = memory.f64(FIRST_ROWS);
  }

  store(row: number, field: unknown): void {
    if (typeof field !== 'number' || !(field >= -MAX_TIME_US && field <= MAX_TIME_US))
      throw invalidField('time', field);
    this.data[row] = Math.round(field) + 0; // + 0: no negative zero
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    const isWide = !this.hasSmallSteps(rows);
    if (isWide) {
      output.f64(rows).set(this.data.subarray(0, rows));
    } else {
      const first = this.data[0] ?? 0;
      output.f64(1)[0] = first;
      output.differences(this.data, rows, first);
    }
    return isWide;
  }

  /** Does every step from one time to the next fit an i32? */
  private hasSmallSteps(rows: number): boolean {
    const { data } = this;
    for (let i = 1; i < rows; i++) {
      const step = (data[i] ?? 0) - (data[i - 1] ?? 0);
      if (step !== (step | 0)) return false;
    }
    return true;
  }
}

class SizeCollector implements Collector {
  private data: Float64Array;
  private readonly memory: ColumnMemory;

  constructor(memory: ColumnMemory) {
    this.memory = memory;
    this.data = memory.f64(FIRST_ROWS);
  }

  store(row: number, field: unknown): void {
    if (typeof field !== 'number' || !(Number.isSafeInteger(field) && field >= 0))
      throw invalidField('size', field);
    this.data[row] = field;
  }

  grow(rows: number): void {
    this.data = this.memory.grown(this.data, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    const column = this.data.subarray(0, rows);
    const isWide = column.some((value) => value > 0xffff_ffff);
    if (isWide) output.f64(rows).set(column);
    else output.u32(rows).set(column);
    return isWide;
  }
}
