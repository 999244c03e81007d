import { run, SiderealError, task } from 'sidereal';
import { importObservation, subtractContinuum } from '../../science/index.ts';
import type { ChannelRange } from '../../science/index.ts';
import { join } from 'node:path';
import type { StageOutputs, VisibilityFile } from '../products/stage-outputs.ts';
import { RETRIES } from '../retries.ts';
import { writeVisibilities } from '../visibilities.ts';

/** Visibilities without their continuum, on disk, and how the fit went. */
export interface SubtractedWindow {
  readonly file: VisibilityFile;
  readonly frequencyHz: readonly number[];
  readonly fit: StageOutputs['cube']['subtraction'][number];
}

/** Where visibilities come from and go to. */
export interface SubtractionPlan {
  readonly from: string;
  readonly to: string;
  /** A spectral window that is made to fail, for good. */
  readonly failSpw: number | undefined;
}

/** Fits the line-free channels of one field in one spectral window and takes the fit off all: what is left are lines. */
export const subtractWindow = task(
  { name: 'subtract-continuum', on: 'threads', retries: RETRIES },
  async (
    { from, to, failSpw }: SubtractionPlan,
    file: VisibilityFile,
    ranges: readonly ChannelRange[],
  ): Promise<SubtractedWindow> => {
    const { field, fieldIndex, spw } = file;
    if (spw === failSpw) {
      throw new SiderealError('SPW_FAILED', `spectral window ${spw} of ${field} was made to fail`, {
        remedy: 'Nothing: --fail-spw asks for this. With --on-spw-failure continue the others go on.',
      });
    }
    const { sets, ...header } = await importObservation(join(from, file.path));
    const [set] = sets;
    if (set === undefined) throw new RangeError(`${file.path} has no spectral window`);
    const { set: lines, fitted, failed, reducedChiSquare } = subtractContinuum(set, ranges);
    run.log('continuum subtracted', { field, spw, fitted, failed, reducedChiSquare });
    const written = await writeVisibilities(to, header, { fieldIndex, spw, set: lines });
    return {
      file: written,
      frequencyHz: [...set.frequencyHz],
      fit: { field, fieldIndex, spw, path: written.path, fitted, failed, reducedChiSquare },
    };
  },
);
