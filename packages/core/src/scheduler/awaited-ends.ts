import { EDGE_RESOLVED } from './edges.ts';
import type { Scheduler } from './scheduler.ts';

/** Nodes that have to end before this one can: those that it still needs in order to start, and its children. */
export function* awaitedEnds(
  { nodes, edges }: Pick<Scheduler, 'nodes' | 'edges'>,
  id: number,
): Generator<number> {
  if (nodes.hasEnded(id)) return;
  for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
    if (((edges.flags[edge] ?? 0) & EDGE_RESOLVED) === 0) yield edges.from[edge] ?? -1;
  }
  for (let child = nodes.firstChild[id] ?? -1; child >= 0; child = nodes.nextSibling[child] ?? -1)
    yield child;
}
