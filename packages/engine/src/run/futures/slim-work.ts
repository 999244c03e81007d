import { replaceThenables } from '../../data/resolve-deep.ts';
import { DURABLE, IN_FILE } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { RunFuture } from './run-future.ts';

/**
 * A node has ended: what a task run or stage it executed and consumed is let go if its value cannot be needed again
 * but from the journal; else only the futures among its arguments, which would hold the values of others.
 */
export function slimWork(node: RunNode, hasSucceeded: boolean): void {
  const { work } = node;
  if (node.idx < 0) return;
  if (work.type === 'container') {
    node.letGoUpstream();
    return;
  }
  const isKept = node.has(DURABLE) && !node.has(IN_FILE);
  if (isKept || !hasSucceeded) node.letGo();
  else if (node.upstream.length > 0) {
    node.slim(
      work.type === 'task'
        ? { ...work, args: detached(work.args) as readonly unknown[] }
        : { ...work, input: detached(work.input) },
    );
  }
}

/** The same inputs with futures of the engine's own in place of those that the author may hold. */
function detached(inputs: unknown): unknown {
  return replaceThenables(inputs, (future) => (future instanceof RunFuture ? future.detached() : future));
}
