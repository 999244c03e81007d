import { robustSpread, tableIndex } from '../science/index.ts';
import type { CalibrationTable } from '../science/index.ts';
import type { FigureBlock } from './page.ts';
import { drawPlot } from './plot-figure.ts';
import { formatNumber } from './ticks.ts';

/** How much the solutions of an iterative solver changed from cycle to cycle. */
export function convergenceFigure(title: string, changes: readonly number[], reason: string): FigureBlock {
  // The first cycle has nothing to be compared with.
  const x = changes.map((_, index) => index + 2);
  // A change of nothing has no place on a logarithmic axis; it is told in the caption.
  const y = changes.map((change) => (change > 0 ? change : Number.NaN));
  const told = changes.map((change) => formatNumber(change, 2)).join(', ');
  return {
    title,
    svg: drawPlot({
      title,
      xLabel: 'cycle',
      xWhole: true,
      xRange: [1, Math.max(3, changes.length + 2)],
      yLabel: 'largest change',
      yLog: true,
      layers: [{ kind: 'points', x, y }],
    }),
    caption: `Largest change of a solution from one cycle to the next: ${told === '' ? 'none was recorded' : told}. Ended: ${reason}.`,
  };
}

/** What decides how the gain calibrator is solved. */
export interface SolveChoiceFigure {
  readonly snr: readonly { readonly spw: number; readonly snr: number }[];
  readonly threshold: number;
  readonly choice: 'per_spw' | 'best_spw' | 'combined';
  readonly bestSpw: number | null;
}

/** Signal-to-noise of each spectral window against the threshold, and what was chosen for it. */
export function snrChoiceFigure({ snr, threshold, choice, bestSpw }: SolveChoiceFigure): FigureBlock {
  const above = snr.filter((window) => window.snr >= threshold);
  const below = snr.filter((window) => window.snr < threshold);
  const series = (name: string, windows: typeof above) => ({
    kind: 'points' as const,
    name,
    x: windows.map(({ spw }) => spw),
    y: windows.map((window) => window.snr),
  });
  const reached =
    above.length === snr.length
      ? 'Every window reaches'
      : above.length > 0
        ? `${above.length} of ${snr.length} windows reach`
        : 'No window reaches';
  const then = {
    per_spw: 'each is solved on its own',
    best_spw: `the best of them, ${bestSpw ?? '–'}, is solved and stands for all`,
    combined: 'all are solved together',
  }[choice];
  return {
    title: 'How to solve: signal-to-noise by window',
    svg: drawPlot({
      title: 'signal-to-noise of a phase solution by spectral window',
      xLabel: 'spectral window',
      xWhole: true,
      xRange: [-0.5, Math.max(0.5, ...snr.map(({ spw }) => spw + 0.5))],
      yLabel: 'signal-to-noise of a phase solution',
      yRange: [0, 1.15 * Math.max(threshold, ...snr.map((window) => window.snr))],
      layers: [series('reaches it', above), series('below', below)].filter(({ x }) => x.length > 0),
      levels: [{ y: threshold, name: `threshold ${formatNumber(threshold)}` }],
    }),
    caption: `${reached} ${formatNumber(threshold)}: ${then}.`,
  };
}

/** Delays of antennas, from the slope of phase with frequency of a table of delays. */
export function delayFigure(
  title: string,
  table: CalibrationTable,
  antennaNames: readonly string[],
): FigureBlock {
  const shown = antennaNames.slice(0, table.antennas);
  const solved = table.feeds.flatMap((feed, index) =>
    shown.flatMap((name, antenna) => {
      const delay = delayOf(table, antenna, index);
      return delay === undefined ? [] : [{ name, antenna: antenna + 1, feed, ns: delay * 1e9 }];
    }),
  );
  // One that is far off, of an antenna that hardly works, must not flatten the others.
  const { median, sigma } = robustSpread(Float64Array.from(solved, ({ ns }) => ns));
  const isFar = ({ ns }: { ns: number }): boolean => Math.abs(ns - median) > Math.max(20 * sigma, 1);
  const far = solved.filter(isFar);
  const layers = table.feeds.map((feed) => {
    const own = solved.filter((entry) => entry.feed === feed && !isFar(entry));
    return {
      kind: 'points' as const,
      name: `feed ${feed}`,
      x: own.map(({ antenna }) => antenna),
      y: own.map(({ ns }) => ns),
    };
  });
  const off = far.map(({ name, feed, ns }) => `${name} ${feed} ${formatNumber(ns)} ns`).join(', ');
  return {
    title,
    svg: drawPlot({
      title,
      xLabel: `antenna, 1 (${shown[0] ?? ''}) to ${shown.length} (${shown.at(-1) ?? ''})`,
      xWhole: true,
      yLabel: 'delay [ns]',
      layers,
    }),
    caption: `Relative to ${antennaNames[table.referenceAntenna] ?? 'the reference antenna'}, from the slope of phase with frequency.${off === '' ? '' : ` Too far off to be drawn: ${off}.`}`,
  };
}

function delayOf(table: CalibrationTable, antenna: number, feed: number): number | undefined {
  const { frequencyHz, flag, value } = table;
  const last = frequencyHz.length - 1;
  const entry = tableIndex(table, 0, antenna, feed, 0);
  const step = ((frequencyHz[last] ?? 0) - (frequencyHz[0] ?? 0)) / Math.max(1, last);
  let re = 0;
  let im = 0;
  for (let channel = 0; channel < last; channel++) {
    const at = entry + channel;
    if (flag[at] === 1 || flag[at + 1] === 1) continue;
    const [re0, im0, re1, im1] = [
      value[2 * at] ?? 0,
      value[2 * at + 1] ?? 0,
      value[2 * at + 2] ?? 0,
      value[2 * at + 3] ?? 0,
    ];
    re += re1 * re0 + im1 * im0;
    im += im1 * re0 - re1 * im0;
  }
  return re === 0 && im === 0 ? undefined : Math.atan2(im, re) / (2 * Math.PI * step);
}
