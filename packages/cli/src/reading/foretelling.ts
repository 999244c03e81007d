import {
  foretell,
  KEY_BYTES,
  keyText,
  nodeKindOf,
  STATE_CODE,
  stateOf,
  type NodeKind,
  type ReuseDecision,
  type ReuseRules,
  type State,
} from '@sidereal/core';
import type { StoreReader } from '@sidereal/store';

/** What would become of a node. */
export interface ForetoldNode {
  readonly idx: number;
  /** Task key, hexadecimal. */
  readonly key: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** As it is recorded. */
  readonly state: State;
  readonly decision: ReuseDecision;
}

/** What `resume` or `retry` would do with a run, read off its record. */
export interface RunForetelling {
  readonly run: string;
  readonly rules: ReuseRules;
  /** Something runs: what it gives may have more called than the record knows of. */
  readonly isAtLeast: boolean;
  /** All but those that are no longer called. */
  readonly nodes: readonly ForetoldNode[];
}

/** Asks the same function that decides when it is done. Reads the whole record; writes and leases nothing. */
export function readForetelling(reader: StoreReader, run: string, rules: ReuseRules): RunForetelling {
  const snapshot = reader.snapshot(run);
  const { nodes } = snapshot;
  const names = new Map(snapshot.names.map(({ id, name }) => [id, name]));
  const { decisions, isAtLeast } = foretell(snapshot, rules);
  return {
    run: snapshot.header.id,
    rules,
    isAtLeast,
    nodes: decisions.flatMap((decision, idx) =>
      decision === undefined
        ? []
        : {
            idx,
            key: keyText(nodes.keys, idx * KEY_BYTES),
            kind: nodeKindOf(nodes.kinds[idx] ?? 0),
            name: names.get(nodes.nameIds[idx] ?? -1) ?? '',
            state: stateOf(nodes.states[idx] ?? STATE_CODE.pending),
            decision,
          },
    ),
  };
}

/** How many nodes are kept, run again and are in doubt. */
export function foretoldCounts({
  nodes,
}: RunForetelling): Readonly<Record<ReuseDecision['decision'], number>> {
  const counts = { keep: 0, again: 0, doubt: 0 };
  for (const { decision } of nodes) counts[decision.decision] += 1;
  return counts;
}
