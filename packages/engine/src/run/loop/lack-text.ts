import { byteText } from '@sidereal/core';
import { nodeText } from '../nodes/node-errors.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { Lack, RunLoop } from './run-loop.ts';

/** Holders that are named. */
const MOST_NAMED = 3;

/** What a queued node lacks, in words. A slot needs none. */
export function lackText(loop: RunLoop, node: RunNode, { claim, resource }: Lack): string {
  if (claim === 'memory') return memoryText(loop, node);
  return claim === 'resource' ? resourceText(loop, node, resource) : '';
}

function memoryText({ scheduler: { memory } }: RunLoop, node: RunNode): string {
  const bytes = memory.estimate(node.nameId, node.options.memoryBytes);
  const isKnown = node.options.memoryBytes >= 0 || memory.knows(node.nameId);
  const taken = `${byteText(memory.total)} of ${byteText(memory.budget)} are taken`;
  return isKnown
    ? `it is expected to make ${byteText(bytes)}, and ${taken}`
    : `none of its name has ended, so it counts as ${byteText(bytes)} (resources: { memory } says better), and ${taken}`;
}

function resourceText({ scheduler, nodes }: RunLoop, node: RunNode, index: number): string {
  const { claims } = scheduler;
  const resource = claims.resources[index];
  if (resource === undefined) return '';
  const set = claims.of(scheduler.nodes.claims[node.id] ?? 0);
  const amount = set.find((claim) => claim.resource === index)?.amount ?? 0;
  const { name, used, capacity } = resource;
  const holders = [...resource.holders].flatMap((id) => nodes.get(id) ?? []);
  const more = holders.length - MOST_NAMED;
  const named = holders.slice(0, MOST_NAMED).map(nodeText).join(', ');
  const who = holders.length === 0 ? '' : `, by ${named}${more > 0 ? ` and ${more} more` : ''}`;
  const rest = used + amount > capacity ? '' : '; the rest is kept for one that comes first';
  return `needs ${amount} ${name}; ${used} of ${capacity} held${who}${rest}`;
}
