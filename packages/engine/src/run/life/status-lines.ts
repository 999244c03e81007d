import { FIRST_ACTIVE, FIRST_ENDED, STATES, stateOf, type Scheduler } from '@sidereal/core';
import { awaitedByCode, type Waiting } from '../futures/waiting.ts';
import type { RunnerSet } from '../loop/runner-set.ts';
import { nodeText } from '../nodes/node-errors.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RunNodes } from '../nodes/run-nodes.ts';
import type { RunCounters } from '../record/run-counters.ts';

/** Nodes that are named one by one. */
const MAX_NAMED = 20;
/** Nodes that are named of those that one code awaits. */
const MAX_AWAITED = 3;

export interface StatusParts {
  readonly nodes: RunNodes;
  readonly scheduler: Scheduler;
  readonly runners: RunnerSet;
  readonly counters: RunCounters;
  readonly waiting: Waiting;
}

/**
 * What is under way in a run, for people who ask: counts, then what executes and what waits, the oldest first, with
 * what its code awaits just now.
 */
export function statusLines(parts: StatusParts, nowMs: number): readonly string[] {
  const { nodes, scheduler } = parts;
  const active: RunNode[] = [];
  for (const node of nodes) {
    const state = scheduler.stateOf(node.id);
    const isCode = node.work.type === 'task' || node.work.type === 'flow';
    if (isCode && state >= FIRST_ACTIVE && state < FIRST_ENDED) active.push(node);
  }
  const awaited = awaitedByCode(parts.waiting.awaits);
  const lines = active
    .slice(0, MAX_NAMED)
    .map((node) => lineOf(node, parts, nowMs) + awaitedText(awaited.get(node) ?? [], scheduler));
  const others = active.length - lines.length;
  return [countsLine(parts.counters), ...lines, ...(others > 0 ? [`and ${others} more`] : [])];
}

/** `12 task runs: 2 running, 10 completed` */
function countsLine(counters: RunCounters): string {
  const stages = counters.stages();
  const counts = STATES.map((state, code) => ({
    state,
    count: stages.reduce((sum, stage) => sum + (stage.counts[code] ?? 0), 0),
  })).filter(({ count }) => count > 0);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const each = counts.map(({ state, count }) => `${count} ${state}`).join(', ');
  return total === 0 ? 'no task runs yet' : `${total} task runs: ${each}`;
}

/** `task grid running for 3.2 s (flow.ts:4:9)` */
function lineOf(node: RunNode, parts: StatusParts, nowMs: number): string {
  const { scheduler } = parts;
  const sinceMs = beganMs(node, parts);
  const lasts = sinceMs === undefined ? '' : ` for ${seconds(nowMs - sinceMs)}`;
  const { work } = node;
  const at = work.type === 'task' || work.type === 'flow' ? ` (${work.definition.at})` : '';
  const state = stateOf(scheduler.stateOf(node.id));
  return `${node.kind} ${node.name} ${state}${lasts}${at}`;
}

/** `; awaits map grid-channel (3f2a91c0), 52 of it not ended` */
function awaitedText(nodes: readonly RunNode[], scheduler: Scheduler): string {
  if (nodes.length === 0) return '';
  const named = nodes.slice(0, MAX_AWAITED).map((node) => {
    const open = node.id < 0 ? 0 : (scheduler.nodes.openChildren[node.id] ?? 0);
    return `${node.kind} ${nodeText(node)}${open > 0 ? `, ${open} of it not ended` : ''}`;
  });
  const others = nodes.length - named.length;
  return `; awaits ${[...named, ...(others > 0 ? [`${others} more`] : [])].join(' and ')}`;
}

/** When its code began. */
function beganMs(node: RunNode, { runners, counters }: StatusParts): number | undefined {
  if (node.work.type === 'task') return runners.ofNode(node.id).beganAt(node.id);
  return counters.stages().find(({ idx }) => idx === node.idx)?.startedMs;
}

function seconds(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}
