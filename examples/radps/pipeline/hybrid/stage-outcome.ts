import { qa, run } from 'sidereal';
import type { StageOutcome } from '../../report/index.ts';
import { formatNumber } from '../../report/index.ts';
import { judge, scoreBetween } from '../quality.ts';
import type { Judgement } from '../quality.ts';

/**
 * Judges the figure that matters most for the current stage, and says what the report shows of the stage.
 * `startedMs` is when it had what it needs.
 */
export async function judgeStage(startedMs: number, judgement: Judgement): Promise<StageOutcome> {
  await judge(judgement);
  const { metric, worst, best, message } = judgement;
  const unit = metric.unit === '' || metric.unit === '%' ? metric.unit : ` ${metric.unit}`;
  return {
    ...ended(startedMs),
    score: scoreBetween(metric.value, worst, best),
    metric: `${metric.name}: ${formatNumber(metric.value)}${unit}`,
    message,
  };
}

/** The same for a stage that nothing can be scored of. */
export async function judgeNothing(startedMs: number, name: string, message: string): Promise<StageOutcome> {
  await qa({ name, score: null, message });
  return { ...ended(startedMs), score: null, message };
}

function ended(startedMs: number): Pick<StageOutcome, 'name' | 'state' | 'seconds'> {
  return { name: run.name, state: 'completed', seconds: (run.now() - startedMs) / 1000 };
}
