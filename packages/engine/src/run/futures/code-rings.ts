import { awaitedEnds, findRings } from '@sidereal/core';
import type { RunLoop } from '../loop/run-loop.ts';
import type { RunNode } from '../nodes/run-node.ts';
import { awaitedByCode, type CodeAwait } from './waiting.ts';

/**
 * Rings of nodes that wait for one another: each needs the next one's end, because its code awaits it, because it
 * consumes it or comes after it, or because that is its child. Every ring goes through code that awaits something, and
 * not through the flow's own body, whose end nothing can wait for; so the search begins there, and costs nothing where
 * tasks and stages await nothing.
 */
export function codeRings(
  { scheduler, nodes }: RunLoop,
  awaits: Iterable<CodeAwait>,
): readonly (readonly RunNode[])[] {
  const awaited = awaitedByCode(awaits);
  const starts = [...awaited.keys()].filter(({ parent }) => parent !== undefined);
  if (starts.length === 0) return [];
  const rings = findRings(starts, function* waitsFor(node: RunNode): Generator<RunNode> {
    if (node.id < 0) return;
    yield* awaited.get(node) ?? [];
    for (const id of awaitedEnds(scheduler, node.id)) {
      const other = nodes.get(id);
      if (other !== undefined) yield other;
    }
  });
  // Told from the code on, for that is where the ring is closed.
  return rings.map((ring) => {
    const first = Math.max(
      ring.findIndex((node) => awaited.has(node)),
      0,
    );
    return [...ring.slice(first), ...ring.slice(0, first)];
  });
}
