import type { DatabaseSync } from 'node:sqlite';
import type { RunCommand } from '@sidereal/core';
import { toInteger, toText } from '../rows/row.ts';

/** A command that waits for its run's holder. */
export interface WaitingCommand {
  readonly id: number;
  readonly command: RunCommand;
}

/** Commands to live runs, by the partial index of those not delivered. */
export function prepareCommands(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO command (run_no, type, by, requested_ms) VALUES (?, ?, ?, ?)');
  const waiting = db.prepare(
    'SELECT id, type, by FROM command WHERE run_no = ? AND delivered_ms IS NULL ORDER BY id',
  );
  const deliver = db.prepare('UPDATE command SET delivered_ms = ? WHERE id = ?');
  const drop = db.prepare('UPDATE command SET delivered_ms = ? WHERE run_no = ? AND delivered_ms IS NULL');
  return {
    insert(runNo: number, command: RunCommand, nowMs: number): void {
      const { by, task } = command;
      if (task === undefined) insert.run(runNo, 'cancel', by, nowMs);
      else insert.run(runNo, 'cancel_task', JSON.stringify({ by, task }), nowMs);
    },
    waiting(runNo: number): readonly WaitingCommand[] {
      return waiting.all(runNo).flatMap((row) => {
        const command = commandOf(toText(row['type']), toText(row['by']));
        return command === undefined ? [] : [{ id: toInteger(row['id']), command }];
      });
    },
    deliver(id: number, nowMs: number): void {
      deliver.run(nowMs, id);
    },
    /** What was meant for an earlier holder is not for the next one. */
    dropWaiting(runNo: number, nowMs: number): void {
      drop.run(nowMs, runNo);
    },
  };
}

/** A command as its row says it; undefined for one that only a later version knows. */
function commandOf(type: string, by: string): RunCommand | undefined {
  if (type === 'cancel') return { type: 'cancel', by };
  return type === 'cancel_task'
    ? { type: 'cancel', ...(JSON.parse(by) as { readonly by: string; readonly task: string }) }
    : undefined;
}
