import { nodesFromBytes, type NodeLists } from '@sidereal/core';

/** Lists of nodes as columns, collected row by row from the bytes that the table keeps. */
export class EdgeLists {
  private readonly starts: Uint32Array;
  private nodes = new Uint32Array(256);
  private rows = 0;

  constructor(rows: number) {
    this.starts = new Uint32Array(rows + 1);
  }

  /** The list of the next row. */
  add(bytes: Uint8Array): void {
    const start = this.starts[this.rows] ?? 0;
    let end = start;
    if (bytes.length > 0) {
      const list = nodesFromBytes(bytes);
      end += list.length;
      if (end > this.nodes.length) {
        const larger = new Uint32Array(Math.max(end, this.nodes.length * 2));
        larger.set(this.nodes);
        this.nodes = larger;
      }
      this.nodes.set(list, start);
    }
    this.rows += 1;
    this.starts[this.rows] = end;
  }

  /** All rows, once each has been added. */
  get lists(): NodeLists {
    return { starts: this.starts, nodes: this.nodes.slice(0, this.starts[this.rows] ?? 0) };
  }
}
