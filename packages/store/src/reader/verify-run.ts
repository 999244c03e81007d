import type { DatabaseSync } from 'node:sqlite';
import { decodeBatch } from '@sidereal/core';
import { decodeIntervals } from '../sqlite/segments/interval-columns.ts';
import { partOf, partRange } from '../sqlite/rows/run-number.ts';
import { toInteger, type Row } from '../sqlite/rows/row.ts';
import { prepareSegmentReader } from '../sqlite/sql/segment-reader.ts';
import type { Discrepancy, RunCheck } from './reader-types.ts';
import { Replay, type ReplayedNode } from './replay.ts';

const MOST = 100;

/** Collects differences, as many as anyone reads. */
class Findings {
  readonly list: Discrepancy[] = [];

  compare(what: string, expected: unknown, found: unknown): void {
    if (expected === found) return;
    const [wanted, given] = [shown(expected), shown(found)];
    if (wanted !== given && this.list.length < MOST) this.list.push({ what, expected: wanted, found: given });
  }
}

/** Folds a run's journal again and compares every table that was folded from it. */
export function verifyRun(db: DatabaseSync, runNo: number, run: string): RunCheck {
  const findings = new Findings();
  const journal = db.prepare('SELECT * FROM journal WHERE run_no = ?').get(runNo) ?? {};
  const batches = toInteger(journal['last_batch']);
  const replay = replayRun(db, runNo, batches, findings);
  if (replay === undefined) return { run, batches, records: 0, discrepancies: findings.list };

  findings.compare('nodes in total', replay.nodes.length, journal['nodes']);
  findings.compare('records in total', replay.records, journal['records']);
  findings.compare('entries in total', replay.entries.length, journal['entries']);
  compareNodes(db, runNo, replay, findings);
  compareCounters(db, runNo, replay, findings);
  compareEntries(db, runNo, replay, findings);
  compareNames(db, runNo, replay, findings);
  return { run, batches, records: replay.records, discrepancies: findings.list };
}

/**
 * Reads every batch, checksums verified, and compares the timeline blob beside each. Undefined if the journal
 * cannot be read to its end: then there is nothing to compare the tables with.
 */
function replayRun(db: DatabaseSync, runNo: number, batches: number, findings: Findings): Replay | undefined {
  const replay = new Replay();
  const segments = prepareSegmentReader(db, 1);
  const range = partRange(runNo);
  const count = db.prepare('SELECT count(*) AS n FROM segment WHERE id >= ? AND id < ?').get(...range)?.['n'];
  findings.compare('batches', batches, count);
  if (count !== batches) return undefined;
  const rows = db.prepare('SELECT id, records, ended FROM segment WHERE id >= ? AND id < ? ORDER BY id');
  let expected = 0;
  for (const row of rows.iterate(...range)) {
    expected += 1;
    const number = partOf(toInteger(row['id']));
    findings.compare(`number of batch ${expected}`, expected, number);
    try {
      const batch = decodeBatch(segments.batch(runNo, number));
      replay.batch(number, batch);
      findings.compare(`records of batch ${number}`, batch.count, row['records']);
      findings.compare(`timeline of batch ${number}`, replay.intervals.get(number) ?? [], intervalsOf(row));
    } catch (error) {
      findings.compare(`batch ${number}`, 'readable', error instanceof Error ? error.message : String(error));
      return undefined;
    }
    replay.intervals.delete(number);
  }
  return replay;
}

function intervalsOf({ ended }: Row): unknown {
  if (!(ended instanceof Uint8Array)) return [];
  const rows = decodeIntervals(ended);
  return Array.from({ length: rows.count }, (_, i) => [
    rows.idx[i],
    rows.startUs[i],
    rows.durationUs[i],
    rows.lanes[i],
    rows.states[i],
    rows.kinds[i],
    rows.nameIds[i],
  ]);
}

function compareNodes(db: DatabaseSync, runNo: number, { nodes }: Replay, findings: Findings): void {
  let count = 0;
  const rows = db
    .prepare('SELECT * FROM node WHERE id >= ? AND id < ? ORDER BY id')
    .iterate(...partRange(runNo));
  for (const row of rows) {
    count += 1;
    const idx = partOf(toInteger(row['id']));
    const expected = nodes[idx];
    if (expected === undefined) findings.compare(`node ${idx}`, 'none', 'a row');
    else compareRow(idx, expected, row, findings);
  }
  findings.compare('rows of nodes', nodes.length, count);
}

function compareRow(idx: number, expected: ReplayedNode, row: Row, findings: Findings): void {
  for (const column of Object.keys(expected)) {
    if (expected[column] === row[column]) continue;
    findings.compare(`node ${idx} ${column}`, expected[column], row[column]);
  }
}

function compareCounters(db: DatabaseSync, runNo: number, replay: Replay, findings: Findings): void {
  const found = new Map<string, number>();
  for (const row of db.prepare('SELECT * FROM counter WHERE run_no = ? AND count <> 0').all(runNo)) {
    const cell = [row['stage'], row['kind'], row['state']].map(String).join('/');
    found.set(cell, toInteger(row['count']));
  }
  const expected = replay.counters();
  for (const cell of new Set([...expected.keys(), ...found.keys()])) {
    findings.compare(`counter stage/kind/state ${cell}`, expected.get(cell) ?? 0, found.get(cell) ?? 0);
  }
}

function compareEntries(db: DatabaseSync, runNo: number, { entries }: Replay, findings: Findings): void {
  const rows = db
    .prepare('SELECT * FROM entry WHERE id >= ? AND id < ? ORDER BY id')
    .all(...partRange(runNo));
  findings.compare('rows of entries', entries.length, rows.length);
  for (const row of rows) {
    const seq = partOf(toInteger(row['id']));
    const { idx, attempt, kind, level, time_us: time, key, segment, row: at } = row;
    findings.compare(`entry ${seq}`, entries[seq], [idx, attempt, kind, level, time, key, segment, at]);
  }
}

function compareNames(db: DatabaseSync, runNo: number, { names }: Replay, findings: Findings): void {
  const rows = db.prepare('SELECT * FROM name WHERE id >= ? AND id < ? ORDER BY id').all(...partRange(runNo));
  findings.compare('rows of names', names.size, rows.length);
  for (const { id, name, module, runner, tags } of rows) {
    const nameId = partOf(toInteger(id));
    findings.compare(`name ${nameId}`, names.get(nameId), [name, module, runner, tags]);
  }
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  return String(value);
}
