import { isSiderealError } from '@sidereal/core';
import type { RunSummary, StoreReader } from '@sidereal/store';
import { isInterrupted } from '../reading/run-status.ts';
import { formatAge, formatCount, plural } from '../terminal/format.ts';
import { ok, type Finding, type Say } from './finding.ts';

const PAGE = 500;
/** Runs that are named one by one. */
const MAX_NAMED = 10;

/** All runs of a store, newest first. */
export function* allRuns(reader: StoreReader): Generator<RunSummary, void, undefined> {
  let before: string | undefined;
  for (;;) {
    const page = reader.listRuns({ limit: PAGE, ...(before === undefined ? {} : { before }) });
    yield* page;
    before = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

/** Who executes what, and which runs nobody executes any more. */
export function checkLeases(reader: StoreReader): Finding[] {
  const live: string[] = [];
  const interrupted: string[] = [];
  let count = 0;
  for (const run of allRuns(reader)) {
    count += 1;
    if (run.liveness.status === 'live') {
      const { holder, ageMs } = run.liveness;
      live.push(`${run.id} by process ${holder.pid} on ${holder.host}, last heard of ${formatAge(ageMs)}`);
    } else if (isInterrupted(run)) interrupted.push(run.id);
  }
  const findings = [ok('runs', `${plural(count, 'run')}, ${formatCount(live.length)} executed now`)];
  for (const text of live.slice(0, MAX_NAMED))
    findings.push({ check: 'executed', status: 'ok', detail: text });
  if (interrupted.length > 0) {
    findings.push({
      check: 'interrupted',
      status: 'note',
      detail: `${plural(interrupted.length, 'run')} that nobody executes and that ${interrupted.length === 1 ? 'has' : 'have'} not ended: ${interrupted.slice(0, MAX_NAMED).join(', ')}${interrupted.length > MAX_NAMED ? ' …' : ''}`,
      remedy: 'Go on with one: sidereal resume RUN.',
    });
  }
  return findings;
}

/** SQLite's own check of the file, and every run's journal folded again and compared with the tables. */
export function checkRecords(reader: StoreReader, say: Say): Finding[] {
  say('the database file');
  const damage = reader.checkFile();
  if (damage.length > 0) {
    return [
      {
        check: 'database',
        status: 'wrong',
        detail: `the database file is damaged: ${damage.slice(0, 3).join('; ')}`,
        remedy: 'Restore the folder of the store from a copy, or move it away to begin with an empty one.',
      },
    ];
  }
  const findings: Finding[] = [ok('database', 'the file is sound')];
  let runs = 0;
  let records = 0;
  let isRight = true;
  for (const { id } of allRuns(reader)) {
    say(`the journal of ${id}`);
    const check = verified(reader, id);
    runs += 1;
    records += check.records;
    if (check.problems.length === 0) continue;
    isRight = false;
    findings.push({
      check: 'journal',
      status: 'wrong',
      detail: `${id}: ${check.problems.slice(0, 3).join('; ')}${check.problems.length > 3 ? ` and ${check.problems.length - 3} more` : ''}`,
      remedy: 'The journal is what counts. Report this with the run id; keep a copy of the folder.',
    });
  }
  if (isRight)
    findings.push(
      ok(
        'journals',
        `${plural(runs, 'journal')}, ${plural(records, 'record')}: every table says what they say`,
      ),
    );
  return findings;
}

function verified(
  reader: StoreReader,
  id: string,
): { readonly records: number; readonly problems: readonly string[] } {
  try {
    const { records, discrepancies } = reader.verify(id);
    return {
      records,
      problems: discrepancies.map(
        ({ what, expected, found }) => `${what} is ${found}, by the journal ${expected}`,
      ),
    };
  } catch (error) {
    if (!isSiderealError(error)) throw error;
    return { records: 0, problems: [`${error.code}: ${error.message}`] };
  }
}
