import { qa } from 'sidereal';

/** Score of a figure: 1 where it is `best` or beyond, 0 where it is `worst` or beyond, even in between. */
export function scoreBetween(value: number, worst: number, best: number): number {
  const place = (value - worst) / (best - worst);
  return Number.isFinite(place) ? Math.min(1, Math.max(0, place)) : 0;
}

/** A figure to be judged. */
export interface Judgement {
  readonly name: string;
  readonly metric: { readonly name: string; readonly value: number; readonly unit: string };
  /** Values of the metric that score 0 and 1. */
  readonly worst: number;
  readonly best: number;
  /** What the figure means here. */
  readonly message: string;
  readonly scope?: Readonly<Record<string, string | number>>;
}

/** Records the QA score of a figure with the current run. Good is 0.9 and more, bad is below 0.33. */
export async function judge({ worst, best, ...rest }: Judgement): Promise<void> {
  await qa({ ...rest, score: scoreBetween(rest.metric.value, worst, best) });
}
