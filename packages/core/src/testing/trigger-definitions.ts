/**
 * Trigger rules by definition, for tests to hold the real ones against: what each says once all upstream has
 * ended, from the plain list of how each has. Slow and obvious on purpose.
 */
import type { TriggerDecision, TriggerRule } from '../trigger-rule.ts';

/** How an upstream run ended: `failure` stands for failed, crashed, cancelled and upstream_failed alike. */
export type End = 'success' | 'failure' | 'skip';

/** Rules under which a run may start before all of its upstream has ended. */
export const EARLY_RULES: readonly TriggerRule[] = ['one_success', 'one_failed', 'one_done', 'always'];

/** What a rule says when every upstream run has ended; nothing upstream is []. */
function finalDecision(rule: TriggerRule, ends: readonly End[]): TriggerDecision {
  const hasFailure = ends.includes('failure');
  switch (rule) {
    case 'always':
    case 'all_done':
      return 'start';
    case 'all_success':
      if (ends.every((end) => end === 'success')) return 'start';
      return hasFailure ? 'upstream_failed' : 'skip';
    case 'all_failed':
      return ends.every((end) => end === 'failure') ? 'start' : 'skip';
    case 'all_skipped':
      return ends.every((end) => end === 'skip') ? 'start' : 'skip';
    case 'one_success':
      if (ends.includes('success') || ends.length === 0) return 'start';
      return hasFailure ? 'upstream_failed' : 'skip';
    case 'one_failed':
      return hasFailure ? 'start' : 'skip';
    case 'one_done':
      return ends.length === 0 || ends.some((end) => end !== 'skip') ? 'start' : 'skip';
    case 'none_failed':
      return hasFailure ? 'upstream_failed' : 'start';
    case 'none_failed_min_one_success':
      if (hasFailure) return 'upstream_failed';
      return ends.includes('success') || ends.length === 0 ? 'start' : 'skip';
    case 'none_skipped':
      return ends.includes('skip') ? 'skip' : 'start';
  }
}

/** The one decision that every way in which the `left` others may end leads to, if the rule may take it yet. */
export function decisionSoFar(rule: TriggerRule, ends: readonly End[], left: number): TriggerDecision {
  const possible = new Set<TriggerDecision>();
  for (const rest of waysToEnd(left)) possible.add(finalDecision(rule, [...ends, ...rest]));
  const [only] = possible;
  if (possible.size !== 1 || only === undefined) return 'wait';
  return only === 'start' && left > 0 && !EARLY_RULES.includes(rule) ? 'wait' : only;
}

const ways: End[][][] = [];

/** Every way in which `count` runs may end, but for their order. */
export function waysToEnd(count: number): readonly (readonly End[])[] {
  let found = ways[count];
  if (found === undefined) {
    found = [];
    for (let failed = 0; failed <= count; failed += 1)
      for (let skipped = 0; failed + skipped <= count; skipped += 1)
        found.push([
          ...Array.from({ length: count - failed - skipped }, (): End => 'success'),
          ...Array.from({ length: failed }, (): End => 'failure'),
          ...Array.from({ length: skipped }, (): End => 'skip'),
        ]);
    ways[count] = found;
  }
  return found;
}
