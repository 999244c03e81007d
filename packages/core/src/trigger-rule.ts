/**
 * Trigger rules: when a run starts, given how the runs that it consumes or comes after have ended.
 * `always` starts at once, waiting for nobody; every `one_…` rule may start before all upstream has ended.
 */
export const TRIGGER_RULES = [
  'all_success',
  'all_done',
  'all_failed',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'all_skipped',
  'always',
] as const;
export type TriggerRule = (typeof TRIGGER_RULES)[number];
/** Every rule under which future arguments arrive settled. */
export type TolerantRule = Exclude<TriggerRule, 'all_success'>;

/** How many of a run's upstream runs have ended, and how. */
export interface UpstreamTally {
  readonly total: number;
  readonly succeeded: number;
  /** failed, crashed, cancelled, upstream_failed */
  readonly failed: number;
  readonly skipped: number;
}

export type TriggerDecision = 'wait' | 'start' | 'skip' | 'upstream_failed';

/**
 * What a rule says, given the tally so far. Ends the run, and under the early rules starts it, as soon as the
 * rest cannot change that: so the decision never depends on the order in which upstream ends.
 */
export function decideTrigger(rule: TriggerRule, tally: UpstreamTally): TriggerDecision {
  const { total, succeeded, failed, skipped } = tally;
  const done = succeeded + failed + skipped;
  const all = done === total;
  switch (rule) {
    case 'always':
      return 'start';
    case 'all_success':
      if (failed > 0) return 'upstream_failed';
      if (!all) return 'wait';
      return skipped > 0 ? 'skip' : 'start';
    case 'all_done':
      return all ? 'start' : 'wait';
    case 'all_failed':
      if (succeeded + skipped > 0) return 'skip';
      return all ? 'start' : 'wait';
    case 'one_success':
      if (succeeded > 0 || total === 0) return 'start';
      return all ? (failed > 0 ? 'upstream_failed' : 'skip') : 'wait';
    case 'one_failed':
      if (failed > 0) return 'start';
      return all ? 'skip' : 'wait';
    case 'one_done':
      if (succeeded + failed > 0 || total === 0) return 'start';
      return all ? 'skip' : 'wait';
    case 'none_failed':
      if (failed > 0) return 'upstream_failed';
      return all ? 'start' : 'wait';
    case 'none_failed_min_one_success':
      if (failed > 0) return 'upstream_failed';
      if (!all) return 'wait';
      return succeeded > 0 || total === 0 ? 'start' : 'skip';
    case 'none_skipped':
      if (skipped > 0) return 'skip';
      return all ? 'start' : 'wait';
    case 'all_skipped':
      if (succeeded + failed > 0) return 'skip';
      return all ? 'start' : 'wait';
  }
}
