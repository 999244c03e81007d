import { drawBars } from './bar-plot.ts';
import { summarise, type Finding, type Findings } from './findings.ts';
import { countText, figureText, secondsText } from './number-text.ts';
import { drawOverhead } from './overhead-plot.ts';
import { looksOf } from './palette.ts';
import { secondsPerTask } from './tables.ts';

/** A picture with its heading. */
export interface Figure {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly svg: string;
}

/** Overhead against n, a plot for each workload that was measured. */
export function overheadFigures(findings: Findings): readonly Figure[] {
  const all = summarise(findings);
  const looks = looksOf(all, findings);
  const trees = all.filter(({ planned }) => planned.asked.row === 'tree');
  const sweep = sweepFigure(trees, findings);
  const byN = [...Map.groupBy(trees, ({ planned }) => planned.series)].flatMap(([series, group]) => {
    const [first] = group;
    if (first === undefined || !group.some(({ overhead }) => overhead !== undefined)) return [];
    const isPoint = group.every(({ planned }) => planned.asked.n === first.planned.asked.n);
    if (isPoint && sweep.length > 0 && isInSweep(first)) return [];
    const title = workloadTitle(first);
    const x = { label: 'leaves', of: ({ planned }: Finding) => planned.asked.n, format: countText };
    return {
      name: `overhead-${series.replaceAll(/[^\d.a-z]+/gi, '-').toLowerCase()}`,
      title,
      caption: silentText(group, findings),
      svg: drawOverhead({ title, findings: group, looks, x }),
    };
  });
  return [...byN, ...sweep];
}

/** Small arrays on threads. */
function isInSweep({ planned }: Finding): boolean {
  return planned.asked.mebibytes < 1 && planned.asked.processes === 1;
}

/** Overhead against the mean sleep at the size that most workloads were measured at. */
function sweepFigure(trees: readonly Finding[], findings: Findings): readonly Figure[] {
  const small = trees.filter(isInSweep);
  const sizes = [...Map.groupBy(small, ({ planned }) => planned.asked.n)].map(([n, group]) => ({
    n,
    group,
    count: new Set(group.map(({ planned }) => planned.series)).size,
  }));
  const widest = sizes.toSorted((a, b) => b.count - a.count || b.n - a.n)[0];
  if (widest === undefined || widest.count < 3) return [];
  const x = {
    label: 'mean sleep of a leaf',
    of: ({ planned }: Finding) => (planned.asked.minSeconds + planned.asked.maxSeconds) / 2,
    format: secondsText,
  };
  const title = `Sweep over durations, n = ${countText(widest.n)}, 0.1 MiB, 16 threads`;
  const looks = looksOf(summarise(findings), findings);
  const group = widest.group.toSorted((a, b) => x.of(a) - x.of(b));
  return [
    { name: 'overhead-sweep', title, caption: '', svg: drawOverhead({ title, findings: group, looks, x }) },
  ];
}

/** Seconds a task, a plot for each micro row and size. */
export function microFigures(findings: Findings): readonly Figure[] {
  const all = summarise(findings);
  const looks = looksOf(all, findings);
  const micro = all.filter(({ planned }) => !['tree', 'pending'].includes(planned.asked.row));
  const groups = Map.groupBy(micro, ({ planned }) => `${planned.series}-${planned.asked.n}`);
  return [...groups].flatMap(([name, group]) => {
    const [first] = group;
    if (first === undefined || !group.some(({ tWorkflow }) => tWorkflow !== undefined)) return [];
    const title = MICRO_TITLES[first.planned.asked.row]?.(first.planned.asked.n) ?? name;
    const svg = drawBars({ title, findings: group, looks, figure: secondsPerTask });
    return { name, title, caption: '', svg };
  });
}

const MICRO_TITLES: Readonly<Record<string, (n: number) => string>> = {
  'noop-map': (n) => `A no-op task in a map of ${countText(n)}`,
  chain: (n) => `A hop of a chain of ${countText(n)}`,
  fan: (n) => `A task of ${countText(n)} rounds of fan-out to 16 and fan-in`,
  stages: (n) => `A nested stage of one task, ${countText(n)} of them`,
  'cold-hello': () => 'A fresh process that runs one task',
};

function workloadTitle({ planned }: Finding): string {
  const { minSeconds, maxSeconds, mebibytes, processes, threads } = planned.asked;
  const slots = processes > 1 ? `${processes} processes × ${threads}` : `${threads} threads`;
  return `U(${figureText(minSeconds)}, ${figureText(maxSeconds)}) s, ${mebibytes} MiB, ${slots}`;
}

/** Who has no line in the plot, and why. */
function silentText(group: readonly Finding[], { titleOf }: Findings): string {
  const silent = [...Map.groupBy(group, ({ planned }) => planned.system)].filter(
    ([, findings]) => !findings.some(({ overhead }) => overhead !== undefined),
  );
  return silent
    .flatMap(([system, [first]]) => {
      if (first === undefined || first.result.kind === 'measured') return [];
      return `${titleOf(system)}: ${first.result.kind}, ${first.result.words.split('\n')[0] ?? ''}.`;
    })
    .join(' ');
}
