import { resolve } from 'node:path';
import { hasEnded, type RunCommand, type State } from '@sidereal/core';
import { storeError } from '../errors/store-error.ts';
import { thisProcess } from '../lease/process-identity.ts';
import { findNode, toNode } from '../reader/node-queries.ts';
import { findRun, readRun } from '../reader/run-queries.ts';
import { openExisting } from '../sqlite/database/open-read-only.ts';
import type { Row } from '../sqlite/rows/row.ts';
import { prepareCommands } from '../sqlite/sql/command-sql.ts';

/** The part of a run that is to stop. */
export interface CancelTarget {
  readonly idx: number;
  readonly key: string;
  readonly name: string;
}

/** What became of a request to cancel; `target`: what it is about, if that is not the whole run. */
export type CancelOutcome = { readonly run: string; readonly target?: CancelTarget } &
  /** Its process will hear of it within a quarter of a second. */
  (
    | { readonly outcome: 'requested' }
    /** There was nothing to cancel. */
    | { readonly outcome: 'ended'; readonly state: State }
    /** Nobody executes the run, though it has not ended: it can be resumed. */
    | { readonly outcome: 'not_live'; readonly state: State }
  );

/** Who asks for it, and what is to stop: a node by its number or a prefix of its key; absent: the whole run. */
export interface CancelRequest {
  readonly by: string;
  readonly task?: number | string | undefined;
}

/**
 * Asks the process that executes a run to cancel it, or one part of it with all beneath, through the store and without
 * a server. `run` is its id or a unique prefix. Throws RUN_NOT_FOUND, RUN_AMBIGUOUS, STORE_NOT_FOUND, NODE_NOT_FOUND,
 * NODE_AMBIGUOUS, NODE_ENDED.
 */
export function requestCancel(folder: string, run: string, { by, task }: CancelRequest): CancelOutcome {
  const db = openExisting(resolve(folder));
  try {
    const { runNo, id } = findRun(db, run);
    const { state, liveness } = readRun(db, thisProcess(), runNo);
    const node = task === undefined ? undefined : nodeOf(findNode(db, runNo, task));
    const asked = node === undefined ? { run: id } : { run: id, target: node.target };
    if (node !== undefined && hasEnded(node.state)) throw nodeEnded(node.target, node.state);
    if (hasEnded(state)) return { ...asked, outcome: 'ended', state };
    if (liveness.status !== 'live') return { ...asked, outcome: 'not_live', state: node?.state ?? state };
    // The flow run itself is the whole run.
    const key = node === undefined || node.target.idx === 0 ? undefined : node.target.key;
    const command: RunCommand = { type: 'cancel', by, ...(key === undefined ? {} : { task: key }) };
    prepareCommands(db).insert(runNo, command, Date.now());
    return { ...asked, outcome: 'requested' };
  } finally {
    db.close();
  }
}

function nodeOf(row: Row): { readonly target: CancelTarget; readonly state: State } {
  const { idx, key, name, state } = toNode(row);
  return { target: { idx, key, name }, state };
}

function nodeEnded({ name, key }: CancelTarget, state: State): Error {
  return storeError(
    'NODE_ENDED',
    `${name} (${key.slice(0, 8)}) has ended already: ${state}`,
    'There is nothing to cancel. See `sidereal tasks` for what is under way.',
  );
}
