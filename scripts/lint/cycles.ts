/** That `from` depends on `to`; `by` are the finer dependencies that it is made of, if any. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly by: readonly Edge[];
}

/**
 * For every set of nodes that all depend on one another, a shortest cycle among them: the edges in the order of
 * the walk, the last of which comes back to where the first began.
 */
export function cyclesAmong(edges: readonly Edge[]): Edge[][] {
  const out = Map.groupBy(edges, ({ from }) => from);
  const seen = new Set<string>();
  const cycles: Edge[][] = [];
  for (const start of out.keys()) {
    if (seen.has(start)) continue;
    const reached = reachedFrom(start, out);
    const knot = [...out.keys()].filter((node) => reached.has(node) && reachedFrom(node, out).has(start));
    for (const node of knot) seen.add(node);
    const found = knot.map((node) => shortestBack(node, out)).filter((cycle) => cycle !== undefined);
    const [shortest] = found.toSorted((a, b) => a.length - b.length);
    if (shortest !== undefined) cycles.push(shortest);
  }
  return cycles;
}

/** A cycle as a person reads it: its nodes with arrows, then the finest dependencies of each step. */
export function describeCycle(cycle: readonly Edge[]): string {
  const nodes = [...cycle.map(({ from }) => from), cycle[0]?.from].join(' → ');
  const causes = cycle.flatMap(({ by }) => by.map(({ from, to }) => `\n    ${from} → ${to}`));
  return `${nodes}${causes.join('')}`;
}

/** Everything that can be reached from a node; the node itself only if it lies on a cycle. */
function reachedFrom(start: string, out: ReadonlyMap<string, readonly Edge[]>): Set<string> {
  const reached = new Set<string>();
  const left = [start];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    for (const { to } of out.get(node) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      left.push(to);
    }
  }
  return reached;
}

/** The shortest way from a node back to it. */
function shortestBack(start: string, out: ReadonlyMap<string, readonly Edge[]>): Edge[] | undefined {
  const reachedBy = new Map<string, Edge>();
  let rim = [start];
  while (rim.length > 0 && !reachedBy.has(start)) {
    const edges = rim.flatMap((node) => out.get(node) ?? []).filter(({ to }) => !reachedBy.has(to));
    for (const edge of edges) if (!reachedBy.has(edge.to)) reachedBy.set(edge.to, edge);
    rim = [...new Set(edges.map(({ to }) => to))];
  }
  let last = reachedBy.get(start);
  if (last === undefined) return undefined;
  const way = [last];
  for (; last.from !== start; way.unshift(last)) {
    const before = reachedBy.get(last.from);
    if (before === undefined) return undefined;
    last = before;
  }
  return way;
}
