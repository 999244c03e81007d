import type { RunNode } from './run-node.ts';

/** The nodes that the scheduler knows, by its ids; and the numbers of those in the journal. */
export class RunNodes {
  readonly #nodes: (RunNode | undefined)[] = [];
  #nextIdx: number;

  /** `recorded`: nodes that the journal has already. */
  constructor(recorded: number) {
    this.#nextIdx = recorded;
  }

  /** Number of the next node in the journal. */
  nextIdx(): number {
    const idx = this.#nextIdx;
    this.#nextIdx += 1;
    return idx;
  }

  /** How many the journal has. */
  get count(): number {
    return this.#nextIdx;
  }

  get(id: number): RunNode | undefined {
    return this.#nodes[id];
  }

  /** The scheduler knows a node by this id from now on. */
  add(node: RunNode, id: number): void {
    node.id = id;
    this.#nodes[id] = node;
  }

  /** The scheduler forgets a node. */
  remove(node: RunNode): void {
    this.#nodes[node.id] = undefined;
    node.id = -1;
  }

  *[Symbol.iterator](): Generator<RunNode> {
    for (const node of this.#nodes) if (node !== undefined) yield node;
  }
}
