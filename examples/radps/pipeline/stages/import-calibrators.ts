import { flow } from 'sidereal';
import type { StageProducts } from '../products/stage-products.ts';
import { importSettings, importSources } from './import-sources.ts';

/** Stage 1: the bandpass and the gain calibrator, imported, at the right antenna positions, flagged. */
export const importCalibrators = flow(
  { name: 'import-calibrators', input: importSettings },
  async (settings): Promise<StageProducts<'import-calibrators'>> => {
    const made = await importSources('import-calibrators', ['bandpass', 'gain'], settings);
    return { ...made, stage: 'import-calibrators' };
  },
);
