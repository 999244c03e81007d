import type { DatabaseSync } from 'node:sqlite';
import { nodeKindOf, STATE_CODE, stateOf, linesOf, type NameRecord } from '@sidereal/core';
import { judgeHolder, type Liveness } from '../lease/holder.ts';
import { probeProcess, type ProcessIdentity } from '../lease/process-identity.ts';
import { partOf, partRange } from '../sqlite/rows/run-number.ts';
import { toInteger, toIntegerOr, toText, toTextOr, type Row } from '../sqlite/rows/row.ts';
import { toJournalRow } from '../sqlite/sql/journal-sql.ts';
import { toHeader, toTags } from '../sqlite/sql/run-sql.ts';
import { storeError } from '../errors/store-error.ts';
import { toReason } from './node-queries.ts';
import type { Counter, ListRunsOptions, RunDetail, RunSummary } from './reader-types.ts';
import { Where } from './where.ts';

/** A run, its journal and the node of the flow run itself; all joins are by primary key. */
const FROM = `
  FROM run JOIN journal USING (run_no)
  LEFT JOIN node root ON root.id = run.run_no * 4294967296`;
const COLUMNS = `run.*, journal.*,
  root.state AS root_state, root.reason AS root_reason, root.message AS root_message,
  root.started_us AS root_started, root.ended_us AS root_ended`;

/** Newest first, by primary key. */
export function listRuns(
  db: DatabaseSync,
  here: ProcessIdentity,
  { limit, states, flow, before }: ListRunsOptions,
): readonly RunSummary[] {
  const where = new Where();
  if (before !== undefined) where.and('run.run_no < ?', findRun(db, before).runNo);
  if (flow !== undefined) where.and('run.flow = ?', flow);
  where.in(
    `coalesce(root.state, ${STATE_CODE.pending})`,
    states?.map((state) => STATE_CODE[state]),
  );
  return db
    .prepare(`SELECT ${COLUMNS} ${FROM} ${where.sql} ORDER BY run.run_no DESC LIMIT ?`)
    .all(...where.values, limit)
    .map((row) => toSummary(row, here));
}

/** Number and id of the run with this id or, if only one has it, this prefix. By the index of ids. */
export function findRun(db: DatabaseSync, run: string): { readonly runNo: number; readonly id: string } {
  const found = db
    .prepare('SELECT run_no, id FROM run WHERE id >= ? AND id < ? ORDER BY id LIMIT 3')
    .all(run, `${run}\u{10ffff}`)
    .map((row) => ({ runNo: toInteger(row['run_no']), id: toText(row['id']) }));
  const exact = found.find(({ id }) => id === run);
  const [only] = found;
  if (exact !== undefined) return exact;
  if (only === undefined || run === '') {
    throw storeError('RUN_NOT_FOUND', `the store has no run ${run}`, 'See `sidereal runs` for those it has.');
  }
  if (found.length === 1) return only;
  throw storeError(
    'RUN_AMBIGUOUS',
    `several runs begin with ${run}: ${found.map(({ id }) => id).join(', ')}${found.length === 3 ? ' …' : ''}`,
    'Give more of the id.',
  );
}

export function readRun(db: DatabaseSync, here: ProcessIdentity, runNo: number): RunDetail {
  const row = db.prepare(`SELECT ${COLUMNS} ${FROM} WHERE run.run_no = ?`).get(runNo) ?? {};
  const journal = toJournalRow(row);
  return {
    ...toSummary(row, here),
    header: toHeader(row),
    epoch: journal.epoch,
    batches: journal.lastBatch,
    records: journal.records,
    entries: journal.entries,
  };
}

/** By primary key; cells that count nothing any more are left out. */
export function readCounters(db: DatabaseSync, runNo: number): readonly Counter[] {
  return db
    .prepare(
      'SELECT stage, kind, state, count FROM counter WHERE run_no = ? AND count <> 0 ORDER BY stage, kind, state',
    )
    .all(runNo)
    .map((row) => ({
      stage: toInteger(row['stage']),
      kind: nodeKindOf(toInteger(row['kind'])),
      state: stateOf(toInteger(row['state'])),
      count: toInteger(row['count']),
    }));
}

/** In order of their ids. */
export function readNames(db: DatabaseSync, runNo: number): readonly NameRecord[] {
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

function toSummary(row: Row, here: ProcessIdentity): RunSummary {
  const journal = toJournalRow(row);
  return {
    id: toText(row['id']),
    flow: toText(row['flow']),
    version: toText(row['version']),
    tags: toTags(toText(row['tags'])),
    originMs: toInteger(row['origin_ms']),
    state: stateOf(toIntegerOr(row['root_state'], STATE_CODE.pending)),
    reason: toReason(row['root_reason']),
    message: toTextOr(row['root_message'], undefined),
    startedUs: toIntegerOr(row['root_started'], undefined),
    endedUs: toIntegerOr(row['root_ended'], undefined),
    nodes: journal.nodes,
    liveness: judge(journal.holder, here),
  };
}

function judge(holder: Parameters<typeof judgeHolder>[0], here: ProcessIdentity): Liveness {
  return judgeHolder(holder, Date.now(), here, probeProcess);
}
