import { hasEnded, STATE_CODE } from '@sidereal/core';
import type { Entry, NodeSummary } from '@sidereal/store';
import type { Context } from '../context.ts';
import { errorLines, shortPath } from '../errors/render-error.ts';
import { segmentOf } from '../progress/segment.ts';
import { symbolOf } from '../progress/progress-lines.ts';
import { formatBytes, formatDuration, formatTime, formatTimeOfDay } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { pairLines, tableLines } from '../terminal/table.ts';
import { logLine } from './log-line.ts';
import { qaBand } from './qa-band.ts';
import { artifactOf, isMaking, metricOf, qaOf } from './said.ts';
import { taskDurationMs } from './task-document.ts';
import type { TaskReport } from './task-report.ts';
import { whyText } from './why.ts';

/** Runs named of those that a task waits for. */
const MOST_NAMED = 50;

/** What `sidereal show RUN TASK` prints. */
export function taskReportLines(report: TaskReport, context: Context): string[] {
  const { outStyle: style } = context;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['', headerLines(report, context)],
    ['Upstream', neededLines(report.upstream, report.story.upstream.length, context)],
    ['Waits for', neededLines(report.waitsFor.slice(0, MOST_NAMED), report.waitsFor.length, context)],
    ['After', neededLines(report.after, report.story.after.length, context)],
    ['Story', storyLines(report, context)],
    ['Errors', errorSection(report, context)],
    ['Log', report.logs.map((entry) => `  ${logLine(entry, style)}`)],
    ['Said', saidLines(report, context)],
  ];
  const lines: string[] = [];
  for (const [title, body] of sections) {
    if (body.length === 0) continue;
    if (title !== '') lines.push('', style.paint('bold', title));
    lines.push(...body);
  }
  return lines;
}

function headerLines({ run, story, parent, value }: TaskReport, { outStyle: style }: Context): string[] {
  const { node, inputs } = story;
  const { symbol, colour } = symbolOf(STATE_CODE[node.state], style);
  const durationMs = taskDurationMs(node);
  const why = whyText(node);
  const flags = [(node.flags & 1) !== 0 ? 'strict' : '', (node.flags & 2) !== 0 ? 'persist' : ''].filter(
    Boolean,
  );
  const pairs: (readonly [string, string])[] = [
    ['state', `${style.paint(colour, `${symbol} ${node.state}`)}${why === '' ? '' : `  ${oneLine(why)}`}`],
    [
      'time',
      node.startedUs === undefined
        ? 'not started'
        : `${formatTime(run.originMs + node.startedUs / 1000)}${durationMs === undefined ? '' : ` (${formatDuration(durationMs)})`}`,
    ],
    ['attempt', node.attempt === 0 ? '' : String(node.attempt)],
    ['key', node.key],
    ['in', parent === undefined ? '' : `${parent.kind} ${oneLine(parent.name)}[${parent.idx}]`],
    ['inputs', oneLine(inputs)],
    ['tags', oneLine(node.tags.join(', '))],
    ['declared', flags.join(', ')],
    [
      'value',
      value === undefined
        ? ''
        : `${oneLine(value.preview)}  ${style.paint('dim', `${formatBytes(value.bytes)}, ${value.storage === 'none' ? 'not kept' : `kept in ${value.storage === 'file' ? 'a file' : 'the journal'}`}`)}`,
    ],
  ];
  return [
    `${style.paint('bold', `${oneLine(node.name)}[${node.idx}]`)}  ${node.kind} of ${run.id}`,
    ...pairLines(
      pairs.filter(([, text]) => text !== ''),
      { style, nameColour: 'dim' },
    ),
  ];
}

/** Nodes that a run waits for, as many as are named, of `total`. */
function neededLines(
  needed: readonly NodeSummary[],
  total: number,
  { outStyle: style, out }: Context,
): string[] {
  if (needed.length === 0) return [];
  const rows = needed.map(({ idx, name, state }) => {
    const { symbol, colour } = symbolOf(STATE_CODE[state], style);
    return [
      { text: `  ${symbol} ${oneLine(name)}[${idx}]`, colour },
      { text: state, colour },
    ];
  });
  const more = total - needed.length;
  const lines = tableLines([{ title: '' }, { title: '' }], rows, { style, width: out.columns }).slice(1);
  return more > 0 ? [...lines, `  … ${more} more`] : lines;
}

function storyLines({ run, story }: TaskReport, { outStyle: style, out }: Context): string[] {
  let before: number | undefined;
  const rows = story.transitions.map(({ state, attempt, timeUs, lane, reason, message }) => {
    const sinceMs = before === undefined ? undefined : (timeUs - before) / 1000;
    before = timeUs;
    return [
      { text: `  ${formatTimeOfDay(run.originMs + timeUs / 1000, true)}`, colour: 'dim' },
      { text: sinceMs === undefined ? '' : `+${formatDuration(Math.max(0, sinceMs))}`, colour: 'dim' },
      { text: state, colour: segmentOf(state).colour },
      { text: attempt > 0 ? `attempt ${attempt}` : '' },
      { text: lane === undefined ? '' : `lane ${lane}`, colour: 'dim' },
      { text: oneLine([reason, message].filter(Boolean).join(': ')) },
    ] as const;
  });
  const columns = [
    { title: '' },
    { title: '', align: 'right' as const },
    { title: '' },
    { title: '' },
    { title: '' },
    { title: '', shrink: 1 },
  ];
  const lines = tableLines(columns, rows, { style, width: out.columns }).slice(1);
  const isUnderWay =
    !hasEnded(story.node.state) && run.liveness.status !== 'live' && story.transitions.length > 0;
  return isUnderWay
    ? [...lines, `  ${style.paint('again', 'then its process was gone: the record ends here')}`]
    : lines;
}

function errorSection({ errors }: TaskReport, { outStyle: style, out, cwd, debug }: Context): string[] {
  return errors.flatMap(({ attempt, error }) => [
    ...(errors.length > 1 || attempt > 1 ? [`  attempt ${attempt}`] : []),
    ...errorLines(error, { style, width: out.columns - 2, cwd, debug }).map((line) => `  ${line}`),
  ]);
}

function saidLines({ story }: TaskReport, { outStyle: style, cwd }: Context): string[] {
  const pairs: (readonly [kind: string, text: string])[] = [];
  for (const entry of story.entries) {
    const text = saidText(entry, cwd);
    if (text !== undefined) pairs.push([entry.kind, text]);
  }
  return pairLines(pairs, { style, nameColour: 'dim' });
}

/** One line about an entry; undefined for those that have a section of their own, and for fingerprints of code. */
function saidText(entry: Entry, cwd: string): string | undefined {
  switch (entry.kind) {
    case 'qa': {
      const { name, score, error, message } = qaOf(entry);
      const band = qaBand(score, error !== undefined);
      return `${oneLine(name)} ${score ?? '–'} (${band}) ${oneLine(error ?? message ?? '')}`.trimEnd();
    }
    case 'artifact': {
      const { name, type, path } = artifactOf(entry);
      return `${type} ${oneLine(name)}${path === undefined ? '' : `  ${shortPath(path, cwd)}`}`;
    }
    case 'metric': {
      const { name, value, unit } = metricOf(entry);
      return `${oneLine(name)} ${value} ${unit}`.trimEnd();
    }
    case 'note':
      return isMaking(entry) ? undefined : oneLine(entry.body);
    case 'exit':
    case 'progress':
    case 'effect':
    case 'map':
      return oneLine(entry.body);
    case 'log':
    case 'error':
    case 'code':
      return undefined;
  }
}
