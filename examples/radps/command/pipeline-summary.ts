import { relative, sep } from 'node:path';
import type { PipelineResult, StageOutcome } from '../pipeline/example-pipeline.ts';
import { LOW_SCORE } from '../pipeline/stage-quality.ts';
import { textTable } from './text-table.ts';

/** What is printed at the end of a run of the nine stages. */
export function pipelineSummary(
  runId: string,
  seconds: number,
  { out, report, stages }: PipelineResult,
): string {
  const rows = stages.map((stage) => [
    stage.stage,
    stage.state,
    stage.seconds === undefined ? '' : `${stage.seconds.toFixed(1)} s`,
    score(stage),
    stage.message ?? '',
  ]);
  return `${[
    `run       ${runId} completed in ${seconds.toFixed(1)} s`,
    '',
    ...textTable(['stage', 'state', 'time', 'quality', 'worst of its scores'], rows, new Set([2, 3])),
    '',
    `products  ${shown(out)}/stages/<stage>/`,
    `look      ${shown(report)} in a browser`,
    `again     npm start -- --only STAGE --inputs ${runId}`,
    `more      npx sidereal show ${runId}`,
  ].join('\n')}\n`;
}

function score({ score: value }: StageOutcome): string {
  if (value === undefined || value === null) return 'n/a';
  if (value === 'failed') return 'no score';
  return `${value.toFixed(2)}${value < LOW_SCORE ? ' low' : ''}`;
}

/** A path as one types it: relative to the working directory if it lies beneath it. */
export function shown(path: string): string {
  const beneath = relative(process.cwd(), path);
  return beneath === '' || beneath.startsWith(`..${sep}`) || beneath === '..' ? path : beneath;
}
