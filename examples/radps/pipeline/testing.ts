import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { openStore, startRun, threads } from 'sidereal';
import type { RunOutcome } from 'sidereal';
import { examplePipeline, pipelineResult } from './example-pipeline.ts';
import type { PipelineResult, StageOutcome } from './example-pipeline.ts';

/** A small observation that the whole pipeline does in seconds. */
export const SMALL = {
  seed: 1,
  channels: 12,
  spectralWindows: 2,
  fields: 1,
  antennas: 12,
  visits: 3,
  line: true,
  positionErrors: true,
} as const;

const DEFAULTS = {
  simulation: SMALL,
  services: { kind: 'simulated', positions: 'ok' },
  failures: { stages: [], rate: 0, seed: 1 },
} as const;

/** Runs the pipeline in a store of its own below `folder`; how it ended. */
export async function runPipeline(
  folder: string,
  input: Readonly<Record<string, unknown>>,
): Promise<RunOutcome> {
  const { definition } = examplePipeline;
  const flow = { ...definition, options: { ...definition.options, runner: threads(2) } };
  const store = await openStore(join(folder, 'store'));
  try {
    return await startRun(flow, { ...DEFAULTS, ...input }, { store, validate: true }).outcome;
  } finally {
    await store.close();
  }
}

/** The same for a run that must end well. */
export async function completePipeline(
  folder: string,
  input: Readonly<Record<string, unknown>>,
): Promise<PipelineResult> {
  const { error, value } = await runPipeline(folder, input);
  if (error !== undefined) throw error;
  return pipelineResult.parse(value);
}

/** How a stage of a result ended. */
export function outcomeOf({ stages }: PipelineResult, stage: string): StageOutcome | undefined {
  return stages.find((outcome) => outcome.stage === stage);
}

/** Digests of all files below a folder, by their path in it. */
export async function digests(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found[relative(folder, path)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return found;
}
