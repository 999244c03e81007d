import type { DatabaseSync } from 'node:sqlite';
import {
  NODE_KIND_CODE,
  isValueStorage,
  linesOf,
  nodeKindOf,
  nodesFromBytes,
  reasonOfCode,
  STATE_CODE,
  stateOf,
  type DecodedBatch,
  type Reason,
  type ValueStorage,
} from '@sidereal/core';
import { partId, partOf, partRange } from '../sqlite/rows/run-number.ts';
import { toBytes, toBytesOrNone, toInteger, toIntegerOr, toTextOr, type Row } from '../sqlite/rows/row.ts';
import type { SegmentReader } from '../sqlite/sql/segment-reader.ts';
import { storeError } from '../errors/store-error.ts';
import type { Entry, NodesOptions, NodeStory, NodeSummary, Transition } from './reader-types.ts';
import { Where } from './where.ts';

/** A node's row with its name; the join is by primary key. */
const SELECT = `
  SELECT node.*, name.name AS text, name.tags
  FROM node LEFT JOIN name ON name.id = node.id - node.id % 4294967296 + node.name`;

/** In order of their numbers, over the run's range of the table. */
export function readNodes(
  db: DatabaseSync,
  runNo: number,
  options: Omit<NodesOptions, 'run'>,
): readonly NodeSummary[] {
  const { states, kinds, name, tag, stage, group, parents, among, after, limit } = options;
  const [from, to] = partRange(runNo);
  const where = new Where().and(
    'node.id >= ? AND node.id < ?',
    after === undefined ? from : from + after + 1,
    to,
  );
  where.in(
    'node.state',
    states?.map((state) => STATE_CODE[state]),
  );
  where.in(
    'node.kind',
    kinds?.map((kind) => NODE_KIND_CODE[kind]),
  );
  where.in('node.parent', parents);
  where.in(
    'node.id',
    among?.map((idx) => partId(runNo, idx)),
  );
  if (name !== undefined) where.and('name.name = ?', name);
  // Tags are kept one a line.
  if (tag !== undefined) where.and('instr(char(10) || name.tags || char(10), ?) > 0', `\n${tag}\n`);
  if (stage !== undefined) where.and('node.stage = ?', stage);
  if (group !== undefined) where.and('node.grp = ?', group);
  return db
    .prepare(`${SELECT} ${where.sql} ORDER BY node.id LIMIT ?`)
    .all(...where.values, limit)
    .map(toNode);
}

/** A node by its number, or by a prefix of its key that only one node of the run has (a pass over its range). */
export function findNode(db: DatabaseSync, runNo: number, which: number | string): Row {
  if (typeof which === 'number') {
    const row = db.prepare(`${SELECT} WHERE node.id = ?`).get(partId(runNo, which));
    if (row !== undefined) return row;
    throw notFound(`number ${which}`);
  }
  const prefix = which.toLowerCase();
  const rows = /^[0-9a-f]{1,32}$/.test(prefix)
    ? db
        .prepare(
          `${SELECT} WHERE node.id >= ? AND node.id < ? AND substr(hex(node.key), 1, ?) = upper(?) ORDER BY node.id LIMIT 3`,
        )
        .all(...partRange(runNo), prefix.length, prefix)
    : [];
  const [only, second] = rows;
  if (only === undefined) throw notFound(`key ${which}`);
  if (second === undefined) return only;
  throw storeError(
    'NODE_AMBIGUOUS',
    `several task runs have keys that begin with ${which}: ${rows.map((row) => hex(toBytes(row['key']))).join(', ')}`,
    'Give more of the key.',
  );
}

/** What the journal tells of a node, from the batches between the first and the last that mention it. */
export function readStory(
  segments: SegmentReader,
  runNo: number,
  row: Row,
  entries: readonly Entry[],
): NodeStory {
  const node = toNode(row);
  let inputs = '';
  const transitions: Transition[] = [];
  const last = toInteger(row['last_segment']);
  for (let number = toInteger(row['first_segment']); number <= last; number++) {
    const batch = segments.columns(runNo, number);
    const { declare } = batch.rows;
    const declared = declare.idx.indexOf(node.idx);
    if (declared >= 0) inputs = batch.text(declare.inputs[declared] ?? 0);
    transitions.push(...transitionsOf(batch, node.idx));
  }
  const upstream = toNodes(row['upstream']);
  const after = toNodes(row['comes_after']);
  return { node, inputs, upstream, after, transitions, entries };
}

function transitionsOf(batch: DecodedBatch, idx: number): readonly Transition[] {
  const found: Transition[] = [];
  const { transition } = batch.rows;
  for (let i = transition.idx.indexOf(idx); i >= 0; i = transition.idx.indexOf(idx, i + 1)) {
    const lane = transition.lane[i] ?? -1;
    found.push({
      state: stateOf(transition.state[i] ?? 0),
      attempt: transition.attempt[i] ?? 0,
      timeUs: transition.timeUs[i] ?? 0,
      lane: lane < 0 ? undefined : lane,
      reason: reasonOfCode(transition.reason[i] ?? 0) || undefined,
      message: batch.text(transition.message[i] ?? 0) || undefined,
    });
  }
  return found;
}

/** A node as people see it. */
export function toNode(row: Row): NodeSummary {
  const storage = toIntegerOr(row['value_storage'], undefined);
  return {
    idx: partOf(toInteger(row['id'])),
    key: hex(toBytes(row['key'])),
    kind: nodeKindOf(toInteger(row['kind'])),
    name: toTextOr(row['text'], ''),
    nameId: toInteger(row['name']),
    tags: linesOf(toTextOr(row['tags'], '')),
    parent: toInteger(row['parent']),
    group: toInteger(row['grp']),
    stage: toInteger(row['stage']),
    flags: toInteger(row['flags']),
    state: stateOf(toInteger(row['state'])),
    attempt: toInteger(row['attempt']),
    createdUs: toInteger(row['created_us']),
    startedUs: toIntegerOr(row['started_us'], undefined),
    endedUs: toIntegerOr(row['ended_us'], undefined),
    lane: toIntegerOr(row['lane'], undefined),
    reason: toReason(row['reason']),
    message: toTextOr(row['message'], undefined),
    value:
      storage === undefined ? undefined : { storage: toStorage(storage), size: toInteger(row['value_size']) },
  };
}

/** Bytes as hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** Why a node is in its state, as its row holds it. */
export function toReason(cell: Row[string] | undefined): Reason | undefined {
  const code = toIntegerOr(cell, undefined);
  return code === undefined ? undefined : reasonOfCode(code);
}

function toNodes(cell: Row[string] | undefined): readonly number[] {
  return [...nodesFromBytes(toBytesOrNone(cell))];
}

function toStorage(code: number): ValueStorage {
  if (isValueStorage(code)) return code;
  throw storeError(
    'STORE_CORRUPT',
    `the store holds a value with the unknown storage ${code}`,
    'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
  );
}

function notFound(what: string): Error {
  return storeError(
    'NODE_NOT_FOUND',
    `the run has no task run with ${what}`,
    'See `sidereal tasks` for those it has.',
  );
}
