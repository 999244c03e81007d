import { summariseTable, tableIndex } from '../science/index.ts';
import type { CalibrationTable } from '../science/index.ts';
import type { Cell, FigureBlock, Section } from './page.ts';
import { drawPanels } from './panels.ts';
import { drawPlot } from './plot-figure.ts';
import { formatNumber } from './ticks.ts';

const DEGREES = 180 / Math.PI;

/** Points of one line: of a table that has more, every n-th is drawn. */
const MOST_POINTS = 160;

/** Solutions of one antenna and feed along time (of one channel) or along frequency (of one time). */
function lineOf(
  table: CalibrationTable,
  antenna: number,
  feed: number,
  along: 'time' | 'frequency',
): { at: number[]; amplitude: number[]; phase: number[] } {
  const start = table.timeS[0] ?? 0;
  const out = { at: [] as number[], amplitude: [] as number[], phase: [] as number[] };
  const count = along === 'time' ? table.timeS.length : table.frequencyHz.length;
  const stride = Math.max(1, Math.ceil(count / MOST_POINTS));
  for (let index = 0; index < count; index += stride) {
    const entry = tableIndex(
      table,
      along === 'time' ? index : 0,
      antenna,
      feed,
      along === 'time' ? 0 : index,
    );
    if (table.flag[entry] === 1) continue;
    const re = table.value[2 * entry] ?? 0;
    const im = table.value[2 * entry + 1] ?? 0;
    out.at.push(
      along === 'time' ? ((table.timeS[index] ?? 0) - start) / 3600 : (table.frequencyHz[index] ?? 0) / 1e9,
    );
    out.amplitude.push(Math.hypot(re, im));
    out.phase.push(Math.atan2(im, re) * DEGREES);
  }
  return out;
}

/**
 * Amplitude and phase of a table, one panel per antenna, one colour per feed: along frequency for a table with
 * channels, otherwise along time.
 */
export function tableFigures(
  table: CalibrationTable,
  antennaNames: readonly string[],
  heading?: string,
): FigureBlock[] {
  const along = table.frequencyHz.length > 1 ? 'frequency' : 'time';
  const lines = antennaNames.map((name, antenna) => ({
    name,
    feeds: table.feeds.map((_, feed) => lineOf(table, antenna, feed, along)),
  }));
  const all = lines.flatMap(({ feeds }) => feeds);
  const [, highest] = rangeOf([1, ...all.flatMap(({ amplitude }) => amplitude)]);
  const hours = rangeOf(all.flatMap(({ at }) => at));
  const inMinutes = along === 'time' && hours[1] < 1;
  const scale = inMinutes ? 60 : 1;
  const span: [number, number] = [scale * hours[0], scale * hours[1]];
  const sinceFirst = `${inMinutes ? 'minutes' : 'hours'} since the first solution`;
  const xLabel = along === 'time' ? sinceFirst : 'frequency [GHz]';
  const figure = (
    title: string,
    quantity: 'amplitude' | 'phase',
    yRange: readonly [number, number],
  ): FigureBlock => ({
    title,
    wide: true,
    svg: drawPanels({
      xLabel,
      yLabel: quantity === 'phase' ? 'phase [°]' : 'amplitude',
      xRange: span,
      yRange,
      panels: lines.map(({ name, feeds }) => ({
        name,
        series: feeds.map((line) => ({ x: line.at.map((at) => scale * at), y: line[quantity] })),
      })),
    }),
    caption: `Colours are feeds ${table.feeds.join(', ')}.`,
  });
  const name = heading ?? table.kind.charAt(0).toUpperCase() + table.kind.slice(1);
  return [
    ...(table.kind === 'phase' ? [] : [figure(`${name}: amplitude`, 'amplitude', [0, 1.1 * highest])]),
    figure(`${name}: phase`, 'phase', [-180, 180]),
  ];
}

function rangeOf(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(low <= high)) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** What {@link tableRow} tells. */
export const TABLE_COLUMNS = [
  'table',
  'solutions',
  'flagged',
  'median SNR',
  'without solution',
  'reference antenna',
] as const;

/** One calibration table in a line. */
export function tableRow(name: string, table: CalibrationTable, antennaNames: readonly string[]): Cell[] {
  const summary = summariseTable(table);
  return [
    name,
    { number: String(summary.solutions) },
    { number: `${formatNumber(100 * summary.flaggedFraction)} %` },
    { number: formatNumber(summary.medianSnr) },
    summary.deadAntennas.map((antenna) => antennaNames[antenna] ?? String(antenna)).join(', ') || 'none',
    antennaNames[table.referenceAntenna] ?? '–',
  ];
}

/** A section with a table of summaries and the figures of each calibration table. */
export function calibrationSection(
  tables: readonly { readonly name: string; readonly table: CalibrationTable }[],
  antennaNames: readonly string[],
): Section {
  return {
    title: 'Calibration',
    note: 'Antenna-based solutions; what is flagged is not drawn.',
    blocks: [
      {
        kind: 'table',
        columns: TABLE_COLUMNS,
        rows: tables.map(({ name, table }) => tableRow(name, table, antennaNames)),
      },
      ...tables.map(({ table }) => ({
        kind: 'figures' as const,
        figures: tableFigures(table, antennaNames),
      })),
    ],
  };
}

/** Signal-to-noise over the cycles of self-calibration; a cycle that was rolled back is named so. */
export function selfCalFigure(
  cycles: readonly { readonly name: string; readonly snr: number; readonly verdict: string }[],
): FigureBlock {
  return {
    title: 'Self-calibration',
    svg: drawPlot({
      title: 'signal-to-noise by cycle of self-calibration',
      xLabel: 'cycle',
      xWhole: true,
      yLabel: 'peak over noise',
      layers: [
        { kind: 'line', x: cycles.map((_, index) => index), y: cycles.map(({ snr }) => snr) },
        { kind: 'points', x: cycles.map((_, index) => index), y: cycles.map(({ snr }) => snr), colour: 0 },
      ],
      yRange: [0, 1.1 * Math.max(1, ...cycles.map(({ snr }) => snr))],
    }),
    caption: cycles
      .map(({ name, snr, verdict }, index) => `${index}: ${name}, ${formatNumber(snr)} (${verdict})`)
      .join('; '),
  };
}

/** A spectrum with its continuum ranges shaded. */
export function spectrumFigure(
  title: string,
  frequencyHz: Float64Array,
  values: Float64Array,
  options: Readonly<{ yLabel: string; ranges?: readonly { readonly from: number; readonly to: number }[] }>,
): FigureBlock {
  const ghz = frequencyHz.map((hz) => hz / 1e9);
  const step = ghz.length > 1 ? (ghz[1] ?? 0) - (ghz[0] ?? 0) : 0;
  return {
    title,
    svg: drawPlot({
      title,
      xLabel: 'frequency [GHz]',
      yLabel: options.yLabel,
      layers: [{ kind: 'line', x: ghz, y: values }],
      bands: (options.ranges ?? []).map(({ from, to }) => ({
        from: (ghz[from] ?? 0) - step / 2,
        to: (ghz[to] ?? 0) + step / 2,
        name: `continuum, channels ${from} to ${to}`,
      })),
    }),
    ...(options.ranges === undefined ? {} : { caption: 'Shaded: channels taken as continuum.' }),
  };
}
