import type { FigureBlock } from './page.ts';
import { drawPlot } from './plot-figure.ts';
import { formatNumber } from './ticks.ts';

/** What the search for lines in one spectral window came to. */
export interface LineSearch {
  readonly field: string;
  readonly spw: number;
  readonly frequencyHz: ArrayLike<number>;
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  readonly hasLine: boolean;
  readonly statistic: readonly (number | null)[];
  readonly threshold: number;
  readonly continuumFraction: number;
}

/** Ranges of channels in words: `0~8; 18~31`. */
export function rangesText(ranges: LineSearch['ranges']): string {
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}~${to}`)).join('; ') || 'none';
}

/** The statistic of every channel, the threshold, and the continuum shaded. */
export function lineFigure(search: LineSearch): FigureBlock {
  const { field, spw, frequencyHz, ranges, statistic, threshold } = search;
  const ghz = Array.from(frequencyHz, (hz) => hz / 1e9);
  const step = ghz.length > 1 ? (ghz[1] ?? 0) - (ghz[0] ?? 0) : 0.001;
  const at = (index: number, side: number): number => (ghz[index] ?? 0) + (side * step) / 2;
  const [first = 0] = ghz;
  const last = ghz.at(-1) ?? 1;
  const highest = statistic.reduce<number>((most, value) => Math.max(most, value ?? 0), threshold);
  const values = statistic.map((value) => value ?? Number.NaN);
  // Steps begin at the edges of channels, and end at the last one.
  const edges = [...ghz.map((hz) => hz - step / 2), last + step / 2];
  return {
    title: `${field}, window ${spw}: ${search.hasLine ? 'a line' : 'no line'}`,
    svg: drawPlot({
      title: `line search of ${field}, window ${spw}`,
      xLabel: 'frequency [GHz]',
      yLabel: 'highest in the channel [noise]',
      xRange: step < 0 ? [last + step / 2, first - step / 2] : [first - step / 2, last + step / 2],
      yRange: [0, 1.08 * highest],
      layers: [{ kind: 'steps', x: edges, y: [...values, values.at(-1) ?? Number.NaN] }],
      bands: ranges.map(({ from, to }) => ({
        from: Math.min(at(from, -1), at(to, 1)),
        to: Math.max(at(from, -1), at(to, 1)),
        name: `continuum, channels ${from} to ${to}`,
      })),
      levels: [{ y: threshold, name: `threshold ${formatNumber(threshold)}` }],
    }),
    caption: `Shaded: continuum, channels ${rangesText(ranges)} (${formatNumber(100 * search.continuumFraction)} %).`,
  };
}
