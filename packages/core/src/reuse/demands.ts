import { NODE_KIND_CODE } from '../journal/codes/node-kind.ts';
import type { NameRecord } from '../journal/batch/record-sections.ts';
import type { RecordedNodes } from '../journal/journal-store.ts';
import { FIRST_ENDED, STATE_CODE } from '../states/state.ts';
import type { ReuseRules } from './reuse-rules.ts';

/** What the rules of an execution demand of a recorded node, whatever became of its inputs. */
export const DEMAND = {
  none: 0,
  /** Something in it is to run again: its own code has to call it. */
  around: 1,
  /** Somebody asks that it runs again: it, a stage around it, or everything. */
  asked: 2,
} as const;
export type Demand = (typeof DEMAND)[keyof typeof DEMAND];

/**
 * Demands of an execution, a byte a node. Asked for are all nodes; or those of the named stages and the numbered
 * tasks, with all that lies beneath them. What they lie in runs again, too. Where failures are run again, so do the
 * stages that a failure lies in, though they may have completed; a task is one thing, and what it called stays
 * as it is if it is kept.
 */
export function demandsOf(
  { nodes, names }: { readonly nodes: RecordedNodes; readonly names: readonly NameRecord[] },
  rules: ReuseRules,
): Uint8Array {
  const demands = new Uint8Array(nodes.count);
  if (rules.all) return demands.fill(DEMAND.asked);
  const hasTargets = rules.from.length > 0 || rules.tasks.length > 0;
  if (hasTargets) demandTargets(nodes, targetsOf(nodes, names, rules), demands);
  if (rules.retryFailed) demandFailed(nodes, demands);
  return demands;
}

function targetsOf(nodes: RecordedNodes, names: readonly NameRecord[], rules: ReuseRules): Uint8Array {
  const targets = new Uint8Array(nodes.count);
  const wanted = new Set(names.filter(({ name }) => rules.from.includes(name)).map(({ id }) => id));
  for (let idx = 1; idx < nodes.count; idx += 1)
    if (wanted.has(nodes.nameIds[idx] ?? -1) && nodes.kinds[idx] !== NODE_KIND_CODE.cycle) targets[idx] = 1;
  for (const idx of rules.tasks) if (idx > 0 && idx < nodes.count) targets[idx] = 1;
  return targets;
}

/** Parents are declared before their children, so one pass in order reaches every depth. */
function demandTargets(nodes: RecordedNodes, targets: Uint8Array, demands: Uint8Array): void {
  for (let idx = 1; idx < nodes.count; idx += 1) {
    const parent = nodes.parents[idx] ?? 0;
    if (targets[idx] !== 1 && demands[parent] !== DEMAND.asked) continue;
    demands[idx] = DEMAND.asked;
    for (let up = parent; up > 0 && demands[up] === DEMAND.none; up = nodes.parents[up] ?? 0)
      demands[up] = DEMAND.around;
  }
}

function demandFailed(nodes: RecordedNodes, demands: Uint8Array): void {
  /** Beneath a task that is kept: nothing calls it. */
  const beneath = new Uint8Array(nodes.count);
  for (let idx = 1; idx < nodes.count; idx += 1) {
    const parent = nodes.parents[idx] ?? 0;
    if (beneath[parent] === 1 || isKeptTask(nodes, parent, demands)) beneath[idx] = 1;
    else if (runsAgainByRetry(nodes.states[idx] ?? 0))
      for (let up = parent; up > 0 && demands[up] === DEMAND.none; up = nodes.parents[up] ?? 0)
        demands[up] = DEMAND.around;
  }
}

function isKeptTask({ kinds, states }: RecordedNodes, idx: number, demands: Uint8Array): boolean {
  const isTask = kinds[idx] === NODE_KIND_CODE.task;
  return isTask && states[idx] === STATE_CODE.completed && demands[idx] === DEMAND.none;
}

function runsAgainByRetry(state: number): boolean {
  return (
    state === STATE_CODE.failed ||
    state === STATE_CODE.crashed ||
    state === STATE_CODE.cancelled ||
    state === STATE_CODE.upstream_failed ||
    state < FIRST_ENDED
  );
}
