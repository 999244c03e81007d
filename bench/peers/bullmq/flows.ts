/** The rows as BullMQ describes work: trees of jobs. */
import type { FlowJob } from 'bullmq';
import { join } from 'node:path';
import type { Case } from '../../suite/case.ts';
import { reducersOf } from '../node/tree.ts';
import { QUEUE } from './redis.ts';

const FAN = 16;

export function tree(of: Case, folder: string): FlowJob {
  const { minSeconds, maxSeconds, mebibytes } = of;
  const pathOf = (id: number): string => join(folder, String(id));
  const nodes: FlowJob[] = Array.from({ length: of.n }, (_, id) => ({
    name: 'leaf',
    queueName: QUEUE,
    data: { path: pathOf(id), leaf: { minSeconds, maxSeconds, mebibytes } },
  }));
  for (const { id, left, right } of reducersOf(of.n)) {
    const children = [nodes[left], nodes[right]].filter((child) => child !== undefined);
    nodes[id] = { name: 'reduce', queueName: QUEUE, data: { path: pathOf(id) }, children };
  }
  const root = nodes.at(-1);
  if (root === undefined) throw new Error('a tree has at least one leaf');
  return root;
}

/** Children in children that one flow may have; `FlowProducer.add` recurses, and its stack ends between 3,000 and 5,000. */
export const NESTED = 1000;
export const LAST_HOP = 'last-hop';

/** A hop's child is the hop before it. The outermost hop of a flow adds the flow of those that are left. */
export function chain(hops: number): FlowJob {
  let last: FlowJob = { name: 'hop', queueName: QUEUE };
  for (let hop = 1; hop < Math.min(hops, NESTED); hop += 1)
    last = { name: 'hop', queueName: QUEUE, children: [last] };
  return hops <= NESTED
    ? { ...last, opts: { jobId: LAST_HOP } }
    : { ...last, name: 'link', data: { hops: hops - NESTED } };
}

/** One round of the row `fan`. A job has one parent, so the job that gathers adds the next round when it runs. */
export function round(number: number, rounds: number): FlowJob {
  return {
    name: 'gather',
    queueName: QUEUE,
    data: { round: number, rounds },
    opts: { jobId: gatherId(number) },
    children: Array.from({ length: FAN }, () => ({ name: 'noop', queueName: QUEUE })),
  };
}

export function gatherId(number: number): string {
  return `gather-${number}`;
}

/** Stages: each is a flow of its own, a parent of one no-op job. */
export function stages(count: number): FlowJob[] {
  return Array.from({ length: count }, () => ({
    name: 'stage',
    queueName: QUEUE,
    children: [{ name: 'noop', queueName: QUEUE }],
  }));
}
