import { beamText, formatNumber, jansky, skyFigure } from '../../report/index.ts';
import type { Cell, FigureBlock, Section } from '../../report/index.ts';
import type { ImageFile } from '../products/stage-outputs.ts';
import { reasonText } from './reason-text.ts';
import { LIMITS, limited } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';
import { readSkyImage } from './sky-image.ts';

/** What {@link imageRow} tells. */
export const IMAGE_COLUMNS = [
  'image',
  'frequency',
  'beam',
  'peak',
  'noise',
  'thermal noise',
  'peak / noise',
  'model flux',
  'cycles',
  'CLEAN ended',
] as const;

/** One image in a line. */
export function imageRow(image: ImageFile): Cell[] {
  const { field, spw, frequencyHz, beam, peakJy, noiseJy, thermalNoiseJy, snr, modelFluxJy, cycles, reason } =
    image;
  return [
    spw === null ? field : `${field}, window ${spw}`,
    { number: `${formatNumber(frequencyHz / 1e9, 5)} GHz` },
    { number: beamText(beam) },
    { number: jansky(peakJy, '/beam') },
    { number: jansky(noiseJy, '/beam') },
    { number: jansky(thermalNoiseJy, '/beam') },
    { number: formatNumber(snr) },
    { number: jansky(modelFluxJy) },
    { number: String(cycles.length) },
    reasonText(reason),
  ];
}

/** Images of the calibrators. */
export async function drawCalibrators({ stages }: ReportSource): Promise<Section | undefined> {
  const stage = stages['image-calibrators'];
  if (stage === undefined) return undefined;
  const { images } = stage.outputs;
  const drawn = limited(images, LIMITS.calibratorImages, 'images');
  const figures: FigureBlock[] = [];
  for (const image of drawn.shown) {
    const sky = await readSkyImage(stage.folder, image.image);
    const where = image.spw === null ? '' : `, window ${image.spw}`;
    figures.push(
      skyFigure(`${image.field}${where}`, sky, {
        caption: `Peak ${jansky(image.peakJy, '/beam')}, noise ${jansky(image.noiseJy, '/beam')}, beam ${beamText(image.beam)}.`,
      }),
    );
  }
  return {
    title: 'Calibrators',
    note: `A calibrator should be a single point in the middle of its image.${drawn.note}`,
    blocks: [
      { kind: 'figures', figures },
      { kind: 'table', columns: IMAGE_COLUMNS, rows: images.slice(0, LIMITS.tableRows).map(imageRow) },
    ],
  };
}
