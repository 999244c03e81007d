import { VALUE_STORAGE, type ErrorRecord } from '@sidereal/core';
import { decodeValue, previewValue } from '@sidereal/engine';
import type { NodeStory, NodeSummary, RunDetail, StoreReader } from '@sidereal/store';
import { errorFromJournal } from '../errors/error-view.ts';
import { LogReader, type LogEntry } from './log-reader.ts';
import { storageName } from './task-document.ts';
import { readWaits } from './waits-for.ts';

/** The story of one task run (or any other node): everything that the journal holds of it. */
export interface TaskReport {
  readonly run: RunDetail;
  readonly story: NodeStory;
  /** What it consumes, the first of them. */
  readonly upstream: readonly NodeSummary[];
  /** What it only comes after, the first of them. */
  readonly after: readonly NodeSummary[];
  /** What it has called and waits for, if it does. */
  readonly waitsFor: readonly NodeSummary[];
  /** The node that it is a child of. */
  readonly parent: NodeSummary | undefined;
  readonly errors: readonly Readonly<{ attempt: number; error: ErrorRecord }>[];
  readonly logs: readonly LogEntry[];
  readonly value: ValueReport | undefined;
}

export interface ValueReport {
  readonly storage: string;
  readonly bytes: number;
  readonly preview: string;
}

/** Nodes that are named of what it consumes, or comes after. */
const MAX_NAMED = 50;

export function readTaskReport(reader: StoreReader, runId: string, which: number | string): TaskReport {
  const run = reader.run(runId);
  const story = reader.node(runId, which);
  const { node } = story;
  const nodeAt = (idx: number): NodeSummary | undefined =>
    reader.nodes({ run: runId, after: idx - 1, limit: 1 })[0];
  return {
    run,
    story,
    upstream: story.upstream.slice(0, MAX_NAMED).flatMap((idx) => nodeAt(idx) ?? []),
    after: story.after.slice(0, MAX_NAMED).flatMap((idx) => nodeAt(idx) ?? []),
    waitsFor: readWaits(reader, runId, [node]).get(node.idx) ?? [],
    parent: node.parent < 0 ? undefined : nodeAt(node.parent),
    errors: story.entries
      .filter(({ kind }) => kind === 'error')
      .map(({ attempt, body }) => ({ attempt, error: errorFromJournal(body) })),
    logs: [...new LogReader(reader, runId, { idx: node.idx }).pages()].flat(),
    value: readValue(reader, runId, node),
  };
}

function readValue(reader: StoreReader, run: string, node: NodeSummary): ValueReport | undefined {
  if (node.value === undefined) return undefined;
  const { storage, size } = node.value;
  const stored = reader.value(run, node.idx);
  const text = (): string => Buffer.from(stored?.bytes ?? []).toString('utf8');
  let preview = text();
  if (storage === VALUE_STORAGE.inline && stored !== undefined) {
    try {
      preview = previewValue(decodeValue(stored.bytes));
    } catch (error) {
      preview = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  return { storage: storageName(storage), bytes: size, preview };
}
