import { countedTaskRuns } from '../suite/counted-task-runs.ts';
import { summarise, type Finding, type Findings, type Spread } from './findings.ts';
import { countText, figureText, secondsText } from './number-text.ts';
import { targetLines } from './targets.ts';

/** A table as the reports print it: cells are text; `isNumeric` columns stand to the right. */
export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly name: string;
  readonly isNumeric: boolean;
}

const words = (name: string): Column => ({ name, isNumeric: false });
const figures = (...names: readonly string[]): readonly Column[] =>
  names.map((name) => ({ name, isNumeric: true }));

/** The trees: overhead, floor, and what is recorded. */
export function treeTable(findings: Findings): Table {
  const rows = summarise(findings).filter(({ planned }) => planned.asked.row === 'tree');
  return withoutEmptyEnd({
    title: 'Trees of sleeping leaves',
    columns: [
      words('sleep, array, processes × threads'),
      ...figures('n'),
      words('system'),
      ...figures('overhead %', 'floor %', 'excess %', 'slot idle / leaf', 'submit', 'peak memory', 'CPU'),
      words('recorded at the end'),
      ...figures('until all', 'B / task'),
      words('why not'),
    ],
    rows: rows.map((finding) => [
      workloadText(finding),
      countText(finding.planned.asked.n),
      systemText(finding, findings),
      ...(finding.overhead === undefined
        ? [finding.result.kind, figureText(finding.floor?.median, 2), '', '', '', '', '']
        : [
            spreadText(finding.overhead, (value) => figureText(value)),
            figureText(finding.floor?.median, 2),
            figureText(finding.excess),
            secondsText(finding.slotIdle),
            secondsText(finding.tSubmit),
            memoryText(finding.peakBytes),
            secondsText(finding.cpuSeconds),
          ]),
      ...recordCells(finding),
      wordsOf(finding),
    ]),
  });
}

/** The micro rows: seconds a task, beside what has nothing around it. */
export function microTable(findings: Findings): Table {
  const rows = summarise(findings).filter(({ planned }) => planned.asked.row !== 'tree');
  return withoutEmptyEnd({
    title: 'Micro rows',
    columns: [
      words('row'),
      ...figures('n'),
      words('system'),
      ...figures('a task', 'tasks / s', 'all', 'submit', 'peak memory', 'CPU'),
      words('recorded at the end'),
      ...figures('until all', 'B / task'),
      words('why not'),
    ],
    rows: rows.map((finding) => [
      finding.planned.series,
      countText(finding.planned.asked.n),
      systemText(finding, findings),
      ...microCells(finding),
      ...recordCells(finding),
      wordsOf(finding),
    ]),
  });
}

/** What is asked of Sidereal. */
export function targetTable(findings: Findings): Table {
  return {
    title: 'Asked of Sidereal',
    columns: [words('row'), ...figures('asked', 'aimed at', 'measured'), words(''), words('elsewhere')],
    rows: targetLines(findings).map(({ what, asked, aim, measured, isMet, elsewhere }) => [
      what,
      asked,
      aim,
      measured,
      isMet === undefined ? '' : isMet ? 'met' : 'falls short',
      elsewhere,
    ]),
  };
}

/** Seconds of one counted task run. */
export function secondsPerTask({ planned, tWorkflow }: Finding): number | undefined {
  return tWorkflow === undefined ? undefined : tWorkflow.median / countedTaskRuns(planned.asked);
}

/** Why there is no figure: the first line of it. */
export function wordsOf({ result }: Finding): string {
  return result.kind === 'measured' ? '' : (result.words.split('\n')[0] ?? '');
}

/** Leaves out the last column if nothing is in it. */
function withoutEmptyEnd({ title, columns, rows }: Table): Table {
  const isNeeded = rows.some((row) => row.at(-1) !== '');
  if (isNeeded) return { title, columns, rows };
  return { title, columns: columns.slice(0, -1), rows: rows.map((row) => row.slice(0, -1)) };
}

function microCells(finding: Finding): readonly string[] {
  const { planned, tWorkflow, tSubmit, peakBytes, cpuSeconds, rssBytesPerTask } = finding;
  if (tWorkflow === undefined) return [finding.result.kind, '', '', '', '', ''];
  const count = countedTaskRuns(planned.asked);
  const isPending = planned.asked.row === 'pending';
  return [
    isPending
      ? `${figureText(rssBytesPerTask)} B of memory`
      : spreadText(tWorkflow, (value) => secondsText(value / count)),
    figureText(count / tWorkflow.median),
    secondsText(tWorkflow.median),
    secondsText(tSubmit),
    memoryText(peakBytes),
    secondsText(cpuSeconds),
  ];
}

function recordCells({ recordedShare, secondsUntilRecorded, bytesPerTask }: Finding): readonly string[] {
  if (recordedShare === undefined) return ['', '', ''];
  return [
    recordedShare === 1 ? 'all' : `${figureText(100 * recordedShare)} %`,
    secondsText(secondsUntilRecorded),
    figureText(bytesPerTask),
  ];
}

function workloadText({ planned }: Finding): string {
  const { minSeconds, maxSeconds, mebibytes, processes, threads } = planned.asked;
  return `U(${minSeconds}, ${maxSeconds}) s, ${mebibytes} MiB, ${processes} × ${threads}`;
}

function systemText({ planned }: Finding, { titleOf }: Findings): string {
  return `${titleOf(planned.system)}, ${planned.asked.variant}`;
}

/** `12.1 [11.9 … 12.8]`, or the figure alone if it is the only one. */
function spreadText(spread: Spread, format: (value: number) => string): string {
  const { median, lowest, highest } = spread;
  return lowest === highest ? format(median) : `${format(median)} [${format(lowest)} … ${format(highest)}]`;
}

function memoryText(bytes: number | undefined): string {
  return bytes === undefined ? '–' : `${figureText(bytes / 2 ** 20)} MiB`;
}
