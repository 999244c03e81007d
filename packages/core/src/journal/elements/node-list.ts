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

/** Lists of nodes, back to back: row i is `nodes[starts[i] … starts[i + 1]]`. */
export interface NodeLists {
  readonly starts: Uint32Array;
  readonly nodes: Uint32Array;
}

/** The list in a row. */
export function nodesAt({ starts, nodes }: NodeLists, row: number): Uint32Array {
  return nodes.subarray(starts[row], starts[row + 1]);
}

/** Nodes in an order that matters: the length of each list as u32, then all nodes as differences. */
export function nodeList(what: string) {
  return {
    rowBytes: 4,
    collect: ({ memory }: CollectedParts): Collector => new NodeListCollector(memory, what),
    read(input, rows) {
      const starts = input.starts(rows);
      return { starts, nodes: input.differences(starts[rows] ?? 0) };
    },
    absent: (rows) => ({ starts: new Uint32Array(rows + 1), nodes: new Uint32Array(0) }),
    field: (cells, row): readonly number[] => [...nodesAt(cells, row)],
  } satisfies Element<readonly number[], NodeLists>;
}

/** A list of nodes that is empty where it is not given. */
export function optionalNodeList(what: string) {
  return { ...nodeList(what), isOptional: true } satisfies OptionalElement<readonly number[], NodeLists>;
}

/** A list as a store keeps it apart: u32, little-endian. */
export function nodesToBytes(nodes: Uint32Array): Uint8Array {
  return new Uint8Array(nodes.buffer, nodes.byteOffset, nodes.byteLength);
}

/** Undoes {@link nodesToBytes}. Throws JOURNAL_CORRUPT. */
export function nodesFromBytes(bytes: Uint8Array): Uint32Array {
  if (bytes.length % 4 !== 0) throw corrupt(`a list of nodes has ${bytes.length} bytes`);
  return new Uint32Array(bytes.slice().buffer);
}

const NO_NODES: readonly unknown[] = [];

class NodeListCollector implements Collector {
  private ends: Uint32Array;
  private nodes: Uint32Array;
  private readonly memory: ColumnMemory;
  private readonly what: string;

  constructor(memory: ColumnMemory, what: string) {
    this.memory = memory;
    this.ends = memory.u32(FIRST_ROWS);
    this.nodes = memory.u32(FIRST_ROWS);
    this.what = what;
  }

  store(row: number, field: unknown): void {
    const list: unknown = field ?? NO_NODES;
    if (!Array.isArray(list)) throw invalidField(this.what, list);
    const start = this.extraBytes(row) / 4;
    const end = start + list.length;
    if (end > this.nodes.length) this.nodes = this.memory.grown(this.nodes, end);
    for (let i = 0; i < list.length; i++) this.nodes[start + i] = this.toNode(list[i]);
    this.ends[row] = end;
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
    output.differences(this.nodes, start, 0);
    return false;
  }

  extraBytes(rows: number): number {
    return rows === 0 ? 0 : 4 * (this.ends[rows - 1] ?? 0);
  }

  private toNode(value: unknown): number {
    if (typeof value === 'number' && value >>> 0 === value) return value;
    throw invalidField(this.what, value);
  }
}
