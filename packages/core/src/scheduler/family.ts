import { COUNTED, HANDLED, type NodeColumns } from './node-columns.ts';

/**
 * Parents and children, as linked lists through the columns. A parent lists the children that have not ended,
 * and apart from them those whose failure it is held responsible for (`COUNTED`). A child is in one list at
 * most, so both share its links.
 */
export class Family {
  readonly #nodes: NodeColumns;

  constructor(nodes: NodeColumns) {
    this.#nodes = nodes;
  }

  /** Links a node into its parent's list of open children. */
  attach(id: number): void {
    const nodes = this.#nodes;
    const parent = nodes.parent[id] ?? -1;
    if (parent < 0) return;
    this.#link(nodes.firstChild, parent, id);
    nodes.openChildren[parent] = (nodes.openChildren[parent] ?? 0) + 1;
  }

  detach(id: number): void {
    const nodes = this.#nodes;
    const parent = nodes.parent[id] ?? -1;
    if (parent < 0) return;
    this.#unlink(nodes.firstChild, parent, id);
    nodes.openChildren[parent] = (nodes.openChildren[parent] ?? 1) - 1;
  }

  /** Adds the children that have not ended to a stack, the first submitted last. */
  pushOpen(id: number, stack: number[]): void {
    const { firstChild, nextSibling } = this.#nodes;
    for (let child = firstChild[id] ?? -1; child >= 0; child = nextSibling[child] ?? -1) stack.push(child);
  }

  /** Makes a node a child of the run itself, which is open as long as anything is. */
  moveToTop(id: number): void {
    const { parent } = this.#nodes;
    for (let above = parent[id] ?? -1; above >= 0; above = parent[above] ?? -1) parent[id] = above;
  }

  /** Holds a child's failure against its parent. */
  count(id: number): void {
    const nodes = this.#nodes;
    const parent = nodes.parent[id] ?? -1;
    nodes.set(id, COUNTED);
    this.#link(nodes.firstCounted, parent, id);
    nodes.unhandled[parent] = (nodes.unhandled[parent] ?? 0) + 1;
  }

  /** Somebody takes care of its failure, should it fail. */
  handle(id: number): void {
    this.#nodes.set(id, HANDLED);
    this.uncount(id);
  }

  /** The failure is handled, or counts no more: it is held against its parent no more. */
  uncount(id: number): void {
    const nodes = this.#nodes;
    if (!nodes.has(id, COUNTED)) return;
    const parent = nodes.parent[id] ?? -1;
    nodes.clear(id, COUNTED);
    this.#unlink(nodes.firstCounted, parent, id);
    nodes.unhandled[parent] = (nodes.unhandled[parent] ?? 1) - 1;
  }

  /** Failures beneath an attempt that is over are not held against the next. */
  uncountChildren(id: number): void {
    const nodes = this.#nodes;
    for (let child = nodes.firstCounted[id] ?? -1; child >= 0; child = nodes.nextSibling[child] ?? -1) {
      nodes.clear(child, COUNTED);
    }
    nodes.firstCounted[id] = -1;
    nodes.unhandled[id] = 0;
  }

  #link(first: Int32Array, parent: number, id: number): void {
    const { nextSibling, prevSibling } = this.#nodes;
    const next = first[parent] ?? -1;
    nextSibling[id] = next;
    prevSibling[id] = -1;
    if (next >= 0) prevSibling[next] = id;
    first[parent] = id;
  }

  #unlink(first: Int32Array, parent: number, id: number): void {
    const { nextSibling, prevSibling } = this.#nodes;
    const next = nextSibling[id] ?? -1;
    const before = prevSibling[id] ?? -1;
    if (before >= 0) nextSibling[before] = next;
    else first[parent] = next;
    if (next >= 0) prevSibling[next] = before;
  }
}
