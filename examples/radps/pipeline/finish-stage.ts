import { artifact, run, task } from 'sidereal';
import type { StageName } from './products/stage-name.ts';
import type { StageOutputs } from './products/stage-outputs.ts';
import { stageFolder, writeStageProducts } from './products/stage-products.ts';
import type { StageProducts } from './products/stage-products.ts';
import { RETRIES } from './retries.ts';
import type { StageQuality } from './stage-quality.ts';

const writeStage = task(
  { name: 'write-stage', retries: RETRIES },
  async (products: StageProducts<StageName>): Promise<void> => {
    await writeStageProducts(products);
  },
);

/** Last step of a stage: writes `stage.json`, records what the stage made, and gives it to the stages after it. */
export async function finishStage<Stage extends StageName>(
  stage: Stage,
  products: string,
  parameters: StageProducts<Stage>['parameters'],
  quality: StageQuality,
  outputs: StageOutputs[Stage],
): Promise<StageProducts<Stage>> {
  const folder = stageFolder(products, stage);
  const made: StageProducts<Stage> = { stage, folder, parameters, qa: quality.records, outputs };
  await writeStage(made);
  await artifact.file('products', `${folder}/stage.json`, `what ${stage} made`);
  return { ...made, took: { startedMs: quality.startedMs, endedMs: run.now() } };
}
