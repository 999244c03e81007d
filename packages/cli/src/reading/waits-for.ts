import { hasEnded, STATES } from '@sidereal/core';
import type { NodeSummary, StoreReader } from '@sidereal/store';
import { oneLine } from '../terminal/printable.ts';

/** What is named of what a task waits for. */
const MOST_NAMED = 3;
/** Children that are looked at, of all waiting tasks that are asked for together. */
const MOST_CHILDREN = 1000;
const OPEN = STATES.filter((state) => !hasEnded(state));

/** What each of these nodes that is `waiting` has called and waits for: its children that have not ended. */
export function readWaits(
  reader: StoreReader,
  run: string,
  nodes: readonly NodeSummary[],
): ReadonlyMap<number, readonly NodeSummary[]> {
  const parents = nodes.filter(({ state }) => state === 'waiting').map(({ idx }) => idx);
  if (parents.length === 0) return new Map();
  const children = reader.nodes({ run, parents, states: OPEN, limit: MOST_CHILDREN });
  return Map.groupBy(children, ({ parent }) => parent);
}

/** As people read it: `waits for leaf[12], leaf[13] and 4 more`; empty for nothing. */
export function waitsText(children: readonly NodeSummary[] = []): string {
  if (children.length === 0) return '';
  const named = children.slice(0, MOST_NAMED).map(({ idx, name }) => `${oneLine(name)}[${idx}]`);
  const more = children.length - named.length;
  return `waits for ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
