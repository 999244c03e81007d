import { grown } from '../wire/grown.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Element, type OptionalElement } from './element.ts';

/** A byte of flags. */
export function flags(what: string): Element<number, Uint8Array> {
  return code(what, 256);
}

/** A code below `limit`, which is at most 256. */
export function code(what: string, limit: number): Element<number, Uint8Array> {
  return {
    rowBytes: 1,
    collect(name) {
      let data = new Uint8Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (typeof value !== 'number' || value >>> 0 !== value || value >= limit)
            throw invalidField(what, value);
          data[row] = value;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.u8(rows).set(data.subarray(0, rows));
          return false;
        },
      };
    },
    read(input, rows) {
      const column = input.u8(rows);
      if (limit < 256) for (const value of column) if (value >= limit) throw unknown(what, value);
      return column;
    },
    absent: (rows) => new Uint8Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  };
}

/** A count or small id: u32. */
export function unsigned(what: string): Element<number, Uint32Array> {
  return {
    rowBytes: 4,
    collect(name) {
      let data = new Uint32Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (typeof value !== 'number' || value >>> 0 !== value) throw invalidField(what, value);
          data[row] = value;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.u32(rows).set(data.subarray(0, rows));
          return false;
        },
      };
    },
    read: (input, rows) => input.u32(rows),
    absent: (rows) => new Uint32Array(rows),
    field: (cells, row) => cells[row] ?? 0,
  };
}

/** The node that a record is about: u32, written as differences, which compress to next to nothing. */
export function node(): Element<number, Uint32Array> {
  return {
    ...unsigned('node number'),
    collect(name) {
      let data = new Uint32Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (typeof value !== 'number' || value >>> 0 !== value) throw invalidField('node number', value);
          data[row] = value;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.differences(data, rows, 0);
          return false;
        },
      };
    },
    read: (input, rows) => input.differences(rows),
  };
}

/** Another node's number, or -1 for none: i32. */
export function link(what: string): Element<number, Int32Array> {
  return {
    rowBytes: 4,
    collect(name) {
      let data = new Int32Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (typeof value !== 'number' || (value | 0) !== value || value < -1)
            throw invalidField(what, value);
          data[row] = value;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.i32(rows).set(data.subarray(0, rows));
          return false;
        },
      };
    },
    read(input, rows) {
      const column = input.i32(rows);
      for (const value of column) if (value < -1) throw corrupt(`it refers to node ${value}`);
      return column;
    },
    absent: (rows) => new Int32Array(rows).fill(-1),
    field: (cells, row) => cells[row] ?? -1,
  };
}

/** The thread or slot that executes, or -1, which is what is not given: i16. */
export function lane(): OptionalElement<number, Int16Array> {
  return {
    isOptional: true,
    rowBytes: 2,
    collect(name) {
      let data = new Int16Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name] ?? -1;
          if (typeof value !== 'number' || (value << 16) >> 16 !== value) throw invalidField('lane', value);
          data[row] = value;
        },
        grow: (rows) => void (data = grown(data, rows)),
        write(output, rows) {
          output.i16(rows).set(data.subarray(0, rows));
          return false;
        },
      };
    },
    read: (input, rows) => input.i16(rows),
    absent: (rows) => new Int16Array(rows).fill(-1),
    field: (cells, row) => cells[row] ?? -1,
  };
}

function unknown(what: string, value: number): Error {
  return corrupt(`it holds the ${what} ${value}`);
}
