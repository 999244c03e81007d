import { FIRST_ACTIVE, FIRST_ENDED, STATE_CODE, STATES, type StateCode } from '@sidereal/core';
import { segmentCounts } from './segment.ts';

/** What is known of a stage while a run goes on: the engine's live counts, and how long it has taken. */
export interface StageSnapshot {
  readonly idx: number;
  readonly name: string;
  /** Stage that it lies in, or -1. */
  readonly parent: number;
  readonly state: StateCode;
  /** Its own task runs, by state code. */
  readonly counts: ArrayLike<number>;
  readonly elapsedMs: number;
}

/** A stage as the engine reports it. */
export interface ReportedStage extends Omit<StageSnapshot, 'elapsedMs'> {
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
}

/** The stages with how long each has taken by now. */
export function snapshotsOf(stages: readonly ReportedStage[], nowMs: number): StageSnapshot[] {
  return stages.map((stage) => {
    const { startedMs, endedMs } = stage;
    return { ...stage, elapsedMs: startedMs === undefined ? 0 : Math.max(0, (endedMs ?? nowMs) - startedMs) };
  });
}

/** A stage, or several alike (of one name, beside each other) taken together, with all that lies beneath. */
export interface StageNode {
  readonly name: string;
  /** How many stages it stands for. */
  readonly count: number;
  readonly state: StateCode;
  /** Task runs of it and of everything beneath it, by segment. */
  readonly totals: readonly number[];
  readonly elapsedMs: number;
  readonly children: readonly StageNode[];
}

/** A line of the display. */
export interface StageLine {
  readonly name: string;
  readonly depth: number;
  readonly count: number;
  readonly state: StateCode;
  readonly totals: readonly number[];
  readonly elapsedMs: number;
}

/** More stages of one name beside each other than this are always shown as one line. */
const MAX_ALIKE = 6;

/** The tree of a run's stages; stages alike are merged where there are many. */
export function stageTree(stages: readonly StageSnapshot[], maxAlike = MAX_ALIKE): StageNode | undefined {
  const children = new Map<number, StageSnapshot[]>();
  for (const stage of stages) {
    const siblings = children.get(stage.parent);
    if (siblings === undefined) children.set(stage.parent, [stage]);
    else siblings.push(stage);
  }
  const [root] = children.get(-1) ?? [];
  return root === undefined ? undefined : build([root], children, maxAlike);
}

/** One node of these stages, all of one name. */
function build(
  stages: readonly StageSnapshot[],
  children: ReadonlyMap<number, readonly StageSnapshot[]>,
  maxAlike: number,
): StageNode {
  const beneath = stages.flatMap(({ idx }) => children.get(idx) ?? []);
  const byName = Map.groupBy(beneath, ({ name }) => name);
  const nodes: StageNode[] = [];
  for (const alike of byName.values()) {
    if (stages.length > 1 || alike.length > maxAlike) nodes.push(build(alike, children, maxAlike));
    else for (const stage of alike) nodes.push(build([stage], children, maxAlike));
  }
  const own = STATES.map(() => 0);
  for (const { counts } of stages) {
    for (let code = 0; code < counts.length; code += 1) own[code] = (own[code] ?? 0) + (counts[code] ?? 0);
  }
  const totals = segmentCounts(own);
  for (const node of nodes)
    for (const [at, count] of node.totals.entries()) totals[at] = (totals[at] ?? 0) + count;
  return {
    name: stages[0]?.name ?? '',
    count: stages.length,
    state: worstState(stages),
    totals,
    elapsedMs: Math.max(0, ...stages.map(({ elapsedMs }) => elapsedMs)),
    children: nodes,
  };
}

/** The state that stands for several: what is under way before what waits, failures before the rest. */
function worstState(stages: readonly StageSnapshot[]): StateCode {
  let best = stages[0]?.state ?? STATE_CODE.pending;
  for (const { state } of stages) if (weight(state) > weight(best)) best = state;
  return best;
}

function weight(state: StateCode): number {
  if (state >= FIRST_ACTIVE && state < FIRST_ENDED) return 5;
  if (state === STATE_CODE.failed || state === STATE_CODE.crashed) return 4;
  if (state < FIRST_ACTIVE) return 3;
  if (state === STATE_CODE.cancelled || state === STATE_CODE.upstream_failed) return 2;
  return state === STATE_CODE.skipped ? 0 : 1;
}

/** What is shown of a tree in a given height, and how many stages are not. */
export interface Fitted {
  readonly lines: readonly StageLine[];
  /** Stages that went well and are left out. */
  readonly finished: number;
  /** Other stages that are left out. */
  readonly others: number;
}

/**
 * Picks the lines that fit into `room`. When not all do, stages that went well go first, then those that wait,
 * then the deepest; failures and what is under way stay as long as they can. The root always stays.
 */
export function fitTree(root: StageNode, room: number): Fitted {
  const all = flatten(root, 0);
  if (all.length <= room) return { lines: all.map(({ line }) => line), finished: 0, others: 0 };
  const keep = Math.max(1, room - 1);
  const ranked = all
    .map((entry, at) => ({ at, rank: rankOf(entry.line), depth: entry.line.depth }))
    .sort((a, b) => b.rank - a.rank || a.depth - b.depth || a.at - b.at);
  const kept = new Set([
    0,
    ...ranked
      .map(({ at }) => at)
      .filter((at) => at !== 0)
      .slice(0, keep - 1),
  ]);
  let finished = 0;
  let others = 0;
  for (const [at, { line }] of all.entries()) {
    if (kept.has(at)) continue;
    if (isFinished(line)) finished += line.count;
    else others += line.count;
  }
  return { lines: all.filter((_, at) => kept.has(at)).map(({ line }) => line), finished, others };
}

function flatten(node: StageNode, depth: number): { readonly line: StageLine }[] {
  const { name, count, state, totals, elapsedMs } = node;
  return [
    { line: { name, depth, count, state, totals, elapsedMs } },
    ...node.children.flatMap((child) => flatten(child, depth + 1)),
  ];
}

function rankOf({ state }: StageLine): number {
  if (state >= FIRST_ACTIVE && state < FIRST_ENDED) return 3;
  if (state >= FIRST_ENDED && weight(state) >= 2) return 2;
  return state < FIRST_ACTIVE ? 1 : 0;
}

function isFinished({ state }: StageLine): boolean {
  return state === STATE_CODE.completed || state === STATE_CODE.cached || state === STATE_CODE.skipped;
}
