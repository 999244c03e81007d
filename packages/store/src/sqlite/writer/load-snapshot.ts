import type { DatabaseSync } from 'node:sqlite';
import {
  ENTRY_KIND_CODE,
  STATE_CODE,
  linesOf,
  type RecordedEntry,
  type RecordedNodes,
  type RunHeader,
  type RunSnapshot,
} from '@sidereal/core';
import { FoldedNodes } from '../fold/folded-nodes.ts';
import { EdgeLists } from './edge-lists.ts';
import { partOf, partRange } from '../rows/run-number.ts';
import { toBytes, toBytesOrNone, toInteger, toIntegerOr, toText } from '../rows/row.ts';
import { prepareSegmentReader, type SegmentReader } from '../sql/segment-reader.ts';
import { storeError } from '../../errors/store-error.ts';

/** What a journal that was written before goes on from. */
export interface LoadedRun {
  readonly snapshot: RunSnapshot;
  /** The fold's own columns. */
  readonly nodes: FoldedNodes;
}

/** Reads a run as columns, each table in one pass over its range. */
export function loadRun(db: DatabaseSync, runNo: number, header: RunHeader, count: number): LoadedRun {
  const { nodes, recorded } = loadNodes(db, runNo, count);
  const segments = prepareSegmentReader(db, 1);
  const snapshot: RunSnapshot = {
    header,
    state: nodes.count === 0 ? STATE_CODE.pending : (nodes.states[0] ?? STATE_CODE.pending),
    nodes: recorded,
    names: loadNames(db, runNo),
    keyed: loadKeyed(db, runNo, segments),
    errors: loadErrors(db, runNo, nodes, segments),
  };
  return { snapshot, nodes };
}

function loadNodes(db: DatabaseSync, runNo: number, count: number) {
  const select = db.prepare(`
    SELECT id, key, state, attempt, kind, name, parent, flags, value_storage, value_size, stage, lane, started_us,
      active_us, argument_digest, upstream, comes_after, ended_us
    FROM node WHERE id >= ? AND id < ? ORDER BY id`);
  select.setReturnArrays(true);
  const nodes = new FoldedNodes(Math.max(1, count));
  const upstream = new EdgeLists(count);
  const after = new EdgeLists(count);
  const recorded = {
    count,
    keys: new Uint8Array(count * 16),
    states: new Uint8Array(count),
    attempts: new Uint32Array(count),
    kinds: new Uint8Array(count),
    nameIds: new Uint32Array(count),
    parents: new Int32Array(count),
    flags: new Uint8Array(count),
    argumentDigests: new Uint8Array(count * 16),
    endedUs: new Float64Array(count).fill(Number.NaN),
    valueStorage: new Uint8Array(count),
    valueSizes: new Float64Array(count),
  } satisfies Omit<RecordedNodes, 'upstream' | 'after'>;
  for (const row of select.iterate(...partRange(runNo))) {
    const idx = nodes.count;
    if (partOf(toInteger(row[0])) !== idx || idx >= count) throw incomplete(runNo, count);
    const state = toInteger(row[2]);
    const attempt = toInteger(row[3]);
    const kind = toInteger(row[4]);
    const nameId = toInteger(row[5]);
    recorded.keys.set(toBytes(row[1]), idx * 16);
    recorded.states[idx] = state;
    recorded.attempts[idx] = attempt;
    recorded.kinds[idx] = kind;
    recorded.nameIds[idx] = nameId;
    recorded.parents[idx] = toInteger(row[6]);
    recorded.flags[idx] = toInteger(row[7]);
    if (row[14] !== null) recorded.argumentDigests.set(toBytes(row[14]), idx * 16);
    recorded.endedUs[idx] = toIntegerOr(row[17], Number.NaN);
    upstream.add(toBytesOrNone(row[15]));
    after.add(toBytesOrNone(row[16]));
    recorded.valueStorage[idx] = toIntegerOr(row[8], 0);
    recorded.valueSizes[idx] = toIntegerOr(row[9], 0);
    nodes.add(kind, toInteger(row[10]), nameId);
    nodes.states[idx] = state;
    nodes.attempts[idx] = attempt;
    nodes.lanes[idx] = toIntegerOr(row[11], -1);
    nodes.startedUs[idx] = toIntegerOr(row[12], Number.NaN);
    nodes.activeSince[idx] = toIntegerOr(row[13], 0);
  }
  if (nodes.count !== count) throw incomplete(runNo, count);
  return { nodes, recorded: { ...recorded, upstream: upstream.lists, after: after.lists } };
}

function loadNames(db: DatabaseSync, runNo: number): RunSnapshot['names'] {
  return db
    .prepare('SELECT id, name, module, runner, tags FROM name WHERE id >= ? AND id < ? ORDER BY id')
    .all(...partRange(runNo))
    .map((row) => ({
      id: partOf(toInteger(row['id'])),
      name: toText(row['name']),
      module: toText(row['module']),
      runner: toText(row['runner']),
      tags: linesOf(toText(row['tags'])),
    }));
}

function loadKeyed(db: DatabaseSync, runNo: number, segments: SegmentReader): readonly RecordedEntry[] {
  return db
    .prepare(
      'SELECT idx, kind, key, segment, row FROM entry WHERE id >= ? AND id < ? AND key IS NOT NULL ORDER BY id',
    )
    .all(...partRange(runNo))
    .map((row) => ({
      idx: toInteger(row['idx']),
      key: toBytesOrNone(row['key']),
      kind: toInteger(row['kind']),
      body: segments.entryBody(runNo, toInteger(row['segment']), toInteger(row['row'])),
    }));
}

/** The last error of every node that has not succeeded. */
function loadErrors(
  db: DatabaseSync,
  runNo: number,
  nodes: FoldedNodes,
  segments: SegmentReader,
): ReadonlyMap<number, string> {
  const last = new Map<number, { readonly segment: number; readonly row: number }>();
  const errors = db.prepare(
    'SELECT idx, segment, row FROM entry WHERE id >= ? AND id < ? AND kind = ? ORDER BY id',
  );
  for (const row of errors.iterate(...partRange(runNo), ENTRY_KIND_CODE.error)) {
    const idx = toInteger(row['idx']);
    const state = nodes.states[idx];
    if (state === STATE_CODE.completed || state === STATE_CODE.cached) continue;
    last.delete(idx);
    last.set(idx, { segment: toInteger(row['segment']), row: toInteger(row['row']) });
  }
  return new Map(
    [...last].map(([idx, { segment, row }]) => [idx, segments.entryBody(runNo, segment, row)] as const),
  );
}

function incomplete(runNo: number, count: number): Error {
  return storeError(
    'STORE_CORRUPT',
    `run ${runNo} of the store does not have the ${count} nodes that its journal has`,
    'Run `sidereal doctor` on the store; restore its folder from a copy if the disk is at fault.',
  );
}
