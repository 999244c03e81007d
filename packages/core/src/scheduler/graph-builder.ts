import { EDGE_DATA } from './edges.ts';
import type { Dependencies } from './dependencies.ts';
import type { Family } from './family.ts';
import type { Submission } from './instructions.ts';
import { CONTAINER, HANDLED, type NodeColumns } from './node-columns.ts';

/** Adds nodes and edges. What is consumed, or comes before something, is handled: its failure is seen there. */
export class GraphBuilder {
  readonly #nodes: NodeColumns;
  readonly #family: Family;
  readonly #dependencies: Dependencies;
  #seq = 0;

  constructor(nodes: NodeColumns, family: Family, dependencies: Dependencies) {
    this.#nodes = nodes;
    this.#family = family;
    this.#dependencies = dependencies;
  }

  /** A node without edges, pending, among the open children of its parent. */
  add(submission: Submission): number {
    const nodes = this.#nodes;
    const id = nodes.allocate();
    nodes.rule[id] = submission.rule;
    nodes.pool[id] = submission.pool;
    nodes.priority[id] = submission.priority;
    nodes.seq[id] = this.#seq;
    this.#seq += 1;
    nodes.parent[id] = submission.parent;
    let depth = submission.depth;
    for (const from of submission.consumes) depth = Math.max(depth, (nodes.depth[from] ?? 0) + 1);
    for (const from of submission.after) depth = Math.max(depth, (nodes.depth[from] ?? 0) + 1);
    nodes.depth[id] = depth;
    nodes.attempt[id] = submission.attempts ?? 0;
    nodes.flags[id] = (submission.pool < 0 ? CONTAINER : 0) | (submission.handled ? HANDLED : 0);
    nodes.nameId[id] = submission.nameId;
    nodes.declared[id] = submission.declaredBytes;
    nodes.claims[id] = submission.claims ?? 0;
    this.#family.attach(id);
    return id;
  }

  /** Edges into a node: of data from those that it consumes, of order from those that it comes after. */
  connect(id: number, consumes: readonly number[], after: readonly number[]): void {
    for (const from of consumes) {
      this.#family.handle(from);
      this.#dependencies.connect(from, id, EDGE_DATA);
    }
    for (const from of after) {
      this.#family.handle(from);
      this.#dependencies.connect(from, id, 0);
    }
  }
}
