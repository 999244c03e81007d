import { hasEnded, VALUE_STORAGE } from '@sidereal/core';
import type { NodeSummary } from '@sidereal/store';
import { isoTime } from './run-status.ts';
import { retryDueMs } from './why.ts';

/** How long the last attempt took, if it has ended. */
export function taskDurationMs({ startedUs, endedUs, state }: NodeSummary): number | undefined {
  if (startedUs === undefined || endedUs === undefined || !hasEnded(state)) return undefined;
  return Math.max(0, (endedUs - startedUs) / 1000);
}

/** A task run (or any other node) as JSON documents tell it. */
export function taskDocument(
  node: NodeSummary,
  originMs: number,
  waitsFor: readonly NodeSummary[] = [],
): Readonly<Record<string, unknown>> {
  const at = (us: number | undefined): string | null =>
    isoTime(us === undefined ? undefined : originMs + us / 1000);
  const durationMs = taskDurationMs(node);
  return {
    idx: node.idx,
    key: node.key,
    kind: node.kind,
    name: node.name,
    tags: node.tags,
    parent: node.parent < 0 ? null : node.parent,
    group: node.group < 0 ? null : node.group,
    stage: node.stage,
    state: node.state,
    attempt: node.attempt,
    reason: node.reason ?? null,
    message: node.message ?? null,
    ...(node.state === 'awaiting_retry' ? { due: isoTime(retryDueMs(node)) } : {}),
    ...(node.state === 'waiting'
      ? { waitsFor: waitsFor.map(({ idx, key, name, state }) => ({ idx, key, name, state })) }
      : {}),
    created: at(node.createdUs),
    started: at(node.startedUs),
    ended: hasEnded(node.state) ? at(node.endedUs) : null,
    durationMs: durationMs ?? null,
    strict: (node.flags & 1) !== 0,
    persist: (node.flags & 2) !== 0,
    value:
      node.value === undefined ? null : { storage: storageName(node.value.storage), bytes: node.value.size },
  };
}

/** `journal`, `file` or `none`: where a value is kept. */
export function storageName(storage: number): string {
  if (storage === VALUE_STORAGE.inline) return 'journal';
  return storage === VALUE_STORAGE.file ? 'file' : 'none';
}
