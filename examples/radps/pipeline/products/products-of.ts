import { z } from 'zod';
import type { StageName } from './stage-name.ts';
import type { StageProducts } from './stage-products.ts';

/** A field of a stage's input: what an earlier stage made, from the same run or from a products folder. */
export function productsOf<Stage extends StageName>(stage: Stage): z.ZodType<StageProducts<Stage>> {
  return z.custom<StageProducts<Stage>>(
    (value) => typeof value === 'object' && value !== null && 'stage' in value && value.stage === stage,
    { error: `the products of stage ${stage} are expected` },
  );
}
