import type { DatabaseSync } from 'node:sqlite';
import type { RunHeader } from '@sidereal/core';
import { judgeHolder } from '../../lease/holder.ts';
import { probeProcess, type ProcessIdentity } from '../../lease/process-identity.ts';
import { storeError } from '../../errors/store-error.ts';
import { RunFold, type RunFoldOptions } from '../fold/run-fold.ts';
import type { prepareCommands } from '../sql/command-sql.ts';
import type { prepareJournals } from '../sql/journal-sql.ts';
import type { prepareRuns } from '../sql/run-sql.ts';
import type { OpenedJournal } from '../wire/protocol.ts';
import { liveRunError } from './live-run-error.ts';
import { loadRun } from './load-snapshot.ts';
import type { OpenJournal } from './open-journal.ts';
import { inTransaction } from '../database/transaction.ts';

/** What opening a run works with. */
export interface RunDesk {
  readonly db: DatabaseSync;
  readonly runs: ReturnType<typeof prepareRuns>;
  readonly journals: ReturnType<typeof prepareJournals>;
  readonly commands: ReturnType<typeof prepareCommands>;
  readonly holder: ProcessIdentity;
  readonly fold: RunFoldOptions;
}

export interface OpenedRun {
  readonly journal: OpenJournal;
  readonly opened: OpenedJournal;
}

/** Writes a new run and takes its lease, epoch 1. Throws RUN_EXISTS. */
export function createRun(desk: RunDesk, handle: number, header: RunHeader, nowMs: number): OpenedRun {
  const runNo = inTransaction(desk.db, () => {
    if (desk.runs.byId(header.id) !== undefined) {
      throw storeError(
        'RUN_EXISTS',
        `the store has a run ${header.id} already`,
        'Give the new run an id of its own, or resume the run that has this one.',
      );
    }
    const created = desk.runs.insert(header);
    desk.journals.insert(created, nowMs, desk.holder);
    return created;
  });
  return {
    journal: {
      handle,
      runNo,
      runId: header.id,
      epoch: 1,
      fold: new RunFold(desk.fold),
      lastBatch: 0,
      taker: undefined,
      fenced: false,
      failure: undefined,
    },
    opened: { epoch: 1, lastBatch: 0, snapshot: undefined },
  };
}

/**
 * Takes the lease of a run that was written before, under the next epoch, and reads what it recorded. The
 * epoch is raised first: from then on no earlier holder can append, so that what is read is all there is.
 * Throws RUN_NOT_FOUND, RUN_LIVE.
 */
export function resumeRun(
  desk: RunDesk,
  handle: number,
  runId: string,
  takeOver: boolean,
  nowMs: number,
): OpenedRun {
  const { db, journals } = desk;
  const { runNo, header, epoch } = inTransaction(db, () => {
    const run = desk.runs.byId(runId);
    const journal = run === undefined ? undefined : journals.get(run.runNo);
    if (run === undefined || journal === undefined) {
      throw storeError(
        'RUN_NOT_FOUND',
        `the store has no run ${runId}`,
        'See `sidereal runs` for those it has.',
      );
    }
    const liveness = judgeHolder(journal.holder, nowMs, desk.holder, probeProcess);
    if (liveness.status === 'live' && !takeOver) throw liveRunError(runId, liveness.holder, liveness.ageMs);
    journals.claim(run.runNo, journal.epoch + 1, nowMs, desk.holder);
    desk.commands.dropWaiting(run.runNo, nowMs);
    return { ...run, epoch: journal.epoch + 1 };
  });
  const row = journals.get(runNo);
  const totals = row ?? { nodes: 0, records: 0, entries: 0, lastBatch: 0 };
  const { snapshot, nodes } = loadRun(db, runNo, header, totals.nodes);
  const fold = new RunFold(desk.fold, nodes, totals.records, totals.entries);
  const { lastBatch } = totals;
  return {
    journal: {
      handle,
      runNo,
      runId,
      epoch,
      fold,
      lastBatch,
      taker: undefined,
      fenced: false,
      failure: undefined,
    },
    opened: { epoch, lastBatch, snapshot },
  };
}
