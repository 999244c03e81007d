import type { DatabaseSync } from 'node:sqlite';
import type { JournalTotals } from '../fold/run-fold.ts';
import type { Holder } from '../../lease/holder.ts';
import type { ProcessIdentity } from '../../lease/process-identity.ts';
import { toInteger, toIntegerOr, toText, toTextOr, type Row } from '../rows/row.ts';

/** The moving part of a run. */
export interface JournalRow extends JournalTotals {
  readonly lastBatch: number;
  readonly epoch: number;
  readonly holder: Holder | undefined;
}

/** Where the next batch of a journal goes. */
export interface JournalPosition {
  readonly epoch: number;
  lastBatch: number;
}

/** The row of a journal: its lease and how far it has come. All by primary key. */
export function prepareJournals(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO journal (run_no, last_batch, nodes, records, entries, epoch, heartbeat_ms,
      holder_host, holder_machine, holder_pid, holder_start)
    VALUES (?, 0, 0, 0, 0, 1, ?, ?, ?, ?, ?)`);
  const select = db.prepare('SELECT * FROM journal WHERE run_no = ?');
  const position = db.prepare('SELECT epoch, last_batch FROM journal WHERE run_no = ?');
  const advance = db.prepare(`
    UPDATE journal SET last_batch = ?, nodes = ?, records = ?, entries = ?, heartbeat_ms = ?
    WHERE run_no = ?`);
  const claim = db.prepare(`
    UPDATE journal SET epoch = ?, heartbeat_ms = ?, holder_host = ?, holder_machine = ?, holder_pid = ?,
      holder_start = ?
    WHERE run_no = ?`);
  const heartbeat = db.prepare('UPDATE journal SET heartbeat_ms = ? WHERE run_no = ? AND epoch = ?');
  const release = db.prepare(`
    UPDATE journal SET holder_host = NULL, holder_machine = NULL, holder_pid = NULL, holder_start = NULL
    WHERE run_no = ? AND epoch = ?`);
  return {
    insert(runNo: number, nowMs: number, holder: ProcessIdentity): void {
      insert.run(runNo, nowMs, holder.host, holder.machine, holder.pid, holder.start);
    },
    get(runNo: number): JournalRow | undefined {
      const row = select.get(runNo);
      return row === undefined ? undefined : toJournalRow(row);
    },
    /** Epoch and last batch; undefined if the run is gone. */
    position(runNo: number): JournalPosition | undefined {
      const row = position.get(runNo);
      if (row === undefined) return undefined;
      return { epoch: toInteger(row['epoch']), lastBatch: toInteger(row['last_batch']) };
    },
    advance(runNo: number, lastBatch: number, totals: JournalTotals, nowMs: number): void {
      advance.run(lastBatch, totals.nodes, totals.records, totals.entries, nowMs, runNo);
    },
    claim(runNo: number, epoch: number, nowMs: number, holder: ProcessIdentity): void {
      claim.run(epoch, nowMs, holder.host, holder.machine, holder.pid, holder.start, runNo);
    },
    /** False if the lease is no longer of this epoch. */
    heartbeat(runNo: number, epoch: number, nowMs: number): boolean {
      return Number(heartbeat.run(nowMs, runNo, epoch).changes) === 1;
    },
    /** Nothing happens if the lease is no longer of this epoch. */
    release(runNo: number, epoch: number): void {
      release.run(runNo, epoch);
    },
  };
}

/** The journal in a row that has all its columns. */
export function toJournalRow(row: Row): JournalRow {
  return {
    lastBatch: toInteger(row['last_batch']),
    nodes: toInteger(row['nodes']),
    records: toInteger(row['records']),
    entries: toInteger(row['entries']),
    epoch: toInteger(row['epoch']),
    holder: toHolder(row),
  };
}

function toHolder(row: Row): Holder | undefined {
  const pid = toIntegerOr(row['holder_pid'], undefined);
  if (pid === undefined) return undefined;
  return {
    host: toText(row['holder_host']),
    machine: toText(row['holder_machine']),
    pid,
    start: toTextOr(row['holder_start'], ''),
    heartbeatMs: toInteger(row['heartbeat_ms']),
  };
}
