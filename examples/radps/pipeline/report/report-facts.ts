import { z } from 'zod';
import { STAGES } from '../products/stage-name.ts';

const pairs = z.array(z.tuple([z.string(), z.string()]));

/** What a report tells that does not stand in the products: the run that it is of, and how its stages went. */
export const reportFacts = z.object({
  runId: z.string(),
  /** What the pipeline was run for. */
  mode: z.string(),
  madeAtMs: z.number(),
  parameters: pairs,
  versions: pairs,
  /** All nine; what did not run as `not run`, `taken from earlier products`. */
  stages: z.array(
    z.object({
      stage: z.enum(STAGES),
      state: z.string(),
      /** Why it is in this state. */
      reason: z.string().optional(),
      seconds: z.number().optional(),
    }),
  ),
  /** Compare with the simulated sky, if the products have it. */
  truth: z.boolean(),
});
export type ReportFacts = z.infer<typeof reportFacts>;
