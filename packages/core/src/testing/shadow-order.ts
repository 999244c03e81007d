/** Which node the scheduler must start next, found by looking at all of them. */
import type { MemoryClaim } from '../scheduler/value-memory.ts';
import { STATE_CODE } from '../states/state.ts';
import type { ShadowGraph } from './shadow-graph.ts';
import type { ShadowNode } from './shadow-node.ts';
import { hasRoom, hasSlot, mayGoAhead } from './shadow-pools.ts';

/** Does `a` go before `b`? Those that want their slot back first; then priority, depth, order of submission. */
function isBefore(a: ShadowNode, b: ShadowNode): boolean {
  if (a.isReacquiring !== b.isReacquiring) return a.isReacquiring;
  if (a.submission.priority !== b.submission.priority) return a.submission.priority > b.submission.priority;
  if (a.depth !== b.depth) return a.depth > b.depth;
  return a.seq < b.seq;
}

function first(nodes: readonly ShadowNode[]): ShadowNode | undefined {
  let best: ShadowNode | undefined;
  for (const node of nodes) if (best === undefined || isBefore(node, best)) best = node;
  return best;
}

/** What comes next: a node starts, or it is found to lack memory and withheld. */
export interface Next {
  readonly what: 'start' | 'withhold';
  readonly node: ShadowNode;
}

/**
 * The first of those that need the same: a slot of one pool, the same claims, and those withheld for memory apart. In
 * the order in which they are to go.
 */
function heads({ nodes }: ShadowGraph): ShadowNode[] {
  const waiting = nodes.filter(
    (node) => (node.isReacquiring || node.state === STATE_CODE.queued) && !node.isContainer,
  );
  const alike = Map.groupBy(waiting, ({ submission: { pool, claims = 0 }, withheld = 'ready' }) =>
    [pool, claims, withheld].join(' '),
  );
  return [...alike.values()]
    .flatMap((those) => first(those) ?? [])
    .toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
}

/** What comes next, if anything does: whoever has to wait keeps what it needs beside its slot. */
export function nextIn(graph: ShadowGraph): Next | undefined {
  const { pools } = graph;
  const kept = { light: 0, all: 0 };
  const keptOf = graph.resources.map(() => 0);
  const closed = new Set<number>();
  for (const node of heads(graph)) {
    const { pool } = node.submission;
    const claims = graph.claimsOf(node);
    const memory = graph.memoryClaimOf(node);
    const hasAll = claims.every(
      ({ resource, amount }) => hasLeft(graph, resource) - (keptOf[resource] ?? 0) >= amount,
    );
    if (!hasSlot(pools, pool) && hasRoom(pools, pool) && (claims.length > 0 || !mayGoAhead(node.id)))
      closed.add(pool);
    const mayHaveRoom = hasSlot(pools, pool) || (hasRoom(pools, pool) && !closed.has(pool));
    const isWithin = fits(graph, memory, kept);
    if (mayHaveRoom && hasAll && isWithin) return { what: 'start', node };
    if (mayHaveRoom && hasAll && node.withheld === undefined) return { what: 'withhold', node };
    if (claims.length === 0 && node.withheld === undefined) continue;
    for (const { resource, amount } of claims) keptOf[resource] = (keptOf[resource] ?? 0) + amount;
    kept.all += memory.bytes;
    if (memory.weight !== 'heavy') kept.light += memory.bytes;
  }
  return undefined;
}

function fits(
  graph: ShadowGraph,
  { weight, bytes }: MemoryClaim,
  kept: Readonly<{ light: number; all: number }>,
): boolean {
  const { totalBytes, limit, budget } = graph;
  const isProbed = graph.nodes.some((node) => node.wasUnknown && node.isActive);
  switch (weight) {
    case 'none':
      return true;
    case 'heavy':
      return totalBytes + kept.all + bytes <= budget;
    case 'light':
      return totalBytes + kept.light + bytes <= limit;
    case 'unknown':
      return totalBytes + kept.light + bytes <= (isProbed ? budget : limit);
  }
}

function hasLeft({ resources }: ShadowGraph, resource: number): number {
  const { capacity, used } = resources[resource] ?? { capacity: 0, used: 0 };
  return capacity - used;
}

/** Who has to go when nothing runs and nothing else may: the deepest, then the oldest. */
export function deepest(graph: ShadowGraph): ShadowNode | undefined {
  const possible = heads(graph).filter(
    (node) =>
      hasSlot(graph.pools, node.submission.pool) &&
      graph.claimsOf(node).every(({ resource, amount }) => hasLeft(graph, resource) >= amount),
  );
  return possible.toSorted((a, b) => b.depth - a.depth || a.seq - b.seq)[0];
}
