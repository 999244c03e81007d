import type { ByteHeap } from '../wire/byte-heap.ts';
import type { ColumnMemory } from '../wire/column-memory.ts';
import type { ColumnWriter } from '../wire/column-writer.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type CollectedParts, type Collector, type Element } from './element.ts';

/**
 * Bytes that lie in the batch's value heap, back to back in row order; the column holds their lengths. One
 * column of a batch may be of this element, for the heap is all its.
 */
export function heapBytes() {
  return {
    rowBytes: 4,
    collect: (parts: CollectedParts): Collector => new HeapBytesCollector(parts),
    read(input, rows) {
      const starts = input.starts(rows);
      const end = starts[rows] ?? 0;
      const { heapBytes: total } = input.parts;
      if (end !== total) throw corrupt(`its values add up to ${end} of ${total} bytes`);
      return starts;
    },
    absent: (rows) => new Uint32Array(rows + 1),
    field: (cells, row, parts) => parts.heapBytes(cells[row] ?? 0, cells[row + 1] ?? 0),
  } satisfies Element<Uint8Array, Uint32Array>;
}

class HeapBytesCollector implements Collector {
  private ends: Float64Array;
  private readonly memory: ColumnMemory;
  private readonly heap: ByteHeap;

  constructor({ memory, heap }: CollectedParts) {
    this.memory = memory;
    this.ends = memory.f64(FIRST_ROWS);
    this.heap = heap;
  }

  store(row: number, field: unknown): void {
    if (!(field instanceof Uint8Array)) throw invalidField('value', field);
    this.heap.append(field);
    this.ends[row] = this.heap.length;
  }

  grow(rows: number): void {
    this.ends = this.memory.grown(this.ends, rows);
  }

  write(output: ColumnWriter, rows: number): boolean {
    const lengths = output.u32(rows);
    let start = 0;
    for (let row = 0; row < rows; row++) {
      const end = this.ends[row] ?? 0;
      lengths[row] = end - start;
      start = end;
    }
    return false;
  }

  extraBytes(rows: number): number {
    return rows === 0 ? 0 : (this.ends[rows - 1] ?? 0);
  }
}
