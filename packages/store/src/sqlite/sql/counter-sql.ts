import type { DatabaseSync } from 'node:sqlite';
import { STATES } from '@sidereal/core';
import type { NodeChanges } from '../fold/node-changes.ts';
import type { FoldedNodes } from '../fold/folded-nodes.ts';

const KINDS = 256;

/** Moves nodes between the counters of their run × stage × kind × state, by the net change of a transaction. */
export function prepareCounterWriter(db: DatabaseSync) {
  const add = db.prepare(`
    INSERT INTO counter (run_no, stage, kind, state, count) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (run_no, stage, kind, state) DO UPDATE SET count = count + excluded.count`);

  return (runNo: number, nodes: FoldedNodes, changes: NodeChanges): void => {
    for (const [cell, change] of netChanges(nodes, changes)) {
      if (change === 0) continue;
      const state = cell % STATES.length;
      const rest = (cell - state) / STATES.length;
      const kind = rest % KINDS;
      add.run(runNo, (rest - kind) / KINDS - 1, kind, state, change);
    }
  };
}

/** Net change of each counter; a counter's cell is stage, kind and state in one number. */
function netChanges(nodes: FoldedNodes, changes: NodeChanges): Map<number, number> {
  const net = new Map<number, number>();
  for (let slot = 0; slot < changes.count; slot++) {
    const idx = changes.idx[slot] ?? 0;
    const before = changes.stateBefore[slot] ?? 0;
    const after = nodes.states[idx] ?? 0;
    const isNew = changes.declaredBy[slot] !== undefined;
    if (!isNew && before === after) continue;
    const base = ((nodes.stages[idx] ?? 0) + 1) * KINDS + (nodes.kinds[idx] ?? 0);
    const to = base * STATES.length + after;
    net.set(to, (net.get(to) ?? 0) + 1);
    if (isNew) continue;
    const from = base * STATES.length + before;
    net.set(from, (net.get(from) ?? 0) - 1);
  }
  return net;
}
