import type { ErrorRecord, State } from '@sidereal/core';
import type { NodeSummary, RunDetail, StoreReader } from '@sidereal/store';
import { errorFromJournal } from '../errors/error-view.ts';
import { readParts, type Part } from './parts.ts';
import { readRepetition, type Repetition } from './repetition.ts';
import {
  artifactOf,
  exitOf,
  metricOf,
  qaOf,
  readNotes,
  readSaid,
  type ArtifactEntry,
  type ExitEntry,
  type MetricEntry,
  type NoteEntry,
  type QaEntry,
} from './said.ts';

/** Why a task run or stage failed. */
export interface Failure {
  readonly node: NodeSummary;
  readonly error: ErrorRecord | undefined;
  /** Further failures of the same name from the same line. */
  readonly alike: number;
}

/** Everything that `sidereal show RUN` tells. */
export interface RunReport {
  readonly run: RunDetail;
  readonly parts: Part;
  readonly metrics: readonly MetricEntry[];
  readonly exits: readonly ExitEntry[];
  readonly qa: readonly QaEntry[];
  readonly artifacts: readonly ArtifactEntry[];
  readonly notes: readonly NoteEntry[];
  readonly failures: readonly Failure[];
  /** How many task runs have failed or crashed; if none has, how many stages and so on. */
  readonly failed: number;
  readonly repetition: Repetition | undefined;
  /** Names of nodes that scores and artifacts belong to. */
  readonly names: ReadonlyMap<number, string>;
  /** Some lists are cut. */
  readonly isCut: boolean;
}

/** Scores, artifacts and so on that are read unless all are asked for. */
const FEW = 200;
const MANY = 1_000_000;
/** Failures that are looked at, to group them, and groups that are told with their errors. */
const MAX_FAILURES = 1_000;
const MAX_GROUPS = 20;
const MAX_ERRORS = 20_000;

export function readRunReport(reader: StoreReader, id: string, all: boolean): RunReport {
  const run = reader.run(id);
  const limit = all ? MANY : FEW;
  const metrics = readSaid(reader, id, 'metric', limit, metricOf);
  const exits = readSaid(reader, id, 'exit', limit, exitOf);
  const qa = readSaid(reader, id, 'qa', limit, qaOf);
  const artifacts = readSaid(reader, id, 'artifact', limit, artifactOf);
  const notes = readNotes(reader, id, limit);
  const failures = readFailures(reader, id);
  const speakers = new Set([...qa.said, ...artifacts.said, ...notes.said].map(({ idx }) => idx));
  return {
    run,
    parts: readParts(reader, id, all ? Infinity : undefined),
    metrics: metrics.said,
    exits: exits.said,
    qa: qa.said,
    artifacts: artifacts.said,
    notes: notes.said,
    ...failures,
    repetition: readRepetition(reader, run),
    names: new Map([...speakers].map((idx) => [idx, nameOf(reader, id, idx)])),
    isCut: [metrics, exits, qa, artifacts, notes].some(({ hasMore }) => hasMore),
  };
}

/**
 * Failures, those alike (of one name, from one line of the user's code) taken together. Stages and maps fail
 * because of what lies beneath them: they are told only if nothing beneath them is; the flow's own comes first.
 */
function readFailures(reader: StoreReader, run: string): Pick<RunReport, 'failures' | 'failed'> {
  const states: readonly State[] = ['failed', 'crashed'];
  const nodes = reader.nodes({ run, states, limit: MAX_FAILURES });
  const tasks = nodes.filter(({ kind }) => kind === 'task');
  const shown = tasks.length > 0 ? tasks : nodes.filter(({ idx }) => idx !== 0);
  const errors = lastErrors(reader, run);
  const alike = Map.groupBy(
    shown,
    (node) => `${node.name} ${node.state} ${likeness(node, errors.get(node.idx))}`,
  );
  const flow = nodes.filter(({ idx }) => idx === 0);
  const failures = [...flow.map((node) => [node]), ...alike.values()].flatMap(([node, ...rest]) =>
    node === undefined ? [] : [{ node, error: errors.get(node.idx), alike: rest.length }],
  );
  const counted = reader
    .counters(run)
    .filter(({ state, kind }) => states.includes(state) && (kind === 'task' || tasks.length === 0))
    .reduce((sum, { count }) => sum + count, 0);
  return { failures: failures.slice(0, MAX_GROUPS), failed: counted };
}

/** What failures share: the line that they come from, else their words. */
function likeness(node: NodeSummary, error: ErrorRecord | undefined): string {
  return error?.at === undefined
    ? (error?.message ?? node.message ?? '')
    : `${error.code ?? error.name} ${error.at}`;
}

/** The last error of each node. */
function lastErrors(reader: StoreReader, run: string): Map<number, ErrorRecord> {
  const entries = reader.entries({ run, kinds: ['error'], limit: MAX_ERRORS });
  return new Map(entries.map(({ idx, body }) => [idx, errorFromJournal(body)]));
}

function nameOf(reader: StoreReader, run: string, idx: number): string {
  return reader.nodes({ run, after: idx - 1, limit: 1 })[0]?.name ?? '';
}
