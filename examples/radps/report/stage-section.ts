import type { Cell, Section, Tone } from './page.ts';
import { formatNumber } from './ticks.ts';

/** 0 … 1; `failed`: the scoring itself failed; null: not applicable. */
export type Score = number | 'failed' | null;

/** What became of one stage of a pipeline. */
export interface StageOutcome {
  readonly name: string;
  readonly state: string;
  readonly seconds?: number;
  /** 0 … 1; `failed`: the scoring itself failed; null: there is nothing to judge; none: nothing was judged. */
  readonly score?: Score;
  readonly metric?: string;
  readonly message?: string;
}

/** The band of a score: below 0.33 bad, 0.66 poor, 0.9 fair, above good (the ALMA pipeline's bands). */
export function scoreTone(score: Score | undefined): Tone {
  if (typeof score !== 'number') return 'none';
  if (score < 0.33) return 'bad';
  if (score < 0.66) return 'poor';
  return score < 0.9 ? 'fair' : 'good';
}

const BANDS: Readonly<Record<Tone, string>> = {
  good: 'good',
  fair: 'fair',
  poor: 'poor',
  bad: 'bad',
  none: '',
};

/** Scores below this are marked as low. */
const LOW_SCORE = 0.67;

/** Should somebody look? */
export function isLow(score: Score | undefined): boolean {
  return typeof score === 'number' && score < LOW_SCORE;
}

/** A score in words, so that its colour is not needed: `0.62 poor · low`, `scoring failed`, `not applicable`. */
export function scoreText(score: Score | undefined): string {
  if (score === undefined) return 'not judged';
  if (score === null) return 'not applicable';
  if (score === 'failed') return 'scoring failed';
  // Cut off, not rounded: 0.899 is not in the band of 0.90.
  const digits = (Math.floor(100 * score + 1e-9) / 100).toFixed(2);
  return `${digits} ${BANDS[scoreTone(score)]}${isLow(score) ? ' · low' : ''}`;
}

/** The chip of a score. */
export function scoreCell(score: Score | undefined): Cell {
  if (score === undefined) return '';
  return { chip: scoreText(score), tone: score === 'failed' ? 'poor' : scoreTone(score) };
}

/** The colour of a state: grey for what did not run. */
export function stateTone(state: string): Tone {
  return STATE_TONES[state] ?? 'none';
}

const STATE_TONES: Readonly<Record<string, Tone>> = {
  completed: 'good',
  cached: 'good',
  skipped: 'none',
  failed: 'bad',
  crashed: 'bad',
  upstream_failed: 'bad',
  cancelled: 'poor',
  rolled_back: 'poor',
};

/** Stages with their state, time and quality; scores below 0.67 are marked. */
export function stageSection(stages: readonly StageOutcome[]): Section {
  return {
    title: 'Stages',
    blocks: [
      {
        kind: 'table',
        columns: ['stage', 'state', 'time', 'quality', 'metric', 'message'],
        rows: stages.map((stage) => [
          stage.name,
          { chip: stage.state.replaceAll('_', ' '), tone: stateTone(stage.state) },
          stage.seconds === undefined ? '' : `${formatNumber(stage.seconds)} s`,
          scoreCell(stage.score),
          stage.metric ?? '',
          { long: stage.message ?? '' },
        ]),
      },
    ],
  };
}
