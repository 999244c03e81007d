import { hasEnded, STATE_CODE } from '@sidereal/core';
import type { Context } from '../context.ts';
import { errorLines, errorSummary, shortPath } from '../errors/render-error.ts';
import { drawCounts } from '../progress/segment.ts';
import { symbolOf } from '../progress/progress-lines.ts';
import { formatCount, formatDuration, formatTime, plural } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';
import { pairLines, tableLines, type Cell } from '../terminal/table.ts';
import { fit } from '../terminal/text-width.ts';
import { segmentsOf, type Part } from './parts.ts';
import { livenessText, provenanceOf } from './provenance.ts';
import { BAND_COLOUR, qaBand } from './qa-band.ts';
import type { Repeated, Repetition } from './repetition.ts';
import type { RunReport } from './run-report.ts';
import { runStatus, runPeriod, statusMark } from './run-status.ts';
import type { QaEntry } from './said.ts';

/** What `sidereal show RUN` prints. */
export function runReportLines(report: RunReport, context: Context): string[] {
  const { outStyle: style } = context;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['', headerLines(report, context)],
    ['Parts', partLines(report, context)],
    ['Quality', report.qa.map((score) => qaLine(score, report, style))],
    ['Artifacts', artifactLines(report, context)],
    [
      'Notes',
      report.notes
        .slice(0, 20)
        .map(
          ({ code, message, idx }) =>
            `  ${code}: ${oneLine(message)} (${oneLine(report.names.get(idx) ?? '')})`,
        ),
    ],
    ['Failures', failureLines(report, context)],
    ['A resume would', repetitionLines(report.repetition, report.run.id)],
  ];
  const lines: string[] = [];
  for (const [title, body] of sections) {
    if (body.length === 0) continue;
    if (title !== '') lines.push('', style.paint('bold', title));
    lines.push(...body);
  }
  if (report.isCut) lines.push('', style.paint('dim', 'Lists are cut: --all shows everything.'));
  return lines;
}

function headerLines({ run }: RunReport, context: Context): string[] {
  const { outStyle: style, cwd, now, out } = context;
  const status = runStatus(run);
  const { symbol, colour } = statusMark(status, style);
  const { createdMs, endedMs, durationMs } = runPeriod(run, now());
  const { host, user, pid, node, commit } = provenanceOf(run.header.provenance);
  const why = [run.reason, run.message].filter((text) => text !== undefined && text !== '').join(': ');
  const when = `${formatTime(createdMs)}${endedMs === undefined ? '' : ` to ${formatTime(endedMs)}`}${durationMs === undefined ? '' : ` (${formatDuration(durationMs)})`}`;
  const pairs: [string, string][] = [
    ['state', `${style.paint(colour, `${symbol} ${status}`)}${why === '' ? '' : `  ${oneLine(why)}`}`],
    ['', livenessText(run)],
    ['time', when],
    [
      'module',
      run.header.module === '' ? 'unknown' : shortPath(run.header.module.replace(/^file:\/\//, ''), cwd),
    ],
    [
      'version',
      [run.version, commit === undefined ? '' : `commit ${commit.slice(0, 12)}`].filter(Boolean).join(', '),
    ],
    [
      'by',
      [user, host === undefined ? '' : `on ${host}`, pid === undefined ? '' : `process ${pid}`, node]
        .filter(Boolean)
        .join(' '),
    ],
    ['tags', run.tags.join(', ')],
    ['input', fit(oneLine(run.header.input), Math.max(40, out.columns - 12), style.hasUnicode ? '…' : '~')],
    [
      'record',
      `${plural(run.nodes, 'node')}, ${plural(run.records, 'record')} in ${plural(run.batches, 'batch', 'batches')}; started or resumed ${plural(run.epoch, 'time')}`,
    ],
  ];
  return [
    `${style.paint('bold', run.id)}  ${oneLine(run.flow)}`,
    ...pairLines(
      pairs.filter(([, text]) => text !== ''),
      { style, nameColour: 'dim' },
    ),
  ];
}

function partLines(report: RunReport, { outStyle: style, out }: Context): string[] {
  const rows: Cell[][] = [];
  addPart(report.parts, 0, report, style, rows);
  return tableLines(
    [
      { title: 'name', shrink: 1 },
      { title: 'kind' },
      { title: 'task runs', shrink: 2 },
      { title: 'took', align: 'right' },
      { title: '', shrink: 3 },
    ],
    rows,
    { style, width: out.columns },
  ).slice(1);
}

function addPart(
  part: Part,
  depth: number,
  report: RunReport,
  style: Style,
  rows: Cell[][],
  cycle = 0,
): void {
  const isTask = part.kind === 'task';
  const mark =
    part.state === undefined
      ? { symbol: style.hasUnicode ? '·' : '.', colour: 'dim' as const }
      : symbolOf(STATE_CODE[part.state], style);
  const { startedUs, endedUs } = part;
  const isOver = part.state === undefined || hasEnded(part.state);
  const ms =
    startedUs === undefined || endedUs === undefined || !isOver ? undefined : (endedUs - startedUs) / 1000;
  const colourless: Style = { ...style, hasColour: false, paint: (_, text) => text };
  rows.push([
    { text: `${'  '.repeat(depth)}${mark.symbol} ${partName(part, cycle)}`, colour: mark.colour },
    { text: isTask ? '' : part.kind, colour: 'dim' },
    { text: drawCounts(segmentsOf(part), 120, colourless) },
    { text: ms === undefined ? '' : formatDuration(Math.max(0, ms)) },
    { text: partRemark(part, report), colour: 'dim' },
  ]);
  let cycles = 0;
  for (const child of part.children) {
    addPart(child, depth + 1, report, style, rows, cycles);
    if (child.kind === 'cycle') cycles += child.count;
  }
}

/** Cycles have the name of their loop: their number tells them apart. */
function partName({ kind, name, count }: Part, cycle: number): string {
  if (count > 1 && kind !== 'task') return `${oneLine(name)} ×${formatCount(count)}`;
  return kind === 'cycle' ? `${oneLine(name)} ${cycle}` : oneLine(name);
}

/** Metrics of a cycle, exit reason of a loop, why a part is in its state. */
function partRemark(part: Part, { metrics, exits }: RunReport): string {
  const { idx } = part;
  const parts: string[] = [];
  if (idx !== undefined) {
    for (const { name, value, unit } of metrics.filter((metric) => metric.idx === idx))
      parts.push(`${name} ${formatFigure(value)}${unit === '' ? '' : ` ${unit}`}`);
    for (const { reason, cycles } of exits.filter((exit) => exit.idx === idx))
      parts.push(`${plural(cycles, 'cycle')}, ended: ${reason}`);
  }
  if (part.message !== undefined && part.message !== '' && idx !== 0) parts.push(part.message);
  else if (part.reason !== undefined && part.reason !== '' && part.state !== 'completed' && idx !== 0)
    parts.push(part.reason);
  return oneLine(parts.join('; '));
}

function qaLine(
  { name, score, metric, message, scope, error, idx }: QaEntry,
  report: RunReport,
  style: Style,
): string {
  const band = qaBand(score, error !== undefined);
  const figure =
    metric === undefined
      ? ''
      : `  ${metric.name} ${formatFigure(metric.value)}${metric.unit === '' ? '' : ` ${metric.unit}`}`;
  const where =
    scope === undefined
      ? ''
      : `  ${Object.entries(scope)
          .map(([key, value]) => `${key}=${String(value)}`)
          .join(' ')}`;
  const number = typeof score === 'number' ? score.toFixed(2) : '  – ';
  const words = oneLine(error ?? message ?? '');
  const by = report.names.get(idx) ?? '';
  return `  ${style.paint(BAND_COLOUR[band], `${number}  ${band.padEnd(14)}`)}  ${oneLine(name)}${figure}${where}${words === '' ? '' : `  ${words}`}${by === '' || by === report.run.flow ? '' : style.paint('dim', `  (${oneLine(by)})`)}`;
}

function artifactLines({ artifacts, names, run }: RunReport, { outStyle: style, cwd }: Context): string[] {
  if (artifacts.length === 0) return [];
  return pairLines(
    artifacts.map(({ type, name, path, description, idx }) => {
      const by = names.get(idx) ?? '';
      const words = [
        oneLine(name),
        path === undefined ? '' : shortPath(path, cwd),
        oneLine(description ?? ''),
        by === '' || by === run.flow ? '' : `(${oneLine(by)})`,
      ];
      return [type, words.filter(Boolean).join('  ')] as const;
    }),
    { style, nameColour: 'dim' },
  );
}

function failureLines(
  { failures, failed, run }: RunReport,
  { outStyle: style, out, cwd, debug }: Context,
): string[] {
  const lines: string[] = [];
  let told = 0;
  for (const { node, error, alike } of failures) {
    const shown = error ?? { name: node.state, message: node.message ?? node.reason ?? '' };
    if (node.idx === 0 && failures.length > 1) {
      // What made the flow fail follows.
      lines.push(`  ${style.paint('bold', `the flow ${oneLine(node.name)}`)}  ${errorSummary(shown, cwd)}`);
      continue;
    }
    told += alike + 1;
    const more = alike === 0 ? '' : `, and ${formatCount(alike)} more like it`;
    lines.push(
      `  ${style.paint('bold', `${oneLine(node.name)}[${node.idx}]`)}${more}${node.attempt > 1 ? `, after ${node.attempt} attempts` : ''}`,
    );
    lines.push(
      ...errorLines(shown, { style, width: out.columns - 2, cwd, debug }).map((line) => `  ${line}`),
    );
  }
  if (failed > told || failures.some(({ alike }) => alike > 0))
    lines.push(
      style.paint('dim', `  all ${formatCount(failed)}: sidereal tasks ${run.id} --state failed,crashed`),
    );
  return lines;
}

/** What happens if the run is resumed, and what only a retry does. */
function repetitionLines(repetition: Repetition | undefined, run: string): string[] {
  if (repetition === undefined) return [];
  const { again, stale, unknown, notDurable, failed, kept, atLeast } = repetition;
  const lines: string[] = [];
  const list = (repeated: readonly Repeated[]): string =>
    repeated
      .slice(0, 8)
      .map(({ name, count }) => `${oneLine(name)} ${count}`)
      .join(', ') + (repeated.length > 8 ? ' …' : '');
  const total = (repeated: readonly Repeated[]): number =>
    repeated.reduce((sum, { count }) => sum + count, 0);
  const unwell = total(again) - total(stale);
  if (unwell > 0) {
    const names = again.flatMap(({ name, count, states }) => {
      const well = stale.find((one) => one.name === name)?.count ?? 0;
      return count > well ? { name, count: count - well, states } : [];
    });
    lines.push(`  run ${plural(unwell, 'task run')} that had not ended well: ${list(names)}`);
  }
  if (stale.length > 0) {
    lines.push(
      `  run ${plural(total(stale), 'task run')} of which something was made anew since: ${list(stale)}`,
    );
  }
  if (unknown.length > 0) {
    lines.push(
      `  meet ${plural(total(unknown), 'strict task run')} with unknown outcome (failed unless declared onUnknown: 'rerun'): ${list(unknown)}`,
    );
  }
  if (notDurable.length > 0) {
    lines.push(
      `  compute again, if something needs it, ${plural(total(notDurable), 'value')} that ${total(notDurable) === 1 ? 'is' : 'are'} not kept: ${list(notDurable)}`,
    );
  }
  if (failed.length > 0) {
    lines.push(
      `  leave ${plural(total(failed), 'failure')} as ${total(failed) === 1 ? 'it is' : 'they are'}: ${list(failed)} (sidereal retry ${run} runs them again)`,
    );
  }
  if (lines.length === 0) lines.push('  repeat nothing but the flow function itself');
  if (kept > 0) lines.push(`  keep ${plural(kept, 'task run')}`);
  if (atLeast) lines.push('  run, besides, whatever comes of that and is called for the first time');
  return lines;
}

/** Up to six significant digits. */
function formatFigure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : String(value);
}
