import type { Colour } from '../terminal/style.ts';

/**
 * The bands of quality scores that radio observatories use (CASA pipeline: 0.33, 0.66, 0.90). A score on an
 * edge belongs to the lower band; `null` means that no score applies, and a score that could not be computed
 * has none.
 */
export type QaBand = 'error' | 'warning' | 'suboptimal' | 'good' | 'not applicable' | 'scoring failed';

export function qaBand(score: number | null | undefined, hasError = false): QaBand {
  if (score === null) return 'not applicable';
  if (score === undefined || hasError) return 'scoring failed';
  if (score <= 0.33) return 'error';
  if (score <= 0.66) return 'warning';
  return score <= 0.9 ? 'suboptimal' : 'good';
}

export const BAND_COLOUR: Readonly<Record<QaBand, Colour>> = {
  error: 'failed',
  warning: 'active',
  suboptimal: 'cached',
  good: 'done',
  'not applicable': 'dim',
  'scoring failed': 'failed',
};
