/** What happens to a run whose attempt has failed: pure decisions, time and chance are parameters. */

export interface RetryPolicy {
  /** Retries after the first attempt. */
  readonly limit: number;
  readonly delayMs: number;
  readonly factor: number;
  /** No wait is longer, jitter included. */
  readonly maxDelayMs: number;
  /** Fraction of the delay that is random, 0..1. */
  readonly jitter: number;
}

export const NO_RETRY: RetryPolicy = { limit: 0, delayMs: 0, factor: 1, maxDelayMs: 3_600_000, jitter: 0 };

export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly delayMs: number };

/**
 * Decides about a failure of the user's code. `failures` counts it: 1 after the first failed attempt.
 * `random` is uniform in [0, 1): the delay lies within ± `jitter`/2 of its nominal length, which grows only so
 * far that the longest delay is `maxDelayMs`: cut off there, retries of many would march in step again.
 */
export function decideRetry(policy: RetryPolicy, failures: number, random: number): RetryDecision {
  if (failures > policy.limit) return { retry: false };
  // Without a delay the power may overflow: 0 · ∞ is not a number.
  const grown = policy.delayMs === 0 ? 0 : policy.delayMs * policy.factor ** (failures - 1);
  const nominal = Math.min(grown, policy.maxDelayMs / (1 + policy.jitter / 2));
  const delayMs = Math.min(nominal * (1 + policy.jitter * (random - 0.5)), policy.maxDelayMs);
  return { retry: true, delayMs };
}

/** Crashes are retried by the infrastructure's policy and never use up the task's own retries. */
export const CRASH_POLICY: RetryPolicy = {
  limit: 3,
  delayMs: 100,
  factor: 4,
  maxDelayMs: 10_000,
  jitter: 0.2,
};
