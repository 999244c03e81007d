import { grown } from '../wire/grown.ts';
import { corrupt, invalidField } from '../wire/journal-errors.ts';
import { FIRST_ROWS, type Element, type OptionalElement } from './element.ts';

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
export function nodeList(what: string): Element<readonly number[], NodeLists> {
  return {
    rowBytes: 4,
    collect(name) {
      let ends = new Uint32Array(FIRST_ROWS);
      let nodes = new Uint32Array(FIRST_ROWS);
      return {
        add(row, record) {
          const value: unknown = record[name] ?? [];
          if (!Array.isArray(value)) throw invalidField(what, value);
          const start = row === 0 ? 0 : (ends[row - 1] ?? 0);
          const end = start + value.length;
          if (end > nodes.length) nodes = grown(nodes, end);
          for (let i = 0; i < value.length; i++) nodes[start + i] = toNode(value[i], what);
          ends[row] = end;
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
          output.differences(nodes, start, 0);
          return false;
        },
        extraBytes: (rows) => (rows === 0 ? 0 : 4 * (ends[rows - 1] ?? 0)),
      };
    },
    read(input, rows) {
      const starts = input.starts(rows);
      return { starts, nodes: input.differences(starts[rows] ?? 0) };
    },
    absent: (rows) => ({ starts: new Uint32Array(rows + 1), nodes: new Uint32Array(0) }),
    field: (cells, row) => [...nodesAt(cells, row)],
  };
}

/** A list of nodes that is empty where it is not given. */
export function optionalNodeList(what: string): OptionalElement<readonly number[], NodeLists> {
  return { ...nodeList(what), isOptional: true };
}

function toNode(value: unknown, what: string): number {
  if (typeof value === 'number' && value >>> 0 === value) return value;
  throw invalidField(what, value);
}

/** The lists as bytes that a store keeps apart: the nodes of one row as little-endian u32. */
export function nodesToBytes(nodes: Uint32Array): Uint8Array {
  return new Uint8Array(nodes.buffer, nodes.byteOffset, nodes.byteLength);
}

/** Undoes {@link nodesToBytes}. */
export function nodesFromBytes(bytes: Uint8Array): Uint32Array {
  if (bytes.length % 4 !== 0) throw corrupt(`a list of nodes has ${bytes.length} bytes`);
  return new Uint32Array(bytes.slice().buffer);
}
