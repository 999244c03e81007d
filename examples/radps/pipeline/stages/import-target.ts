import { flow } from 'sidereal';
import type { StageProducts } from '../products/stage-products.ts';
import { importSettings, importSources } from './import-sources.ts';

/** Stage 5: the targets, imported, at the right antenna positions if the service knows better ones, flagged. */
export const importTarget = flow(
  { name: 'import-target', input: importSettings },
  async (settings): Promise<StageProducts<'import-target'>> => {
    const made = await importSources('import-target', ['target'], settings);
    return { ...made, stage: 'import-target' };
  },
);
