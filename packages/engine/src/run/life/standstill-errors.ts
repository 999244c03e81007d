import { SiderealError } from '@sidereal/core';
import { nodeText } from '../nodes/node-errors.ts';
import type { RunNode } from '../nodes/run-node.ts';

/** How many of those that wait are named. */
const NAMED = 5;

/** Nodes that wait for one another, in that order. */
export function ringText(ring: readonly RunNode[]): string {
  const [first, ...others] = ring.filter(({ idx }) => idx >= 0);
  if (first === undefined) return 'nodes wait for one another';
  const rest = others.map((node) => `${placeText(node)}, which waits for `).join('');
  return `a ring of waiting: ${placeText(first)} waits for ${rest}${others.length === 0 ? 'itself' : nodeText(first)}`;
}

/** Nothing in the process can end this ring. */
export function ringError(ring: readonly RunNode[]): SiderealError<'DEADLOCK'> {
  return new SiderealError('DEADLOCK', `${ringText(ring)}; nothing else in the process can end it`, {
    at: lineOf(ring),
    remedy:
      'The code of one of them awaits what needs its own end. Pass what it awaits as an argument, which shows the order; or await it outside.',
  });
}

/** Nothing in the process can settle what these wait for. `queued`: how many runs wait behind them for a slot. */
export function stuckError(
  root: RunNode,
  stuck: readonly RunNode[],
  queued: number,
): SiderealError<'DEADLOCK'> {
  const nodes = stuck.length === 0 ? [root] : stuck;
  const names = nodes.slice(0, NAMED).map(placeText).join(', ');
  const more = nodes.length > NAMED ? ` and ${nodes.length - NAMED} more` : '';
  const behind = queued === 0 ? '' : `; behind them, ${queued} more wait for a slot`;
  const wait = nodes.length === 1 ? 'waits' : 'wait';
  return new SiderealError(
    'DEADLOCK',
    `${names}${more} ${wait} for something that can never come: nothing else in the process is alive${behind}`,
    {
      at: lineOf(nodes),
      remedy:
        'Look at what this code awaits: a promise that nothing settles, or one that waits for a run that has not begun.',
    },
  );
}

function placeText(node: RunNode): string {
  const at = lineOf([node]);
  return at === undefined ? nodeText(node) : `${nodeText(node)} at ${at}`;
}

/** The line of the first that has one: where its task or flow is defined. */
function lineOf(nodes: readonly RunNode[]): string | undefined {
  for (const { work } of nodes) if (work.type !== 'container') return work.definition.at;
  return undefined;
}
