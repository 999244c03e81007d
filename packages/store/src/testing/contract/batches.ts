/** Small batches that contract tests append. */
import {
  createBatchBuilder,
  isSiderealError,
  STATE_CODE,
  type BatchBuilder,
  type SiderealError,
} from '@sidereal/core';
import type { Counter } from '../../reader/reader-types.ts';

export const ignore = (): void => undefined;
export const later = { sync: false };
export const now = { sync: true };
const { pending, queued, running, completed } = STATE_CODE;

/** Adds a flow run and `tasks` tasks under it, all pending. */
export function declareTasks(builder: BatchBuilder, tasks: number): void {
  builder.name({ id: 0, name: 'work', module: 'work.ts', runner: 'inline', tags: ['slow'] });
  for (let idx = 0; idx <= tasks; idx++) {
    const key = new Uint8Array(16).fill(idx + 1);
    const kind = idx === 0 ? 'flow' : 'task';
    builder.declare({
      idx,
      key,
      parent: idx === 0 ? -1 : 0,
      group: -1,
      stage: 0,
      kind,
      nameId: 0,
      timeUs: 10 * idx,
      flags: 0,
      upstream: idx < 2 ? [] : [idx - 1],
      inputs: `(${idx})`,
    });
  }
}

/** Moves a node through these states. */
export function move(builder: BatchBuilder, idx: number, ...states: readonly number[]): void {
  for (const state of states) {
    const attempt = state === pending || state === queued ? 0 : 1;
    builder.transition({ idx, state, attempt, timeUs: 1000 + 100 * idx + state, lane: 0 });
  }
}

export function take(builder: BatchBuilder): Uint8Array<ArrayBuffer> {
  const batch = builder.take();
  if (batch === undefined) throw new Error('nothing to take');
  return batch;
}

/** The batch that declares a flow run and `tasks` tasks. */
export function declared(tasks: number): Uint8Array<ArrayBuffer> {
  const builder = createBatchBuilder();
  declareTasks(builder, tasks);
  return take(builder);
}

/** A batch in which these nodes go from pending to completed. */
export function finished(...nodes: readonly number[]): Uint8Array<ArrayBuffer> {
  const builder = createBatchBuilder();
  for (const idx of nodes) move(builder, idx, queued, running, completed);
  return take(builder);
}

/** Nodes of a kind in a state, over all stages. */
export function countNodes(counters: readonly Counter[], kind: string, state: string): number {
  return counters
    .filter((cell) => cell.kind === kind && cell.state === state)
    .reduce((sum, cell) => sum + cell.count, 0);
}

/** The error that a promise rejects with, which must be one of ours. */
export async function rejectionOf(promise: Promise<unknown>): Promise<SiderealError> {
  try {
    await promise;
  } catch (error) {
    if (isSiderealError(error)) return error;
    throw error;
  }
  throw new Error('it did not reject');
}
