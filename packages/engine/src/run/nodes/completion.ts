import { SETTLED, RECOMPUTED } from './node-flags.ts';
import type { RunNode } from './run-node.ts';

/**
 * Numbers the completions of a run in this process, so that it can be told which of two came first: what was
 * computed from a value that has been made again since is stale. Values of earlier executions of the run have the
 * number 0; a value that was lost and computed again keeps its number.
 */
export class Completions {
  #last = 0;

  /** The number of a completion just now. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/** When a node's value was made; infinity if it is still to come. */
export function completionOf(node: RunNode): number {
  return node.has(SETTLED) || node.has(RECOMPUTED) ? node.completion : Number.POSITIVE_INFINITY;
}

/** The first of these whose value was made after this completion. */
export function madeAfter(nodes: readonly RunNode[], completion: number): RunNode | undefined {
  return nodes.find((node) => completionOf(node) > completion);
}
