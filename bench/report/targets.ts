import { countedTaskRuns } from '../suite/counted-task-runs.ts';
import { summarise, type Finding, type Findings } from './findings.ts';
import { figureText, secondsText } from './number-text.ts';

/** Something asked of a row of Sidereal on threads, and aimed at beyond that. */
interface Target {
  readonly what: string;
  readonly series: string;
  readonly n: number;
  readonly asked: number;
  readonly aim?: number;
  readonly figure: (finding: Finding) => number | undefined;
  readonly format: (value: number) => string;
  /** What is known of Dask, by its own or our measurements. */
  readonly elsewhere?: string;
}

const percent = (value: number): string => `${figureText(value)} %`;
const gibibytes = (value: number): string => `${figureText(value / 2 ** 30)} GiB`;
const perTask = ({ planned, tWorkflow }: Finding): number | undefined =>
  tWorkflow === undefined ? undefined : tWorkflow.median / countedTaskRuns(planned.asked);

const targets: readonly Target[] = [
  {
    what: 'excess over the floor, U(0.09,0.11) s, n = 4,000, 0.1 MiB',
    series: 'U(0.09,0.11) 0.1 MiB 1x16',
    n: 4000,
    asked: 1,
    aim: 0.4,
    figure: ({ excess }) => excess,
    format: percent,
    elsewhere: 'Dask 18 … 44 %',
  },
  {
    what: 'excess over the floor, U(0.1,1.0) s, n = 4,000, 0.1 MiB',
    series: 'U(0.1,1) 0.1 MiB 1x16',
    n: 4000,
    asked: 0.2,
    aim: 0.1,
    figure: ({ excess }) => excess,
    format: percent,
  },
  {
    what: 'hop of a chain on threads',
    series: 'chain',
    n: 10_000,
    asked: 1e-4,
    aim: 5e-5,
    figure: perTask,
    format: secondsText,
    elsewhere: 'Dask 9.7 ms',
  },
  {
    what: 'peak memory of the tree of 10 MiB, n = 128,000',
    series: 'U(0.001,0.01) 10 MiB 1x16',
    n: 128_000,
    asked: 1.5 * 2 ** 30,
    figure: ({ peakBytes }) => peakBytes,
    format: gibibytes,
  },
];

/** A target beside what was measured, as text. */
export interface TargetLine {
  readonly what: string;
  readonly asked: string;
  readonly aim: string;
  readonly measured: string;
  /** Undefined if it was not measured at the size that is asked about. */
  readonly isMet: boolean | undefined;
  readonly elsewhere: string;
}

/** All targets. If its size was not measured, the nearest smaller one stands in, and says so. */
export function targetLines(findings: Findings): readonly TargetLine[] {
  const own = summarise(findings).filter(
    ({ planned }) => planned.system === 'sidereal' && planned.asked.variant === 'threads',
  );
  return targets.map(({ what, series, n, asked, aim, figure, format, elsewhere }) => {
    const found = own
      .filter(({ planned }) => planned.series === series && planned.asked.n <= n)
      .findLast((finding) => figure(finding) !== undefined);
    const value = found === undefined ? undefined : figure(found);
    const isOther = found !== undefined && found.planned.asked.n !== n;
    const note = isOther ? ` (n = ${figureText(found.planned.asked.n)})` : '';
    return {
      what,
      asked: `≤ ${format(asked)}`,
      aim: aim === undefined ? '' : format(aim),
      measured: value === undefined ? 'not measured' : `${format(value)}${note}`,
      isMet: value === undefined || isOther ? undefined : value <= asked,
      elsewhere: elsewhere ?? '',
    };
  });
}
