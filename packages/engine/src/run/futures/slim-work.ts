import { DURABLE, IN_FILE } from '../nodes/node-flags.ts';
import type { RunNode } from '../nodes/run-node.ts';

/**
 * A node has ended: what a task run or stage executed and consumed is let go if its value cannot be needed again
 * but from the journal.
 */
export function slimWork(node: RunNode, hasSucceeded: boolean): void {
  if (node.idx < 0) return;
  const isKept = node.has(DURABLE) && !node.has(IN_FILE);
  if (node.work.type === 'container') node.letGoUpstream();
  else if (isKept || !hasSucceeded) node.letGo();
}
