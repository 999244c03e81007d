import { join } from 'node:path';
import { task } from 'sidereal';
import { writeProducts } from '../../science/index.ts';
import { failAtRandom } from '../failures/mock-failure.ts';
import type { MockFailures } from '../failures/mock-failure.ts';
import type { StageName } from '../products/stage-name.ts';
import type { ImageFile } from '../products/stage-outputs.ts';
import { RETRIES } from '../retries.ts';
import { fileName } from '../visibilities.ts';
import type { FieldWindow } from '../visibilities.ts';
import type { ContinuumImage } from './continuum-clean.ts';
import { windowAt } from './continuum-window.ts';
import { productHeader } from './product-header.ts';

/** Where an image goes, and what its header says of how it was made. */
export interface ExportPlan {
  readonly stage: StageName;
  /** Folder of the stage. */
  readonly folder: string;
  /** One spectral window, or all of them combined (null). */
  readonly spw: number | null;
  readonly history: readonly string[];
  readonly failures: MockFailures;
}

/** Writes a continuum image, its residual, dirty image and model as FITS, and says what is in them. */
export const exportImage = task(
  { name: 'export-image', on: 'threads', retries: RETRIES },
  async (
    { image }: { readonly image: ContinuumImage },
    windows: readonly FieldWindow[],
    indices: readonly number[],
    { stage, folder, spw, history, failures }: ExportPlan,
  ): Promise<ImageFile> => {
    const own = indices.map((index) => windowAt(windows, index));
    const { field, fieldIndex } = windowAt(own, 0).file;
    const header = productHeader(own, history);
    const name = spw === null ? fileName(field) : `${fileName(field)}.spw${spw}`;
    failAtRandom(failures, stage, name);
    await writeProducts(
      join(folder, 'images'),
      name,
      { ...image, stop: 'threshold', history: NO_HISTORY },
      header,
    );
    const path = (kind: string): string => `images/${name}.${kind}.fits`;
    const { size, cellRad, frequencyHz, beam, peakJy, noiseJy, thermalNoiseJy, snr, modelFluxJy } = image;
    return {
      field,
      fieldIndex,
      spw,
      image: path('image'),
      residual: path('residual'),
      dirty: path('dirty'),
      model: path('model'),
      size,
      cellRad,
      frequencyHz,
      beam,
      peakJy,
      noiseJy,
      thermalNoiseJy,
      snr,
      modelFluxJy,
      cycles: [...image.cycles],
      reason: image.reason,
    };
  },
);

const NO_HISTORY = new Float64Array(0);
