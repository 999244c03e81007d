import type { DatabaseSync } from 'node:sqlite';
import type { RunSnapshot } from '@sidereal/core';
import type { ProcessIdentity } from '../lease/process-identity.ts';
import { loadRun } from '../sqlite/writer/load-snapshot.ts';
import { readRun } from './run-queries.ts';

/** What a process would start from that went on with the run. */
export function readSnapshot(db: DatabaseSync, here: ProcessIdentity, runNo: number): RunSnapshot {
  const { header, nodes } = readRun(db, here, runNo);
  return loadRun(db, runNo, header, nodes).snapshot;
}
