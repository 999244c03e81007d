import { SiderealError, task } from 'sidereal';
import type { Plan } from './plan.ts';
import type { StageName } from './products/stage-name.ts';
import { forgetStageProducts, readStageProducts } from './products/stage-products.ts';
import type { StageProducts } from './products/stage-products.ts';

/** Products of stages that are not run, by stage. */
export type EarlierProducts = { readonly [Stage in StageName]?: StageProducts<Stage> };

/**
 * Finds the products that a plan takes from earlier, in a products folder. Throws `INPUTS_MISSING` and names every
 * stage whose products are not there.
 */
export const loadProducts = task(
  { name: 'load-products', on: 'inline' },
  async ({ run, load, loadIfThere }: Plan, folder: string): Promise<EarlierProducts> => {
    const found: Partial<Record<StageName, StageProducts<StageName>>> = {};
    const missing: StageName[] = [];
    for (const stage of [...load, ...loadIfThere]) {
      const products = await readStageProducts(folder, stage);
      if (products !== undefined) found[stage] = products;
      else if (load.includes(stage)) missing.push(stage);
    }
    if (missing.length > 0) {
      throw new SiderealError(
        'INPUTS_MISSING',
        `${run.join(', ')} cannot run: in ${folder} there are no products of ${missing.join(', ')}`,
        {
          remedy: `Give the products folder of an earlier run (--inputs DIR), or its id (--inputs RUN), or run ${missing[0]} as well (--from ${missing[0]}).`,
        },
      );
    }
    return found as EarlierProducts;
  },
);

/** Before stages run: what they left in this folder earlier is no longer taken for whole, whatever becomes of the run. */
export const forgetProducts = task(
  { name: 'forget-products', on: 'inline' },
  async (stages: readonly StageName[], folder: string): Promise<void> => {
    for (const stage of stages) await forgetStageProducts(folder, stage);
  },
);
