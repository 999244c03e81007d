import { SiderealError, stateOf, type Scheduler } from '@sidereal/core';
import { nodeText } from './node-errors.ts';
import type { RunNode } from './run-node.ts';
import type { RunNodes } from './run-nodes.ts';

/**
 * A node that has not ended, by its number in the journal or the beginning of its key. Throws `NODE_NOT_FOUND`,
 * `NODE_AMBIGUOUS`, `NODE_ENDED`.
 */
export function findOpenNode(nodes: RunNodes, scheduler: Scheduler, which: number | string): RunNode {
  const found = nodesCalled(nodes, which);
  const open = found.filter(({ id }) => !scheduler.hasEnded(id));
  const [only, second] = open;
  if (second !== undefined) throw ambiguous(which, open);
  if (only !== undefined) return only;
  const [over] = found;
  if (over !== undefined) throw nodeEnded(nodeText(over), stateOf(scheduler.stateOf(over.id)));
  // What has ended and is needed by nobody leaves memory.
  if (typeof which === 'number' && which >= 0 && which < nodes.count) throw nodeEnded(`number ${which}`);
  throw nodeNotFound(which);
}

function nodesCalled(nodes: RunNodes, which: number | string): RunNode[] {
  const prefix = typeof which === 'string' ? which.toLowerCase() : '';
  if (typeof which === 'string' && !/^[0-9a-f]{1,32}$/.test(prefix)) return [];
  const isCalledSo = ({ idx, key }: RunNode): boolean =>
    typeof which === 'number' ? idx === which : key.startsWith(prefix);
  // Some nodes are only the engine's: nobody can name those.
  return [...nodes].filter((node) => node.idx >= 0 && isCalledSo(node));
}

export function nodeNotFound(which: number | string): SiderealError<'NODE_NOT_FOUND'> {
  return new SiderealError('NODE_NOT_FOUND', `nothing under way in the run has the ${nameOf(which)}`, {
    remedy: 'See `sidereal tasks` for what is under way.',
  });
}

function nodeEnded(what: string, state?: string): SiderealError<'NODE_ENDED'> {
  const how = state === undefined ? '' : `: ${state}`;
  return new SiderealError('NODE_ENDED', `${what} has ended already${how}`, {
    remedy: 'There is nothing to cancel. See `sidereal tasks` for what is under way.',
  });
}

function ambiguous(which: number | string, nodes: readonly RunNode[]): SiderealError<'NODE_AMBIGUOUS'> {
  const some = nodes.slice(0, 3).map(({ name, key }) => `${name} ${key}`);
  return new SiderealError('NODE_AMBIGUOUS', `several have the ${nameOf(which)}: ${some.join(', ')}`, {
    remedy: 'Give more of the key, or the number.',
  });
}

function nameOf(which: number | string): string {
  return typeof which === 'number' ? `number ${which}` : `key ${which}`;
}
