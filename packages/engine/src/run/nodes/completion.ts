import { SETTLED } from './node-flags.ts';
import type { RunNode } from './run-node.ts';

/**
 * Numbers what happens to values in this process, so that it can be told whether something was made anew since what
 * consumed it ended: that has another input then, and is stale. Ends and makings of earlier executions of the run
 * have their times in the record for numbers, which are lower than any of this process.
 */
export class Completions {
  #last: number;

  /** `latest`: no number of the record is higher. */
  constructor(latest: number) {
    this.#last = Math.ceil(latest);
  }

  /** The number of something that happens just now. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

/** When a node's value was made anew; 0 if never; infinity for a container of which that is still to come. */
function remadeOf(node: RunNode): number {
  const isOpen = node.work.type === 'container' && !node.has(SETTLED);
  return isOpen ? Number.POSITIVE_INFINITY : node.remade;
}

/** The first of these whose value was made anew after this number. */
export function madeAfter(nodes: readonly RunNode[], number: number): RunNode | undefined {
  return nodes.find((node) => remadeOf(node) > number);
}

/** Containers are decided by their children: one of theirs, made anew with this number, makes them anew. */
export function madeWithin(parent: RunNode | undefined, number: number): void {
  for (let at = parent; at?.work.type === 'container' && at.remade < number; at = at.parent)
    at.madeAnew(number);
}
