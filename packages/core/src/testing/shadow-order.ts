/** Which node the scheduler must start next, found by looking at all of them. */
import { STATE_CODE } from '../states/state.ts';
import type { ShadowNode } from './shadow-node.ts';

export interface ShadowPool {
  capacity: number;
  ahead: number;
  readonly parent: number;
  used: number;
}

/** Does `a` go before `b`? Those that want their slot back first; then priority, depth, order of submission. */
function isBefore(a: ShadowNode, b: ShadowNode): boolean {
  if (a.isReacquiring !== b.isReacquiring) return a.isReacquiring;
  if (a.submission.priority !== b.submission.priority) return a.submission.priority > b.submission.priority;
  if (a.depth !== b.depth) return a.depth > b.depth;
  return a.seq < b.seq;
}

export function hasSlot(pools: readonly ShadowPool[], pool: number): boolean {
  for (let at = pools[pool]; at !== undefined; at = pools[at.parent]) {
    if (at.used >= at.capacity) return false;
  }
  return true;
}

/** Is there a slot, or room for one that may go ahead? */
export function hasRoom(pools: readonly ShadowPool[], pool: number): boolean {
  for (let at = pools[pool]; at !== undefined; at = pools[at.parent]) {
    if (at.used >= at.capacity + at.ahead) return false;
  }
  return true;
}

/** Which nodes a checked scheduler lets go ahead: any rule serves that is known to both sides. */
export function mayGoAhead(id: number): boolean {
  return id % 3 !== 0;
}

function first(nodes: readonly ShadowNode[]): ShadowNode | undefined {
  let best: ShadowNode | undefined;
  for (const node of nodes) if (best === undefined || isBefore(node, best)) best = node;
  return best;
}

interface Heads {
  readonly consumer: ShadowNode | undefined;
  readonly producer: ShadowNode | undefined;
}

/** Of each pool with a free slot, or with room ahead if that is asked for: who is first among those that wait. */
function headsOf(
  nodes: readonly ShadowNode[],
  pools: readonly ShadowPool[],
  room: 'slot' | 'ahead',
): readonly Heads[] {
  const waiting = nodes.filter(
    (node) => (node.isReacquiring || node.state === STATE_CODE.queued) && !node.isContainer,
  );
  const byPool = Map.groupBy(waiting, ({ submission }) => submission.pool);
  return [...byPool]
    .filter(([pool]) => hasSlot(pools, pool) === (room === 'slot') && hasRoom(pools, pool))
    .map(([, those]) => ({
      consumer: first(those.filter((node) => node.isReacquiring || !node.isProducer)),
      producer: first(those.filter((node) => !node.isReacquiring && node.isProducer)),
    }));
}

/** The node that has to go next, if any may. */
export function nextToStart(
  nodes: readonly ShadowNode[],
  pools: readonly ShadowPool[],
  admits: (node: ShadowNode) => boolean,
): ShadowNode | undefined {
  const candidates = headsOf(nodes, pools, 'slot').flatMap(({ consumer, producer }) => [consumer, producer]);
  for (const { consumer, producer } of headsOf(nodes, pools, 'ahead')) {
    const one = first([consumer, producer].filter((node) => node !== undefined));
    if (one === undefined || !mayGoAhead(one.id)) continue;
    candidates.push(producer, consumer !== undefined && mayGoAhead(consumer.id) ? consumer : undefined);
  }
  return first(candidates.filter((node) => node !== undefined).filter((node) => isAllowed(node, admits)));
}

function isAllowed(node: ShadowNode, admits: (node: ShadowNode) => boolean): boolean {
  return node.isReacquiring || !node.isProducer || admits(node);
}

/** The producer that has waited longest among those that head their pools, admitted or not. */
export function oldestProducer(
  nodes: readonly ShadowNode[],
  pools: readonly ShadowPool[],
): ShadowNode | undefined {
  const producers = headsOf(nodes, pools, 'slot').map(({ producer }) => producer);
  return producers.filter((node) => node !== undefined).toSorted((a, b) => a.seq - b.seq)[0];
}
