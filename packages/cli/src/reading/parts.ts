import { STATE_CODE, STATES, type NodeKind, type State } from '@sidereal/core';
import type { NodeSummary, StoreReader, Tally } from '@sidereal/store';
import { segmentCounts } from '../progress/segment.ts';

/**
 * The parts of a run as a tree: the flow, its stages, groups, maps, reduces, loops and cycles, and beneath
 * them the tasks by name. Parts alike (of one kind and name, beside each other) are taken together where
 * there are many.
 */
export interface Part {
  readonly kind: NodeKind;
  readonly name: string;
  /** Node number; undefined for tasks by name and parts taken together. */
  readonly idx: number | undefined;
  /** How many parts it stands for. */
  readonly count: number;
  /** The part's own state; for several, how many are in which. Undefined for tasks by name. */
  readonly state: State | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly startedUs: number | undefined;
  readonly endedUs: number | undefined;
  /** Task runs of it and everything beneath it, by state code. */
  readonly tasks: readonly number[];
  readonly children: readonly Part[];
}

/** Parts of one name beside each other beyond which they are taken together. */
const MAX_ALIKE = 8;
const MAX_PARTS = 2 ** 31;

/** Reads the tree of a run. `maxAlike`: parts alike are told one by one up to this many. */
export function readParts(reader: StoreReader, run: string, maxAlike = MAX_ALIKE): Part {
  const nodes = reader.nodes({
    run,
    kinds: ['flow', 'stage', 'map', 'reduce', 'loop', 'cycle', 'group'],
    limit: MAX_PARTS,
  });
  return partTree(nodes, reader.tallies(run), maxAlike);
}

/** The tree of these nodes and tallies; the first node is the flow. */
export function partTree(
  nodes: readonly NodeSummary[],
  tallies: readonly Tally[],
  maxAlike = MAX_ALIKE,
): Part {
  const sources: Sources = {
    children: Map.groupBy(nodes, ({ parent }) => parent),
    tallies: Map.groupBy(tallies, ({ parent }) => parent),
    maxAlike,
  };
  const [root] = nodes;
  return root === undefined ? EMPTY : buildPart([root], sources);
}

interface Sources {
  readonly children: ReadonlyMap<number, readonly NodeSummary[]>;
  readonly tallies: ReadonlyMap<number, readonly Tally[]>;
  readonly maxAlike: number;
}

const EMPTY: Part = {
  kind: 'flow',
  name: '',
  idx: 0,
  count: 1,
  state: 'pending',
  reason: undefined,
  message: undefined,
  startedUs: undefined,
  endedUs: undefined,
  tasks: [],
  children: [],
};

/** One part of these nodes, all of one kind and name. */
function buildPart(nodes: readonly NodeSummary[], sources: Sources): Part {
  const [first] = nodes;
  if (first === undefined) return EMPTY;
  const children = [...containersIn(nodes, sources), ...tasksIn(nodes, first, sources)].sort(
    (a, b) => (a.startedUs ?? Infinity) - (b.startedUs ?? Infinity),
  );
  const own = nodes.flatMap(({ idx }) => sources.tallies.get(idx) ?? []);
  const tasks = countStates(own);
  for (const { tasks: beneath, kind } of children) {
    if (kind !== 'task')
      for (const [code, count] of beneath.entries()) tasks[code] = (tasks[code] ?? 0) + count;
  }
  const isOne = nodes.length === 1;
  return {
    kind: first.kind,
    name: first.name,
    idx: isOne ? first.idx : undefined,
    count: nodes.length,
    state: worst(nodes),
    reason: isOne ? first.reason : undefined,
    message: isOne ? first.message : undefined,
    startedUs: least(nodes.map(({ startedUs }) => startedUs)),
    endedUs: most(nodes.map(({ endedUs }) => endedUs)),
    tasks,
    children,
  };
}

function containersIn(nodes: readonly NodeSummary[], sources: Sources): Part[] {
  const beneath = nodes.flatMap(({ idx }) => sources.children.get(idx) ?? []);
  const alike = Map.groupBy(beneath, ({ kind, name }) => `${kind} ${name}`);
  return [...alike.values()].flatMap((group) =>
    nodes.length > 1 || group.length > sources.maxAlike
      ? [buildPart(group, sources)]
      : group.map((node) => buildPart([node], sources)),
  );
}

/** Tasks by name; those of a map or reduce, which have its name, are told by its own line. */
function tasksIn(nodes: readonly NodeSummary[], { kind, name }: NodeSummary, sources: Sources): Part[] {
  const own = nodes.flatMap(({ idx }) => sources.tallies.get(idx) ?? []);
  const byName = Map.groupBy(own, (tally) => tally.name);
  if (kind === 'map' || kind === 'reduce') byName.delete(name);
  return [...byName].map(([task, tallies]) => ({
    kind: 'task' as const,
    name: task,
    idx: undefined,
    count: tallies.reduce((sum, { count }) => sum + count, 0),
    state: undefined,
    reason: undefined,
    message: undefined,
    startedUs: least(tallies.map(({ startedUs }) => startedUs)),
    endedUs: most(tallies.map(({ endedUs }) => endedUs)),
    tasks: countStates(tallies),
    children: [],
  }));
}

function countStates(tallies: readonly Tally[]): number[] {
  const counts = STATES.map(() => 0);
  for (const { state, count } of tallies)
    counts[STATE_CODE[state]] = (counts[STATE_CODE[state]] ?? 0) + count;
  return counts;
}

/** The state to show for several: what is not well or not over before what is. */
function worst(nodes: readonly NodeSummary[]): State {
  const order: readonly State[] = [
    'failed',
    'crashed',
    'upstream_failed',
    'running',
    'retrying',
    'waiting',
    'cancelling',
    'cancelled',
  ];
  const states = new Set(nodes.map(({ state }) => state));
  return (
    order.find((state) => states.has(state)) ??
    nodes.find(({ state }) => state !== 'completed')?.state ??
    'completed'
  );
}

function least(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
}

function most(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}

/** Task runs of a part by segment. */
export function segmentsOf({ tasks }: Part): number[] {
  return segmentCounts(tasks);
}
