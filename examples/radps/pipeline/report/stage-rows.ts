import { formatNumber } from '../../report/index.ts';
import type { PipelineQa, PipelineStage } from '../../report/index.ts';
import { STAGES, STAGE_TITLES } from '../products/stage-name.ts';
import type { QaRecord } from '../products/stage-products.ts';
import { representativeScore } from '../stage-quality.ts';
import { PLACES } from './pipeline-picture.ts';
import type { ReportFacts } from './report-facts.ts';
import type { ReportSource } from './report-source.ts';

/** Every stage with its state in this run, and the worst of the scores that its products have. */
export function stageRows({ stages, unusable, outdated }: ReportSource, facts: ReportFacts): PipelineStage[] {
  return STAGES.map((stage) => {
    const told = facts.stages.find((entry) => entry.stage === stage);
    const state = told?.state ?? 'not run';
    const products = stages[stage];
    const broken = unusable.find((entry) => entry.stage === stage);
    const worst = representativeScore(products?.qa ?? []);
    const notes = [
      told?.reason ?? '',
      broken === undefined ? '' : `its products cannot be shown: ${broken.why}`,
      outdated.includes(stage) ? 'products of an earlier run are there, and not shown' : '',
      state === 'not run' && products !== undefined ? 'what is shown is of an earlier run' : '',
      worst?.message ?? '',
    ];
    return {
      id: stage,
      title: STAGE_TITLES[stage],
      ...PLACES[stage],
      state,
      ...(told?.seconds === undefined ? {} : { seconds: told.seconds }),
      ...(worst === undefined ? {} : { score: worst.score, metric: metricText(worst) }),
      message: notes.filter((note) => note !== '').join('; '),
    };
  });
}

/** Every score of every stage, in the order in which they were judged. */
export function qaRows({ stages }: ReportSource): PipelineQa[] {
  return STAGES.flatMap((stage) =>
    (stages[stage]?.qa ?? []).map((record) => ({
      stage: STAGE_TITLES[stage],
      name: record.name,
      score: record.score,
      metric: metricText(record),
      scope: Object.entries(record.scope ?? {})
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
      message: record.message,
    })),
  );
}

function metricText({ metric }: QaRecord): string {
  if (metric === undefined) return '';
  const unit = metric.unit === '' ? '' : ` ${metric.unit}`;
  return `${metric.name}: ${formatNumber(metric.value)}${unit}`;
}
