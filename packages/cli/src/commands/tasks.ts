import { STATES } from '@sidereal/core';
import { openStoreReader, type NodesOptions, type NodeSummary, type StoreReader } from '@sidereal/store';
import type { Arguments } from '../command-line/arguments.ts';
import type { Execute } from '../command-line/command.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { cliError } from '../errors/cli-error.ts';
import { EXIT } from '../errors/exit-code.ts';
import { findRun } from '../reading/find-run.ts';
import { taskDocument, taskDurationMs } from '../reading/task-document.ts';
import { readWaits } from '../reading/waits-for.ts';
import { whyText } from '../reading/why.ts';
import { segmentOf } from '../progress/segment.ts';
import { storeFolder } from '../running/run-settings.ts';
import { formatDuration, formatTimeOfDay } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { tableLines } from '../terminal/table.ts';

const DEFAULT_LIMIT = 50;
const MAX_STAGES = 100_000;

/** `sidereal tasks RUN`: lists task runs. */
export const tasks: Execute = (args, context) => {
  const limit = args.count('limit') ?? DEFAULT_LIMIT;
  using reader = openStoreReader(storeFolder(args, context));
  const run = findRun(reader, args.operand(0));
  const { originMs } = reader.run(run);
  const found = select(reader, run, args, limit + 1);
  const shown = found.slice(0, limit);
  const hasMore = found.length > shown.length;
  const waits = readWaits(reader, run, shown);
  if (args.has('json')) {
    const taskDocuments = shown.map((node) => taskDocument(node, originMs, waits.get(node.idx)));
    writeJson(context, { schema: 'sidereal.tasks/1', run, tasks: taskDocuments, more: hasMore });
  } else {
    writeLines(context, taskLines(shown, waits, originMs, context));
    const last = shown.at(-1);
    if (hasMore && last !== undefined)
      context.err.write(`there are more: --after ${last.idx}, or a higher --limit\n`);
    if (shown.length === 0) context.err.write('no such task runs\n');
  }
  return EXIT.ok;
};

function select(reader: StoreReader, run: string, args: Arguments, limit: number): readonly NodeSummary[] {
  const states = args.choices('state', STATES);
  const name = args.text('name');
  const tag = args.text('tag');
  const after = args.count('after');
  const filter: NodesOptions = {
    run,
    kinds: ['task'],
    limit,
    ...(states.length === 0 ? {} : { states }),
    ...(name === undefined ? {} : { name }),
    ...(tag === undefined ? {} : { tag }),
    ...(after === undefined ? {} : { after }),
  };
  const stage = args.text('stage');
  if (stage === undefined) return reader.nodes(filter);
  return stagesNamed(reader, run, stage)
    .flatMap((idx) => reader.nodes({ ...filter, stage: idx }))
    .sort((a, b) => a.idx - b.idx)
    .slice(0, limit);
}

/** Numbers of the stages (or the flow run) of this name or number. */
function stagesNamed(reader: StoreReader, run: string, stage: string): number[] {
  const all = reader.nodes({ run, kinds: ['flow', 'stage'], limit: MAX_STAGES });
  const found = all.filter(({ name, idx }) => name === stage || String(idx) === stage).map(({ idx }) => idx);
  if (found.length > 0) return found;
  const names = [...new Set(all.map(({ name }) => name))];
  throw cliError('USAGE', `the run has no stage '${stage}'`, `It has: ${names.slice(0, 20).join(', ')}.`);
}

function taskLines(
  shown: readonly NodeSummary[],
  waits: ReadonlyMap<number, readonly NodeSummary[]>,
  originMs: number,
  { outStyle: style, out }: Context,
): string[] {
  if (shown.length === 0) return [];
  const rows = shown.map((node) => {
    const durationMs = taskDurationMs(node);
    return [
      { text: String(node.idx) },
      { text: node.key.slice(0, 8), colour: 'dim' },
      { text: oneLine(node.name) },
      { text: node.state, colour: segmentOf(node.state).colour },
      { text: node.attempt > 1 ? String(node.attempt) : '' },
      { text: node.startedUs === undefined ? '' : formatTimeOfDay(originMs + node.startedUs / 1000) },
      { text: durationMs === undefined ? '' : formatDuration(durationMs) },
      { text: oneLine(whyText(node, waits.get(node.idx))), colour: 'dim' },
    ] as const;
  });
  return tableLines(
    [
      { title: 'task', align: 'right' },
      { title: 'key', optional: true },
      { title: 'name', shrink: 1 },
      { title: 'state' },
      { title: 'attempt', align: 'right', optional: true },
      { title: 'started', optional: true },
      { title: 'took', align: 'right' },
      { title: 'why', shrink: 3, optional: true },
    ],
    rows,
    { style, width: out.columns },
  );
}
