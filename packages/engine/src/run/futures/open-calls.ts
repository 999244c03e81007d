import type { RunNode } from '../nodes/run-node.ts';

/** Calls that wait for a plain promise among their arguments: the node that makes one must not end before it. */
export class OpenCalls {
  readonly #open = new Map<RunNode, number>();
  readonly #waiters = new Map<RunNode, (() => void)[]>();

  /** Nodes that make such calls now. */
  get size(): number {
    return this.#open.size;
  }

  /** Keeps a node from ending until the returned function is called. */
  hold(node: RunNode): () => void {
    this.#open.set(node, (this.#open.get(node) ?? 0) + 1);
    return () => {
      const left = (this.#open.get(node) ?? 1) - 1;
      if (left > 0) this.#open.set(node, left);
      else this.#open.delete(node);
      if (left === 0) for (const waiter of this.#waiters.get(node) ?? []) waiter();
    };
  }

  isHeld(node: RunNode): boolean {
    return this.#open.has(node);
  }

  /** Resolves once no call of this node waits for a plain promise. */
  async allSubmitted(node: RunNode): Promise<void> {
    while (this.#open.has(node)) {
      await new Promise<void>((resolve) => {
        const waiters = this.#waiters.get(node) ?? [];
        waiters.push(resolve);
        this.#waiters.set(node, waiters);
      });
    }
    this.#waiters.delete(node);
  }
}
