/**
 * The columns of the table `node`: their names, what writes them, and where their values come from. Statements
 * are made of this table, so a column more is a line more here, and one in the schema.
 */
import type { SQLInputValue } from 'node:sqlite';
import {
  digestAt,
  digestAtOrNone,
  FIRST_ACTIVE,
  FIRST_ENDED,
  nodesAt,
  nodesToBytes,
  type DecodedBatch,
  type NodeLists,
  type RecordCells,
} from '@sidereal/core';
import type { NodeChanges } from '../fold/node-changes.ts';
import type { FoldedNodes } from '../fold/folded-nodes.ts';

/** A node whose row is being written: its place in the fold, and its change in the transaction. */
export interface ChangedNode {
  nodes: FoldedNodes;
  idx: number;
  changes: NodeChanges;
  slot: number;
}

/** A node that the transaction declares, in its batch. */
export interface DeclaredNode {
  batch: DecodedBatch;
  declare: RecordCells<'declare'>;
  row: number;
}

/** A column whose value comes from `Source`. */
export interface TableColumn<Source> {
  readonly name: string;
  readonly valueOf: (source: Source) => SQLInputValue;
}

/** Written once, when the node is declared. */
export const DECLARED_COLUMNS: readonly TableColumn<DeclaredNode>[] = [
  { name: 'key', valueOf: ({ declare, row }) => digestAt(declare.key, row) },
  { name: 'parent', valueOf: ({ declare, row }) => declare.parent[row] ?? -1 },
  { name: 'grp', valueOf: ({ declare, row }) => declare.group[row] ?? -1 },
  { name: 'stage', valueOf: ({ declare, row }) => declare.stage[row] ?? 0 },
  { name: 'kind', valueOf: ({ declare, row }) => declare.kind[row] ?? 0 },
  { name: 'name', valueOf: ({ declare, row }) => declare.nameId[row] ?? 0 },
  { name: 'flags', valueOf: ({ declare, row }) => declare.flags[row] ?? 0 },
  { name: 'created_us', valueOf: ({ declare, row }) => declare.timeUs[row] ?? 0 },
  { name: 'upstream', valueOf: ({ declare, row }) => listOrNull(declare.upstream, row) },
  { name: 'comes_after', valueOf: ({ declare, row }) => listOrNull(declare.after, row) },
  {
    name: 'argument_digest',
    valueOf: ({ declare, row }) => bytesOrNull(digestAtOrNone(declare.argumentDigest, row)),
  },
];

/** Written when the node is declared: the first batch that tells of it. */
export const FIRST_COLUMNS: readonly TableColumn<ChangedNode>[] = [
  { name: 'first_segment', valueOf: ({ changes, slot }) => changes.firstSegments[slot] ?? 0 },
];

/** Written with every change. */
export const TOUCHED_COLUMNS: readonly TableColumn<ChangedNode>[] = [
  { name: 'last_segment', valueOf: ({ changes, slot }) => changes.lastSegments[slot] ?? 0 },
];

/** Written when the node is declared or its state changed. */
export const STATE_COLUMNS: readonly TableColumn<ChangedNode>[] = [
  { name: 'state', valueOf: ({ nodes, idx }) => nodes.states[idx] ?? 0 },
  { name: 'attempt', valueOf: ({ nodes, idx }) => nodes.attempts[idx] ?? 0 },
  { name: 'started_us', valueOf: ({ nodes, idx }) => timeOrNull(nodes.startedUs[idx]) },
  { name: 'active_us', valueOf: ({ nodes, idx }) => activeSinceOrNull(nodes, idx) },
  { name: 'ended_us', valueOf: ({ changes, slot }) => timeOrNull(changes.endedUs[slot]) },
  { name: 'lane', valueOf: ({ nodes, idx }) => laneOrNull(nodes.lanes[idx]) },
  { name: 'reason', valueOf: ({ changes, slot }) => codeOrNull(changes.reasons[slot]) },
  { name: 'message', valueOf: ({ changes, slot }) => textOrNull(changes.messages[slot]) },
];

/** Written when a value was recorded. */
export const VALUE_COLUMNS: readonly TableColumn<ChangedNode>[] = [
  { name: 'value_storage', valueOf: ({ changes, slot }) => changes.valueStorages[slot] ?? 0 },
  { name: 'value_segment', valueOf: ({ changes, slot }) => changes.valueSegments[slot] ?? 0 },
  { name: 'value_offset', valueOf: ({ changes, slot }) => changes.valueOffsets[slot] ?? 0 },
  { name: 'value_length', valueOf: ({ changes, slot }) => changes.valueLengths[slot] ?? 0 },
  { name: 'value_size', valueOf: ({ changes, slot }) => changes.valueSizes[slot] ?? 0 },
];

function listOrNull(lists: NodeLists, row: number): SQLInputValue {
  // Most nodes have none: no view is made to find that out.
  return lists.starts[row] === lists.starts[row + 1] ? null : nodesToBytes(nodesAt(lists, row));
}

function bytesOrNull(bytes: Uint8Array): SQLInputValue {
  return bytes.length === 0 ? null : bytes;
}

function codeOrNull(reason = 0): SQLInputValue {
  return reason === 0 ? null : reason;
}

function textOrNull(text = ''): SQLInputValue {
  return text === '' ? null : text;
}

function timeOrNull(time = Number.NaN): SQLInputValue {
  return Number.isNaN(time) ? null : time;
}

function laneOrNull(lane = -1): SQLInputValue {
  return lane < 0 ? null : lane;
}

function activeSinceOrNull({ states, activeSince }: FoldedNodes, idx: number): SQLInputValue {
  const state = states[idx] ?? 0;
  return state >= FIRST_ACTIVE && state < FIRST_ENDED ? (activeSince[idx] ?? null) : null;
}
