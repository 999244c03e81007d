import { join } from 'node:path';
import {
  drawImageGrid,
  drawPlot,
  formatNumber,
  jansky,
  skyFigure,
  spectrumFigure,
} from '../../report/index.ts';
import type { Block, FigureBlock, Section } from '../../report/index.ts';
import { FitsPlanes } from '../../science/index.ts';
import type { StageOutputs } from '../products/stage-outputs.ts';
import { reasonText } from './reason-text.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';
import { readSkyImage } from './sky-image.ts';

type Cube = StageOutputs['cube']['cubes'][number];
type LineRanges = StageOutputs['calibrate-target']['continuum'][number];

/** Spectral cubes: where the brightest line is, its spectrum, its channels; and how the continuum was taken off. */
export async function drawCubes({ stages }: ReportSource): Promise<Section | undefined> {
  const stage = stages.cube;
  if (stage === undefined) return undefined;
  const { cubes, subtraction, failed } = stage.outputs;
  const drawn = limited(
    cubes.toSorted((a, b) => b.snr - a.snr),
    LIMITS.cubes,
    'cubes',
  );
  const blocks: Block[] = [];
  for (const cube of drawn.shown) {
    const search = stages['calibrate-target']?.outputs.continuum.find(
      ({ field, spw }) => field === cube.field && spw === cube.spw,
    );
    blocks.push(
      { kind: 'heading', text: `${cube.field}, window ${cube.spw}` },
      { kind: 'figures', figures: await cubeFigures(stage.folder, cube, search) },
    );
  }
  return {
    title: 'Spectral cubes',
    note: `Continuum subtracted, CLEANed channel by channel, restored with one beam.${drawn.note}`,
    blocks: [
      ...blocks,
      { kind: 'heading', text: 'All cubes' },
      cubeTable(cubes),
      {
        kind: 'heading',
        text: 'Continuum subtraction',
        note: 'A line fitted to the line-free channels of each baseline and time.',
      },
      subtractionTable(subtraction),
      ...(failed.length === 0 ? [] : [failedTable(failed)]),
    ],
  };
}

/** A cube without a line has nothing to see in its channels: its highest values and one spectrum are enough. */
async function cubeFigures(
  folder: string,
  cube: Cube,
  search: LineRanges | undefined,
): Promise<FigureBlock[]> {
  const map = await readSkyImage(folder, cube.peakMap);
  const figures = [
    skyFigure(
      'Peak map',
      { ...map, beam: map.beam ?? cube.beam },
      {
        caption: 'The highest value along frequency.',
        marks: [{ l: cube.peak.l, m: cube.peak.m, label: 'peak' }],
      },
    ),
    spectrumAtPeak(cube, search?.ranges),
  ];
  if (search?.hasLine === false) return figures;
  await using file = await FitsPlanes.open(join(folder, cube.cube));
  const { size, cellRad, centre, beam = cube.beam } = file.header;
  const pixels = await file.plane(cube.peak.channel);
  const ghz = formatNumber((cube.frequencyHz[cube.peak.channel] ?? 0) / 1e9, 7);
  return [
    ...figures,
    skyFigure(
      `Channel ${cube.peak.channel}`,
      { pixels, size, cellRad, centre, beam },
      { caption: `That of the peak, at ${ghz} GHz.` },
    ),
    cubeCycles(cube),
    await channelMaps(file, cube),
  ];
}

function spectrumAtPeak(
  cube: Cube,
  ranges: readonly { from: number; to: number }[] | undefined,
): FigureBlock {
  const { peak, frequencyHz, spectrumJy } = cube;
  const figure = spectrumFigure(
    'Spectrum at the peak',
    Float64Array.from(frequencyHz),
    Float64Array.from(spectrumJy, (jy) => (jy === null ? Number.NaN : 1e3 * jy)),
    { yLabel: 'mJy/beam', ...(ranges === undefined ? {} : { ranges }) },
  );
  const where = `Peak of ${jansky(peak.jy, '/beam')} at ${formatNumber((frequencyHz[peak.channel] ?? 0) / 1e9, 7)} GHz (channel ${peak.channel}); noise ${jansky(cube.noiseJy, '/beam')}.`;
  return { ...figure, caption: `${where}${ranges === undefined ? '' : ' Shaded: line-free channels.'}` };
}

function cubeCycles({ cycles, reason }: Cube): FigureBlock {
  const x = cycles.map((_, index) => index + 1);
  return {
    title: 'Convergence of CLEAN',
    svg: drawPlot({
      title: 'channels at work and highest residual by major cycle',
      xLabel: 'major cycle',
      xWhole: true,
      yLabel: 'highest residual [mJy/beam]',
      yLog: true,
      layers: [
        { kind: 'line', x, y: cycles.map(({ peakJy }) => 1e3 * peakJy) },
        { kind: 'points', x, y: cycles.map(({ peakJy }) => 1e3 * peakJy), colour: 0 },
      ],
    }),
    caption: `Channels at work in each cycle: ${cycles
      .slice(0, 20)
      .map(({ active }) => active)
      .join(', ')}. Ended: ${reasonText(reason)}.`,
  };
}

/** Channels about the peak, in the same colours. */
async function channelMaps(file: FitsPlanes, cube: Cube): Promise<FigureBlock> {
  const { peak, beam, noiseJy, frequencyHz } = cube;
  const count = Math.min(LIMITS.channelMaps, file.header.planes);
  const first = Math.max(0, Math.min(file.header.planes - count, peak.channel - Math.floor(count / 2)));
  const panels = [];
  for (let channel = first; channel < first + count; channel++) {
    const ghz =
      (frequencyHz[channel] ?? file.header.frequencyHz + channel * file.header.frequencyStepHz) / 1e9;
    panels.push({ name: `${channel}`, note: `${ghz.toFixed(6)} GHz`, pixels: await file.plane(channel) });
  }
  const milli = peak.jy < 1;
  return {
    title: `Channels ${first} to ${first + count - 1}`,
    wide: true,
    svg: drawImageGrid({
      panels,
      size: file.header.size,
      cellRad: file.header.cellRad,
      beam: file.header.beam ?? beam,
      scale: {
        low: -5 * noiseJy,
        high: Math.max(peak.jy, 6 * noiseJy),
        // Faint channels of a strong line show as well.
        stretch: peak.jy > 40 * noiseJy ? 'asinh' : 'linear',
        softness: 5 * noiseJy,
      },
      unit: milli ? 'mJy/beam' : 'Jy/beam',
      unitScale: milli ? 1e3 : 1,
    }),
    caption: 'Channel and frequency above each map; all in the same colours.',
  };
}

function cubeTable(cubes: readonly Cube[]): Block {
  return {
    kind: 'table',
    columns: [
      'target',
      'window',
      'channels',
      'noise',
      'peak',
      'at',
      'signal-to-noise',
      'major cycles',
      'CLEAN ended',
    ],
    rows: cubes
      .slice(0, LIMITS.tableRows)
      .map((cube) => [
        cube.field,
        { number: String(cube.spw) },
        { number: String(cube.frequencyHz.length) },
        { number: jansky(cube.noiseJy, '/beam') },
        { number: jansky(cube.peak.jy, '/beam') },
        { number: `${formatNumber((cube.frequencyHz[cube.peak.channel] ?? 0) / 1e9, 7)} GHz` },
        { number: formatNumber(cube.snr) },
        { number: String(cube.cycles.length) },
        reasonText(cube.reason),
      ]),
  };
}

function subtractionTable(rows: StageOutputs['cube']['subtraction']): Block {
  return {
    kind: 'table',
    columns: ['target', 'window', 'fitted', 'could not be fitted', 'reduced χ²'],
    rows: rows
      .slice(0, LIMITS.tableRows)
      .map((row) => [
        row.field,
        { number: String(row.spw) },
        { number: row.fitted.toLocaleString('en') },
        { number: row.failed.toLocaleString('en') },
        { number: formatNumber(row.reducedChiSquare) },
      ]),
  };
}

function failedTable(rows: StageOutputs['cube']['failed']): Block {
  return {
    kind: 'table',
    columns: ['target', 'window', 'result', 'why'],
    rows: rows
      .slice(0, LIMITS.tableRows)
      .map(({ field, spw, why }) => [
        field,
        { number: String(spw) },
        { chip: 'failed, tolerated', tone: 'bad' },
        { long: why },
      ]),
  };
}
