import type { Cell, Section } from './page.ts';
import { drawPanels } from './panels.ts';
import type { PanelSet } from './panels.ts';
import type { ReportedStart } from './hybrid-findings.ts';
import { formatNumber } from './ticks.ts';

/** Every start of the survey: a table of what came of it, and how it went there. */
export function convergenceSection(starts: readonly ReportedStart[]): Section {
  return {
    title: 'Survey of starts',
    note: describeStarts(starts),
    blocks: [
      {
        kind: 'table',
        columns: [
          'disk at the start',
          'closure χ²',
          'flux',
          'ring',
          'diameter in the image',
          'bright side',
          'kept',
        ],
        rows: starts.map(rowOf),
      },
      {
        kind: 'figures',
        figures: [
          {
            title: 'Closure χ² by cycle',
            wide: true,
            svg: drawPanels(
              panelsOf(starts, 'log₁₀ of closure χ² / degrees of freedom', ({ closure }) =>
                Math.log10(closure.full),
              ),
            ),
          },
          {
            title: 'Flux density of the model by cycle',
            wide: true,
            svg: drawPanels(panelsOf(starts, 'model [Jy]', ({ modelFluxJy }) => modelFluxJy)),
          },
        ],
      },
    ],
  };
}

/** How much the picture depends on where it started, in words. */
export function describeStarts(starts: readonly ReportedStart[]): string {
  const rings = starts.filter(({ isRing }) => isRing);
  const chosen = starts.find((start) => start.chosen);
  const next = starts
    .filter((start) => !start.chosen)
    .map((start) => start.cycles.at(-1)?.closure.full ?? Number.NaN)
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b)
    .at(0);
  const list = (some: readonly ReportedStart[]): string =>
    some.map(({ startDiameterUas }) => formatNumber(startDiameterUas)).join(', ');
  return [
    'Self-calibration of few stations keeps much of the model that it starts from, so one start alone would not do: each leads to a picture of its own, and the starts that agree less with the closure quantities are wrong, ring or not.',
    rings.length === 0
      ? `None of the ${starts.length} starts ends in a ring with a dark centre.`
      : `${rings.length} of ${starts.length} starts end in a ring with a dark centre (those of ${list(rings)} µas); a wrong start can make a ring too, with its bright side elsewhere.`,
    chosen === undefined
      ? ''
      : `The start of ${formatNumber(chosen.startDiameterUas)} µas was kept, for its closure χ² of ${formatNumber(chosen.cycles.at(-1)?.closure.full ?? Number.NaN)} per degree of freedom is the lowest${next === undefined ? '' : `; the next best has ${formatNumber(next)}`}. Looks play no part in that; which disks are tried is a choice, though.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function rowOf(start: ReportedStart): Cell[] {
  const last = start.cycles.at(-1);
  const some = (text: string): string => (start.isRing ? text : '–');
  return [
    { number: `${formatNumber(start.startDiameterUas)} µas` },
    { number: formatNumber(last?.closure.full ?? Number.NaN) },
    { number: `${formatNumber(last?.modelFluxJy ?? Number.NaN)} Jy` },
    start.isRing ? { chip: 'ring', tone: 'good' } : { chip: 'no ring', tone: 'none' },
    { number: some(`${start.diameterUas.toFixed(1)} ± ${start.errorUas.toFixed(1)} µas`) },
    { number: some(`${start.brightAngleDeg.toFixed(0)}°`) },
    start.chosen ? { chip: 'kept', tone: 'good' } : '',
  ];
}

function panelsOf(
  starts: readonly ReportedStart[],
  yLabel: string,
  value: (cycle: ReportedStart['cycles'][number]) => number,
): PanelSet {
  const values = starts.flatMap(({ cycles }) => cycles.map(value)).filter(Number.isFinite);
  const low = Math.min(0, ...values);
  const high = Math.max(low + 0.1, ...values);
  return {
    xLabel: 'cycle',
    yLabel,
    xRange: [0, Math.max(1, ...starts.map(({ cycles }) => cycles.length))],
    yRange: [low, high],
    panels: starts.map((start) => ({
      name: `${formatNumber(start.startDiameterUas)} µas${start.chosen ? ', kept' : ''}`,
      // The colour of the start that was kept is another one.
      series: [
        start.chosen ? { x: [], y: [] } : pointsOf(start, value),
        ...(start.chosen ? [pointsOf(start, value)] : []),
      ],
    })),
  };
}

function pointsOf(
  { cycles }: ReportedStart,
  value: (cycle: ReportedStart['cycles'][number]) => number,
): { x: number[]; y: number[] } {
  return { x: cycles.map((_, index) => index + 1), y: cycles.map(value) };
}
