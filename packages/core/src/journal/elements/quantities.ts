import type { ColumnWriter } from '../wire/column-writer.ts';
import { grown } from '../wire/grown.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Element } from './element.ts';

const MAX_TIME_US = Number.MAX_SAFE_INTEGER;

/**
 * Microseconds since the journal's origin, rounded to whole ones. Narrow: the first as f64, then i32
 * differences to the row before. Wide, when a step does not fit: f64 as they are.
 */
export function time(): Element<number, Float64Array> {
  return {
    rowBytes: 8,
    collect(name) {
      let data = new Float64Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (typeof value !== 'number' || !(value >= -MAX_TIME_US && value <= MAX_TIME_US))
            throw invalidField('time', value);
          data[row] = Math.round(value) + 0; // + 0: no negative zero
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          const isWide = !hasSmallSteps(data, rows);
          if (isWide) writeWide(output, data, rows);
          else {
            const first = data[0] ?? 0;
            output.f64(1)[0] = first;
            output.differences(data, rows, first);
          }
          return isWide;
        },
      };
    },
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
  };
}

/** Bytes of something. Narrow: u32. Wide, when one is of 4 GiB or more: f64. */
export function size(): Element<number, Float64Array> {
  return {
    rowBytes: 8,
    collect(name) {
      let data = new Float64Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (typeof value !== 'number' || !(Number.isSafeInteger(value) && value >= 0))
            throw invalidField('size', value);
          data[row] = value;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          const isWide = data.subarray(0, rows).some((value) => value > 0xffff_ffff);
          if (isWide) writeWide(output, data, rows);
          else output.u32(rows).set(data.subarray(0, rows));
          return isWide;
        },
      };
    },
    read(input, rows, isWide) {
      if (!isWide) return Float64Array.from(input.u32(rows));
      const column = input.f64(rows);
      for (const value of column)
        if (!Number.isSafeInteger(value) || value < 0) throw corrupt(`it holds the size ${value}`);
      return column;
    },
    absent: (rows) => new Float64Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  };
}

function writeWide(output: ColumnWriter, data: Float64Array, rows: number): void {
  output.f64(rows).set(data.subarray(0, rows));
}

/** Does every step from one time to the next fit an i32? */
function hasSmallSteps(data: Float64Array, rows: number): boolean {
  for (let i = 1; i < rows; i++) {
    const step = (data[i] ?? 0) - (data[i - 1] ?? 0);
    if (step !== (step | 0)) return false;
  }
  return true;
}
