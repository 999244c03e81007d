import { setTimeout as delay } from 'node:timers/promises';
import { hasEnded, isSiderealError } from '@sidereal/core';
import { openStoreReader, type StoreReader } from '@sidereal/store';
import type { Arguments } from '../command-line/arguments.ts';
import type { Execute } from '../command-line/command.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors/exit-code.ts';
import { findRun } from '../reading/find-run.ts';
import { LogReader, type LogEntry, type LogFilter } from '../reading/log-reader.ts';
import { logLine } from '../reading/log-line.ts';
import { isInterrupted, isoTime } from '../reading/run-status.ts';
import { LEVELS, storeFolder } from '../running/run-settings.ts';

const LOOK_MS = 200;

/** `sidereal logs RUN`: what a run has logged, and with `--follow` what it logs from now on. */
export const logs: Execute = async (args, context) => {
  using reader = openStoreReader(storeFolder(args, context));
  const run = findRun(reader, args.operand(0));
  const [level = 'info'] = args.choices('level', LEVELS);
  const log = new LogReader(reader, run, { level, ...taskFilter(reader, run, args) });
  const write = (entries: readonly LogEntry[]): void => {
    for (const entry of entries)
      context.out.write(`${args.has('json') ? entryDocument(entry) : logLine(entry, context.outStyle)}\n`);
  };
  const limit = args.count('limit');
  let last: readonly LogEntry[] = [];
  for (const page of log.pages()) {
    if (limit === undefined) write(page);
    else last = limit === 0 ? [] : [...last, ...page].slice(-limit);
    if (context.out.isClosed) return EXIT.ok;
  }
  write(last);
  if (args.has('follow')) await follow(reader, run, log, write, context);
  return EXIT.ok;
};

async function follow(
  reader: StoreReader,
  run: string,
  log: LogReader,
  write: (entries: readonly LogEntry[]) => void,
  context: Context,
): Promise<void> {
  while (!context.out.isClosed) {
    // Looked at before the entries are read: what was logged before the end is among them.
    const summary = reader.run(run);
    for (const page of log.pages()) write(page);
    if (hasEnded(summary.state)) return;
    if (isInterrupted(summary)) {
      context.err.write(`nobody executes the run any more; go on with: sidereal resume ${run}\n`);
      return;
    }
    await delay(LOOK_MS);
  }
}

/** `--task`: a number, the beginning of a key, or else a name. */
function taskFilter(reader: StoreReader, run: string, args: Arguments): Pick<LogFilter, 'idx' | 'name'> {
  const task = args.text('task');
  if (task === undefined) return {};
  if (/^\d+$/.test(task)) return { idx: reader.node(run, Number(task)).node.idx };
  if (/^[0-9a-f]{6,32}$/.test(task)) {
    try {
      return { idx: reader.node(run, task).node.idx };
    } catch (error) {
      if (!isSiderealError(error, 'NODE_NOT_FOUND')) throw error;
    }
  }
  return { name: task };
}

function entryDocument(entry: LogEntry): string {
  const { seq, timeMs, level, message, fields, task, attempt } = entry;
  return JSON.stringify({
    schema: 'sidereal.log/1',
    seq,
    time: isoTime(timeMs),
    level,
    message,
    fields: fields ?? null,
    task: { idx: task.idx, key: task.key, name: task.name, kind: task.kind },
    attempt,
  });
}
