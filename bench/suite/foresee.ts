import type { Measurement, Planned } from './measurement.ts';

/** What the suite may spend on one case. */
export interface Limits {
  /** Seconds of the measured part. */
  readonly budgetSeconds: number;
  /** Memory of all processes together. */
  readonly memoryBytes: number;
}

/** Task time and scheduling that come on top of the sleeps. */
const SAFETY = 1.1;

/** Seconds that the sleeps of a tree take if nothing else costs anything; 0 for other rows. */
export function sleepFloorSeconds({
  row,
  n,
  minSeconds,
  maxSeconds,
  processes,
  threads,
}: Planned['asked']): number {
  return row === 'tree' ? (n * (minSeconds + maxSeconds)) / 2 / (processes * threads) : 0;
}

/**
 * Why a case need not be started: it cannot end within its budget, or the same workload was too much already
 * when it was smaller. Undefined: let it run.
 */
export function foresee(
  planned: Planned,
  before: readonly Measurement[],
  { budgetSeconds }: Limits,
): Extract<Measurement['result'], { words: string }> | undefined {
  const sleeps = SAFETY * sleepFloorSeconds(planned.asked);
  if (sleeps > budgetSeconds)
    return overBudget(`the sleeps alone would take ${Math.round(sleeps)} s of ${budgetSeconds} s`);
  const smaller = before.filter((one) => isSameButSmaller(one, planned));
  for (const { asked, result } of smaller.toReversed()) {
    const at = `n = ${asked.n.toLocaleString('en')}`;
    if (result.kind === 'over budget') return overBudget(`${at} was over budget already`);
    if (result.kind === 'over memory') return { kind: 'over memory', words: `${at} was already` };
    if (result.kind !== 'measured') continue;
    const seconds = (result.outcome.tWorkflow * planned.asked.n) / asked.n;
    if (seconds <= budgetSeconds) return undefined;
    const took = result.outcome.tWorkflow.toPrecision(3);
    return overBudget(`${at} took ${took} s, so this would take about ${Math.round(seconds)} s`);
  }
  return undefined;
}

function overBudget(words: string): { readonly kind: 'over budget'; readonly words: string } {
  return { kind: 'over budget', words };
}

function isSameButSmaller(one: Planned, other: Planned): boolean {
  const isSame =
    one.series === other.series && one.system === other.system && one.asked.variant === other.asked.variant;
  return isSame && one.asked.n < other.asked.n;
}
