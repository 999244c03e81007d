import type { DatabaseSync } from 'node:sqlite';
import { FIRST_ACTIVE, FIRST_ENDED } from '@sidereal/core';
import { partId } from '../run-number.ts';
import type { NodeChanges } from '../fold/node-changes.ts';
import type { NodeColumns } from '../fold/node-columns.ts';

/** Writes the changes of a fold to the rows of their nodes: one statement a node. */
export function prepareNodeWriter(db: DatabaseSync) {
  const insert = db.prepare(`
    INSERT INTO node (id, key, parent, grp, stage, kind, name, flags, created_us,
      first_segment, last_segment, state, attempt, started_us, active_us, ended_us, lane, reason, message,
      value_storage, value_segment, value_offset, value_length, value_size)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const updateState = db.prepare(`
    UPDATE node SET last_segment = ?, state = ?, attempt = ?, started_us = ?, active_us = ?,
      ended_us = ?, lane = ?, reason = ?, message = ?
    WHERE id = ?`);
  const updateValue = db.prepare(`
    UPDATE node SET last_segment = ?, value_storage = ?, value_segment = ?, value_offset = ?,
      value_length = ?, value_size = ?
    WHERE id = ?`);
  const updateBoth = db.prepare(`
    UPDATE node SET last_segment = ?, state = ?, attempt = ?, started_us = ?, active_us = ?,
      ended_us = ?, lane = ?, reason = ?, message = ?,
      value_storage = ?, value_segment = ?, value_offset = ?, value_length = ?, value_size = ?
    WHERE id = ?`);
  const updateSegment = db.prepare('UPDATE node SET last_segment = ? WHERE id = ?');

  return (runNo: number, nodes: NodeColumns, changes: NodeChanges): void => {
    for (let slot = 0; slot < changes.count; slot++) {
      const idx = changes.idx[slot] ?? 0;
      const id = partId(runNo, idx);
      const last = changes.lastSegments[slot] ?? 0;
      const batch = changes.declaredBy[slot];
      const hasState = batch !== undefined || changes.transitioned[slot] === 1;
      const hasValue = changes.valued[slot] === 1;
      if (!hasState && !hasValue) {
        updateSegment.run(last, id);
        continue;
      }
      const storage = hasValue ? (changes.valueStorages[slot] ?? 0) : null;
      const segment = hasValue ? (changes.valueSegments[slot] ?? 0) : null;
      const offset = hasValue ? (changes.valueOffsets[slot] ?? 0) : null;
      const length = hasValue ? (changes.valueLengths[slot] ?? 0) : null;
      const size = hasValue ? (changes.valueSizes[slot] ?? 0) : null;
      if (!hasState) {
        updateValue.run(last, storage, segment, offset, length, size, id);
        continue;
      }
      const state = nodes.states[idx] ?? 0;
      const attempt = nodes.attempts[idx] ?? 0;
      const isActive = state >= FIRST_ACTIVE && state < FIRST_ENDED;
      const started = orNull(nodes.startedUs[idx] ?? Number.NaN);
      const active = isActive ? (nodes.activeSince[idx] ?? null) : null;
      const ended = orNull(changes.endedUs[slot] ?? Number.NaN);
      const lane = nodes.lanes[idx] ?? -1;
      const reason = textOrNull(changes.reasons[slot]);
      const message = textOrNull(changes.messages[slot]);
      if (batch !== undefined) {
        const row = changes.declareRows[slot] ?? 0;
        const { parents, groups, stages, kinds, nameIds, flags, times } = batch.declares;
        insert.run(
          id,
          batch.declareKey(row),
          parents[row] ?? -1,
          groups[row] ?? -1,
          stages[row] ?? 0,
          kinds[row] ?? 0,
          nameIds[row] ?? 0,
          flags[row] ?? 0,
          times[row] ?? 0,
          changes.firstSegments[slot] ?? 0,
          last,
          state,
          attempt,
          started,
          active,
          ended,
          lane < 0 ? null : lane,
          reason,
          message,
          storage,
          segment,
          offset,
          length,
          size,
        );
      } else if (hasValue) {
        updateBoth.run(
          last,
          state,
          attempt,
          started,
          active,
          ended,
          lane < 0 ? null : lane,
          reason,
          message,
          storage,
          segment,
          offset,
          length,
          size,
          id,
        );
      } else {
        updateState.run(
          last,
          state,
          attempt,
          started,
          active,
          ended,
          lane < 0 ? null : lane,
          reason,
          message,
          id,
        );
      }
    }
  };
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function orNull(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}
