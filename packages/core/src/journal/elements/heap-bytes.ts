import { grown } from '../wire/grown.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Element } from './element.ts';

/**
 * Bytes that lie in the batch's value heap, back to back in row order; the column holds their lengths. One
 * column of a batch may be of this element, for the heap is all its.
 */
export function heapBytes(): Element<Uint8Array, Uint32Array> {
  return {
    rowBytes: 4,
    collect(name, { heap }) {
      let ends = new Float64Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value = record[name];
          if (!(value instanceof Uint8Array)) throw invalidField(name, value);
          heap.append(value);
          ends[row] = heap.length;
        },
        grow: (rows) => void (ends = grown(ends, rows)),
        write(output, rows) {
          const lengths = output.u32(rows);
          let start = 0;
          for (let row = 0; row < rows; row++) {
            const end = ends[row] ?? 0;
            lengths[row] = end - start;
            start = end;
          }
          return false;
        },
        extraBytes: (rows) => (rows === 0 ? 0 : (ends[rows - 1] ?? 0)),
      };
    },
    read(input, rows) {
      const starts = input.starts(rows);
      const end = starts[rows] ?? 0;
      const { heapBytes: total } = input.parts;
      if (end !== total) throw corrupt(`its values add up to ${end} of ${total} bytes`);
      return starts;
    },
    absent: (rows) => new Uint32Array(rows + 1),
    field: (cells, row, parts) => parts.heapBytes(cells[row] ?? 0, cells[row + 1] ?? 0),
  };
}
