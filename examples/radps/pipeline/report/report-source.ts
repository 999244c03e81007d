import { STAGES } from '../products/stage-name.ts';
import type { StageName } from '../products/stage-name.ts';
import { readStageProducts } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import type { ReportFacts } from './report-facts.ts';

/** What a report is drawn from: a products folder, and what the stages in it say that they left there. */
export interface ReportSource {
  readonly products: string;
  readonly stages: { readonly [Stage in StageName]?: StageProducts<Stage> };
  /** Stages whose `stage.json` is there and cannot be used, and why. */
  readonly unusable: readonly { readonly stage: StageName; readonly why: string }[];
  /** Stages that ended badly in this run, though an earlier one left products: these are not shown. */
  readonly outdated: readonly StageName[];
}

/** A stage in one of these states has made nothing; it may have begun to overwrite what is there. */
const WITHOUT_PRODUCTS = new Set([
  'failed',
  'crashed',
  'cancelled',
  'upstream_failed',
  'skipped',
  'rolled_back',
]);

/** Reads what there is. A stage that cannot be read is told, and does not keep the others from being shown. */
export async function readReportSource(products: string, told: ReportFacts['stages']): Promise<ReportSource> {
  const outdated: StageName[] = [];
  const stages: Partial<Record<StageName, StageProducts<StageName>>> = {};
  const unusable: { stage: StageName; why: string }[] = [];
  for (const stage of STAGES) {
    try {
      const found = await readStageProducts(products, stage);
      const state = told.find((entry) => entry.stage === stage)?.state ?? '';
      if (found === undefined) continue;
      if (WITHOUT_PRODUCTS.has(state)) outdated.push(stage);
      else stages[stage] = found;
    } catch (error) {
      unusable.push({ stage, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { products, stages: stages as ReportSource['stages'], unusable, outdated };
}
