/**
 * A products folder holds one folder a stage, `stages/<stage>/`, with the files that the stage made and
 * `stage.json`, which says what they are. It is written last, so a stage whose `stage.json` is there is whole.
 * The same stage with the same inputs writes the same bytes: nothing in these files tells the time or the run.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SiderealError } from 'sidereal';
import { z } from 'zod';
import { stageOutputs } from './stage-outputs.ts';
import type { StageOutputs } from './stage-outputs.ts';
import type { StageName } from './stage-name.ts';
import { writeProduct } from '../write-file.ts';

/** A QA score as it stands in the products. */
export const qaRecord = z.object({
  name: z.string(),
  /** 0 … 1; null: not applicable; `failed`: the scoring itself failed. */
  score: z.union([z.number(), z.null(), z.literal('failed')]),
  metric: z.object({ name: z.string(), value: z.number(), unit: z.string() }).optional(),
  message: z.string(),
  scope: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type QaRecord = z.infer<typeof qaRecord>;

const manifest = z.object({
  format: z.literal('radps-stage'),
  version: z.literal(1),
  stage: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  qa: z.array(qaRecord),
  outputs: z.unknown(),
});

/** What one stage made. */
export interface StageProducts<Stage extends StageName> {
  readonly stage: Stage;
  /** Folder that the paths in `outputs` are relative to. */
  readonly folder: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly qa: readonly QaRecord[];
  readonly outputs: StageOutputs[Stage];
  /** When it was made, if in this run; not part of what is written. */
  readonly took?: { readonly startedMs: number; readonly endedMs: number };
}

/** Where a stage's products are in a products folder. */
export function stageFolder(products: string, stage: StageName): string {
  return join(products, 'stages', stage);
}

/** Writes `stage.json`, which makes the stage's products whole. */
export async function writeStageProducts<Stage extends StageName>(
  products: StageProducts<Stage>,
): Promise<void> {
  const { stage, folder, parameters, qa, outputs } = products;
  const text = JSON.stringify(
    { format: 'radps-stage', version: 1, stage, parameters, qa, outputs },
    undefined,
    1,
  );
  await writeProduct(join(folder, 'stage.json'), `${text}\n`);
}

/** Says that a stage's products, if there are any, are not whole: it is about to be made again. */
export async function forgetStageProducts(products: string, stage: StageName): Promise<void> {
  await rm(join(stageFolder(products, stage), 'stage.json'), { force: true });
}

/** Is there a whole stage in this products folder? Throws `PRODUCTS_INVALID` for what is there and cannot be used. */
export async function readStageProducts<Stage extends StageName>(
  products: string,
  stage: Stage,
): Promise<StageProducts<Stage> | undefined> {
  const folder = stageFolder(products, stage);
  const path = join(folder, 'stage.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw invalid(path, String(error), error);
  }
  try {
    const read = manifest.parse(JSON.parse(text));
    if (read.stage !== stage) throw new RangeError(`it is of stage ${read.stage}`);
    const outputs = stageOutputs[stage].parse(read.outputs) as StageOutputs[Stage];
    return { stage, folder, parameters: read.parameters, qa: read.qa, outputs };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw invalid(path, why, error);
  }
}

function invalid(path: string, why: string, cause: unknown): SiderealError<'PRODUCTS_INVALID'> {
  return new SiderealError('PRODUCTS_INVALID', `${path} cannot be used: ${why}`, {
    cause,
    remedy: 'Make the stage again, or give another products folder: --inputs DIR.',
  });
}
