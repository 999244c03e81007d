import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CRASH_POLICY, decideRetry, NO_RETRY, type RetryPolicy } from './retry.ts';

const policy: RetryPolicy = { limit: 3, delayMs: 100, factor: 2, maxDelayMs: 350, jitter: 0 };

describe('decideRetry', () => {
  test('no retry unless asked for', () => {
    expect(decideRetry(NO_RETRY, 1, 0.5)).toEqual({ retry: false });
  });

  test('as many retries as the limit, each wait longer by the factor, up to the longest', () => {
    const delays = [1, 2, 3, 4].map((failures) => decideRetry(policy, failures, 0.9));
    expect(delays).toEqual([
      { retry: true, delayMs: 100 },
      { retry: true, delayMs: 200 },
      { retry: true, delayMs: 350 },
      { retry: false },
    ]);
  });

  test('jitter spreads the wait evenly around its nominal length', () => {
    const jittered = { ...policy, jitter: 0.2 };
    expect(decideRetry(jittered, 1, 0)).toEqual({ retry: true, delayMs: 90 });
    expect(decideRetry(jittered, 1, 0.5)).toEqual({ retry: true, delayMs: 100 });
    expect(decideRetry(jittered, 1, 0.75)).toEqual({ retry: true, delayMs: 105 });
  });

  test('jitter spreads the longest waits too, and makes none longer than the longest', () => {
    const jittered = { ...policy, jitter: 1, maxDelayMs: 300 };
    expect(decideRetry(jittered, 3, 0)).toEqual({ retry: true, delayMs: 100 });
    expect(decideRetry(jittered, 3, 0.5)).toEqual({ retry: true, delayMs: 200 });
    expect(decideRetry(jittered, 3, 0.999_999)).toEqual({ retry: true, delayMs: expect.closeTo(300, 1) });
    expect(decideRetry({ ...jittered, factor: Infinity, limit: 9 }, 9, 0.5)).toEqual({
      retry: true,
      delayMs: 200,
    });
  });

  test('the wait is always a finite number within its bounds', () => {
    const anyPolicy = fc.record({
      limit: fc.constant(Number.POSITIVE_INFINITY),
      delayMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDelayMs: fc.integer({ min: 0, max: 3_600_000 }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyPolicy, fc.integer({ min: 1, max: 100_000 }), random, (any, failures, chance) => {
        const decision = decideRetry(any, failures, chance);
        const delayMs = decision.retry ? decision.delayMs : -1;
        const longest = any.delayMs === 0 ? 0 : any.maxDelayMs;
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(longest);
      }),
    );
  });

  test('crashes get three retries of their own', () => {
    const nominal = [1, 2, 3, 4].map((failures) => decideRetry(CRASH_POLICY, failures, 0.5));
    expect(nominal).toEqual([
      { retry: true, delayMs: 100 },
      { retry: true, delayMs: 400 },
      { retry: true, delayMs: 1600 },
      { retry: false },
    ]);
  });
});
