import { join } from 'node:path';
import {
  cleanFigure,
  drawImageGrid,
  formatNumber,
  jansky,
  residualFigure,
  selfCalFigure,
  skyFigure,
  tableFigures,
} from '../../report/index.ts';
import type { Block, FigureBlock, ImageGrid, Section } from '../../report/index.ts';
import type { ImageFile, StageOutputs } from '../products/stage-outputs.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { readTable } from '../products/calibration-file.ts';
import { antennaNames } from './draw-calibration.ts';
import { IMAGE_COLUMNS, imageRow } from './draw-calibrators.ts';
import { reasonText } from './reason-text.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';
import { readSkyImage } from './sky-image.ts';

type SelfCal = StageOutputs['continuum-selfcal']['selfCal'][number];

/** Images of all windows together, with what self-calibration made of them. */
export async function drawContinuum({ stages }: ReportSource): Promise<Section | undefined> {
  const stage = stages['continuum-selfcal'];
  if (stage === undefined) return undefined;
  const { images, selfCal } = stage.outputs;
  const fields = limited([...new Set(images.map(({ field }) => field))], LIMITS.continuumFields, 'targets');
  const blocks: Block[] = [];
  for (const field of fields.shown) {
    const own = images.filter((image) => image.field === field);
    const told = selfCal.find((entry) => entry.field === field);
    blocks.push(
      { kind: 'heading', text: field },
      { kind: 'figures', figures: await fieldFigures(stage, own, told) },
      ...(told === undefined || told.tables.length === 0
        ? []
        : [await selfCalTables(stage.folder, told, antennaNames(stages))]),
    );
  }
  return {
    title: 'Continuum images',
    note: `Line-free channels of all windows. The ellipse is the beam at half power.${fields.note}`,
    blocks: [
      ...blocks,
      { kind: 'heading', text: 'All continuum images' },
      { kind: 'table', columns: IMAGE_COLUMNS, rows: images.slice(0, LIMITS.tableRows).map(imageRow) },
      ...(selfCal.length === 0 ? [] : [selfCalTable(selfCal)]),
    ],
  };
}

/** The last image of a field is the best one; one before it is that without self-calibration. */
async function fieldFigures(
  { folder }: StageProducts<'continuum-selfcal'>,
  images: readonly ImageFile[],
  selfCal: SelfCal | undefined,
): Promise<FigureBlock[]> {
  const last = images.at(-1);
  const [first] = images;
  if (last === undefined || first === undefined) return [];
  const scale = {
    low: -5 * last.noiseJy,
    high: Math.max(last.peakJy, 10 * last.noiseJy),
    stretch: 'asinh',
    softness: 5 * last.noiseJy,
  } as const;
  const figures: FigureBlock[] = [];
  const improved = selfCal !== undefined && selfCal.state !== 'skipped';
  const hasBefore = first !== last;
  if (hasBefore) {
    figures.push(
      skyFigure('Before self-calibration', await readSkyImage(folder, first.image), {
        scale,
        caption: captionOf(first),
      }),
    );
  }
  const title = improved ? 'After self-calibration' : 'Image';
  const told = hasBefore ? ' In the same colours.' : '';
  const cycles = selfCal?.cycles ?? [];
  figures.push(
    skyFigure(title, await readSkyImage(folder, last.image), { scale, caption: `${captionOf(last)}${told}` }),
    residualFigure('Residual', await readSkyImage(folder, last.residual), last.noiseJy, last.thermalNoiseJy),
    cleanFigure('Convergence of CLEAN', last.cycles, reasonText(last.reason)),
  );
  // An even number, so that no place on the page stays empty.
  if (hasBefore === cycles.length > 1)
    figures.push(
      skyFigure('Dirty image', await readSkyImage(folder, last.dirty), { caption: 'Before deconvolution.' }),
    );
  if (cycles.length > 1) figures.push(selfCalFigure(cycles));
  return figures;
}

/** The gains of self-calibration, closed at first: they are many pictures. */
async function selfCalTables(
  folder: string,
  { tables }: SelfCal,
  antennas: readonly string[],
): Promise<Block> {
  const paths = [...new Set(tables.map(({ path }) => path))];
  const drawn = limited(paths, LIMITS.selfCalTables, 'tables');
  const figures: FigureBlock[] = [];
  for (const path of drawn.shown) {
    const name = path.replace(/^.*\//, '').replace(/\.json$/, '');
    figures.push(
      ...tableFigures(await readTable(join(folder, path)), antennas.slice(0, LIMITS.antennas), name),
    );
  }
  return {
    kind: 'details',
    summary: `Gains of self-calibration: ${paths.length} table${paths.length === 1 ? '' : 's'}, in the order of application.${drawn.note}`,
    blocks: [{ kind: 'figures', figures }],
  };
}

function captionOf({ peakJy, noiseJy, snr }: ImageFile): string {
  return `Peak ${jansky(peakJy, '/beam')}, noise ${jansky(noiseJy, '/beam')}, signal-to-noise ${formatNumber(snr)}.`;
}

function selfCalTable(rows: readonly SelfCal[]): Block {
  const tones = { improved: 'good', rolled_back: 'fair', skipped: 'none' } as const;
  return {
    kind: 'table',
    columns: ['target', 'self-calibration', 'signal-to-noise before', 'best', 'cycles', 'why it ended'],
    rows: rows.slice(0, LIMITS.tableRows).map(({ field, state, reason, cycles }) => [
      field,
      { chip: state.replace('_', ' '), tone: tones[state] },
      { number: formatNumber(cycles[0]?.snr ?? Number.NaN) },
      {
        number: formatNumber(cycles.length === 0 ? Number.NaN : Math.max(...cycles.map(({ snr }) => snr))),
      },
      { number: String(Math.max(0, cycles.length - 1)) },
      { long: reasonText(reason) },
    ]),
  };
}

/** An image of each spectral window, those of a field in the same colours. */
export async function drawWindows({ stages }: ReportSource): Promise<Section | undefined> {
  const stage = stages['continuum-spw'];
  if (stage === undefined) return undefined;
  const { images, selfCalibrated } = stage.outputs;
  const fields = limited([...new Set(images.map(({ field }) => field))], LIMITS.continuumFields, 'targets');
  const figures: FigureBlock[] = [];
  for (const field of fields.shown) {
    const own = images.filter((image) => image.field === field);
    figures.push(await windowGrid(stage.folder, field, own));
  }
  const applied =
    selfCalibrated.length === 0
      ? 'No self-calibration was applied.'
      : `Self-calibrated: ${selfCalibrated.join(', ')}.`;
  return {
    title: 'Images by spectral window',
    note: `Line-free channels of one window each. ${applied}${fields.note}`,
    blocks: [
      { kind: 'figures', figures },
      { kind: 'table', columns: IMAGE_COLUMNS, rows: images.slice(0, LIMITS.tableRows).map(imageRow) },
    ],
  };
}

async function windowGrid(folder: string, field: string, images: readonly ImageFile[]): Promise<FigureBlock> {
  const drawn = limited(images, LIMITS.windowImages, 'windows');
  const panels: { name: string; note: string; pixels: Float64Array }[] = [];
  for (const { image, spw, frequencyHz } of drawn.shown) {
    const { pixels } = await readSkyImage(folder, image);
    panels.push({ name: `window ${spw ?? '–'}`, note: `${(frequencyHz / 1e9).toFixed(4)} GHz`, pixels });
  }
  const noiseJy = Math.max(...drawn.shown.map((image) => image.noiseJy));
  const peakJy = Math.max(...drawn.shown.map((image) => image.peakJy), 10 * noiseJy);
  const [first] = drawn.shown;
  const milli = peakJy < 1;
  const grid: ImageGrid = {
    panels,
    size: first?.size ?? 1,
    cellRad: first?.cellRad ?? 1,
    ...(first === undefined ? {} : { beam: first.beam }),
    scale: { low: -5 * noiseJy, high: peakJy, stretch: 'asinh', softness: 5 * noiseJy },
    unit: milli ? 'mJy/beam' : 'Jy/beam',
    unitScale: milli ? 1e3 : 1,
  };
  return {
    title: field,
    wide: true,
    svg: drawImageGrid(grid),
    caption: `Beam of the first window.${drawn.note}`,
  };
}
