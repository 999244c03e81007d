import { SiderealError } from '../errors.ts';
import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE } from '../states/state.ts';
import type { Claims } from './claims.ts';
import { EDGE_DATA, type Edges } from './edges.ts';
import type { MemoryLedger } from './memory-ledger.ts';
import {
  ALIVE,
  BODY_DONE,
  CONTAINER,
  COUNTED,
  LIGHT,
  LOADING,
  REACQUIRING,
  SLOTTED,
  UNKNOWN,
  WITHHELD,
  type NodeColumns,
} from './node-columns.ts';
import type { Pool } from './pool.ts';
import type { ReadyQueue } from './ready-queue.ts';

/** What is checked of a scheduler. */
export interface Inspected {
  readonly nodes: NodeColumns;
  readonly edges: Edges;
  readonly pools: readonly Pool[];
  readonly queues: readonly ReadyQueue[];
  readonly claims: Claims;
  readonly memory: MemoryLedger;
  /** Nodes that hold a slot. */
  readonly active: number;
}

/**
 * Checks everything that must hold between events: slots, named claims, memory, children, consumers and unhandled failures counted
 * from the columns agree with the running figures. Throws `INVARIANT_BROKEN`. Linear in the nodes.
 */
export function checkInvariants(scheduler: Inspected): void {
  const { nodes, edges, pools, claims, memory } = scheduler;
  const open = new Map<number, number>();
  const unhandled = new Map<number, number>();
  const consumers = new Map<number, number>();
  const used = new Map<Pool, number>();
  const held = new Map<number, Set<number>>();
  const taken = new Map<number, number>();
  let alive = 0;
  let reserved = 0;
  let loading = 0;
  let unknown = 0;
  let slotted = 0;
  let waiting = 0;
  for (let id = 0; id < nodes.length; id += 1) {
    if (nodes.isFreed(id)) continue;
    const state = nodes.state[id] ?? 0;
    const flags = nodes.flags[id] ?? 0;
    const parent = nodes.parent[id] ?? -1;
    const ended = state >= FIRST_ENDED;
    if (parent >= 0 && !ended) add(open, parent);
    if (parent >= 0 && (flags & COUNTED) !== 0) add(unhandled, parent);
    if ((flags & ALIVE) !== 0) {
      alive += nodes.bytes[id] ?? 0;
      expect(ended, `node ${id} is alive but has not ended`);
      expect((flags & LOADING) === 0, `node ${id} is alive and being brought back`);
    } else if ((flags & LOADING) !== 0) {
      loading += nodes.bytes[id] ?? 0;
      expect(ended, `node ${id} is being brought back but has not ended`);
    } else if ((flags & CONTAINER) === 0 && !ended) {
      reserved += nodes.bytes[id] ?? 0;
    }
    if ((flags & UNKNOWN) !== 0) unknown += 1;
    expect((nodes.bytes[id] ?? 0) >= 0, `node ${id} has ${nodes.bytes[id]} bytes`);
    const isReady = (state === STATE_CODE.queued && (flags & CONTAINER) === 0) || (flags & REACQUIRING) !== 0;
    if (isReady) waiting += 1;
    expect(isReady === (nodes.heapAt[id] ?? -1) >= 0, `node ${id} in state ${state} is in a heap or not`);
    if ((flags & (WITHHELD | LIGHT)) !== 0)
      expect(isReady && (flags & WITHHELD) !== 0, `node ${id} is withheld and does not wait`);
    expect(
      (flags & (REACQUIRING | SLOTTED)) !== (REACQUIRING | SLOTTED),
      `node ${id} wants a slot and has one`,
    );
    const isTask = (flags & CONTAINER) === 0;
    const isSlotted = (flags & SLOTTED) !== 0;
    const isExecuting = state === STATE_CODE.running || state === STATE_CODE.retrying;
    if (isTask && isExecuting) expect(isSlotted, `task ${id} executes without a slot`);
    if (state === STATE_CODE.waiting) {
      expect(isTask && !isSlotted, `node ${id} is waiting and has a slot or needs none`);
      const isOwed = (nodes.awaited[id] ?? 0) > 0 || (flags & (REACQUIRING | BODY_DONE)) !== 0;
      expect(isOwed, `node ${id} is waiting for nothing`);
    }
    if ((flags & REACQUIRING) !== 0)
      expect(state === STATE_CODE.waiting, `node ${id} wants its slot back in state ${state}`);
    if (isSlotted) {
      slotted += 1;
      expect((flags & CONTAINER) === 0, `container ${id} holds a slot`);
      expect(state >= FIRST_ACTIVE && !ended, `node ${id} holds a slot in state ${state}`);
      const own = pools[nodes.pool[id] ?? -1];
      for (let pool = own; pool !== undefined; pool = pool.parent) used.set(pool, (used.get(pool) ?? 0) + 1);
      for (const { resource, amount } of claims.of(nodes.claims[id] ?? 0)) {
        taken.set(resource, (taken.get(resource) ?? 0) + amount);
        held.set(resource, (held.get(resource) ?? new Set()).add(id));
      }
    }
    for (let edge = nodes.firstIn[id] ?? -1; edge >= 0; edge = edges.nextIn[edge] ?? -1) {
      expect(!ended, `node ${id} has ended and keeps its inputs`);
      if (((edges.flags[edge] ?? 0) & EDGE_DATA) !== 0) add(consumers, edges.from[edge] ?? -1);
    }
    const tally = (nodes.succeeded[id] ?? 0) + (nodes.failed[id] ?? 0) + (nodes.skipped[id] ?? 0);
    expect(tally <= (nodes.upstream[id] ?? 0), `node ${id} tallied ${tally} of ${nodes.upstream[id]}`);
    if (state === STATE_CODE.running)
      expect((nodes.attempt[id] ?? 0) > 0, `node ${id} runs without an attempt`);
  }
  for (let id = 0; id < nodes.length; id += 1) {
    if (nodes.isFreed(id)) continue;
    same('open children', id, nodes.openChildren[id] ?? 0, open.get(id) ?? 0);
    same('unhandled failures', id, nodes.unhandled[id] ?? 0, unhandled.get(id) ?? 0);
    let listed = 0;
    for (let child = nodes.firstCounted[id] ?? -1; child >= 0; child = nodes.nextSibling[child] ?? -1)
      listed += 1;
    same('listed failures', id, nodes.unhandled[id] ?? 0, listed);
    same('consumers', id, nodes.consumers[id] ?? 0, consumers.get(id) ?? 0);
    if ((nodes.state[id] ?? 0) >= FIRST_ENDED)
      same('open children at its end', id, nodes.openChildren[id] ?? 0, 0);
  }
  same('active', -1, scheduler.active, slotted);
  pools.forEach((pool, index) => {
    same(`used slots of pool ${index}`, -1, pool.used, used.get(pool) ?? 0);
  });
  claims.resources.forEach((resource, index) => {
    same(`amount taken of resource ${index}`, -1, resource.used, taken.get(index) ?? 0);
    same(`holders of resource ${index}`, -1, resource.holders.size, held.get(index)?.size ?? 0);
    for (const id of held.get(index) ?? [])
      expect(resource.holders.has(id), `node ${id} holds of resource ${index} and is not among its holders`);
    same(`amount kept of resource ${index} between dispatches`, -1, resource.kept, 0);
    expect(
      resource.used <= resource.capacity,
      `resource ${index}: ${resource.used} of ${resource.capacity} used`,
    );
  });
  let ready = 0;
  for (const queue of scheduler.queues) {
    const size = queue.ready.size + queue.light.size + queue.heavy.size;
    expect(size === 0 || queue.isListed, 'a queue in which something waits is not listed');
    ready += size;
  }
  same('nodes in ready heaps', -1, ready, waiting);
  // Whole bytes add up exactly; sizes with fractions only nearly.
  expect(Math.abs(memory.alive - alive) < 1, `${memory.alive} bytes alive, counted ${alive}`);
  expect(Math.abs(memory.reserved - reserved) < 1, `${memory.reserved} bytes reserved, counted ${reserved}`);
  same('runs of unknown size', -1, memory.unknown, unknown);
  expect(Math.abs(memory.loading - loading) < 1, `${memory.loading} bytes loading, counted ${loading}`);
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function same(what: string, id: number, kept: number, counted: number): void {
  expect(kept === counted, `${what} of node ${id}: kept ${kept}, counted ${counted}`);
}

function expect(condition: boolean, message: string): asserts condition {
  if (condition) return;
  throw new SiderealError('INVARIANT_BROKEN', message, {
    remedy: 'This is a defect in Sidereal; report it with the run id.',
  });
}
