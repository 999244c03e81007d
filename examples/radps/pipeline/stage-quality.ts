import { qa, run } from 'sidereal';
import { scoreBetween } from './quality.ts';
import type { StageName } from './products/stage-name.ts';
import type { QaRecord } from './products/stage-products.ts';

/** A score below this is low: the operator should look. */
export const LOW_SCORE = 0.67;

/** What is to be judged. */
export interface QualityQuestion {
  readonly name: string;
  readonly metric: { readonly name: string; readonly unit: string };
  /** The figure; the scoring has failed if this throws, or gives no number. */
  readonly value: () => number;
  /** Values that score 0 and 1. */
  readonly worst: number;
  readonly best: number;
  readonly message: (value: number) => string;
  readonly scope?: Readonly<Record<string, string | number>>;
}

/**
 * The QA scores of one stage: recorded with the run, and collected for the stage's products. Scores are bad below
 * 0.33, poor below 0.66, fair below 0.90, good above (the bands of the ALMA pipeline); the worst one stands for the
 * stage. A scoring that failed, and one that does not apply, are neither good nor bad.
 */
export class StageQuality {
  readonly #stage: StageName;
  readonly #records: QaRecord[] = [];
  /** When the stage began, ms since the epoch. */
  readonly startedMs = run.now();

  constructor(stage: StageName) {
    this.#stage = stage;
  }

  get records(): readonly QaRecord[] {
    return this.#records;
  }

  async judge({ value: measure, worst, best, message, ...rest }: QualityQuestion): Promise<void> {
    const scope = rest.scope === undefined ? {} : { scope: rest.scope };
    let value: number;
    try {
      value = measure();
      if (!Number.isFinite(value)) throw new RangeError(`the ${rest.metric.name} is ${value}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      await qa({ name: rest.name, error: why, ...scope });
      this.#records.push({ name: rest.name, score: 'failed', message: `scoring failed: ${why}`, ...scope });
      return;
    }
    const score = scoreBetween(value, worst, best);
    const record = {
      name: rest.name,
      score,
      metric: { ...rest.metric, value },
      message: message(value),
      ...scope,
    };
    await qa(record);
    if (score < LOW_SCORE)
      run.log.warn(`low_qa.${this.#stage}`, { name: rest.name, score, message: record.message, ...scope });
    this.#records.push(record);
  }

  /** There is nothing to judge. */
  async notApplicable(
    name: string,
    why: string,
    scope?: Readonly<Record<string, string | number>>,
  ): Promise<void> {
    const where = scope === undefined ? {} : { scope };
    await qa({ name, score: null, message: why, ...where });
    this.#records.push({ name, score: null, message: why, ...where });
  }
}

/** The score that stands for a stage: the worst of its children; a failed scoring only if there is no number. */
export function representativeScore(records: readonly QaRecord[]): QaRecord | undefined {
  const numbers = records.filter(({ score }) => typeof score === 'number');
  const [worst] = numbers.toSorted((a, b) => Number(a.score) - Number(b.score));
  return worst ?? records.find(({ score }) => score === 'failed') ?? records[0];
}
