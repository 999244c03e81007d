import { resolve } from 'node:path';
import { hasEnded, type State } from '@sidereal/core';
import { thisProcess } from '../lease/process-identity.ts';
import { findRun, readRun } from '../reader/run-queries.ts';
import { openExisting } from '../sqlite/database/open-read-only.ts';
import { prepareCommands } from '../sqlite/sql/command-sql.ts';

/** What became of a request to cancel. */
export type CancelOutcome =
  /** Its process will hear of it within a quarter of a second. */
  | { readonly outcome: 'requested'; readonly run: string }
  /** There was nothing to cancel. */
  | { readonly outcome: 'ended'; readonly run: string; readonly state: State }
  /** Nobody executes the run, though it has not ended: it can be resumed. */
  | { readonly outcome: 'not_live'; readonly run: string; readonly state: State };

/**
 * Asks the process that executes a run to cancel it, through the store and without a server. `run` is its id
 * or a unique prefix; `by` says who asks. Throws RUN_NOT_FOUND, RUN_AMBIGUOUS, STORE_NOT_FOUND.
 */
export function requestCancel(folder: string, run: string, by: string): CancelOutcome {
  const db = openExisting(resolve(folder));
  try {
    const { runNo, id } = findRun(db, run);
    const { state, liveness } = readRun(db, thisProcess(), runNo);
    if (hasEnded(state)) return { outcome: 'ended', run: id, state };
    if (liveness.status !== 'live') return { outcome: 'not_live', run: id, state };
    prepareCommands(db).insert(runNo, { type: 'cancel', by }, Date.now());
    return { outcome: 'requested', run: id };
  } finally {
    db.close();
  }
}
