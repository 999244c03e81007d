import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { longTimer } from './long-timer.ts';

const DAY_MS = 86_400_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a timer', () => {
  it.each([1, 20, 24 * DAY_MS, 25 * DAY_MS, 100 * DAY_MS])('of %i ms fires then, and once', (ms) => {
    const fired = vi.fn<() => void>();
    longTimer(ms, fired);
    vi.advanceTimersByTime(ms - 1);
    expect(fired).toHaveBeenCalledTimes(0);
    vi.advanceTimersByTime(DAY_MS);
    expect(fired).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that is cleared never fires, whatever has passed of it', () => {
    const fired = vi.fn<() => void>();
    const early = longTimer(100 * DAY_MS, fired);
    const late = longTimer(100 * DAY_MS, fired);
    early();
    vi.advanceTimersByTime(60 * DAY_MS);
    late();
    vi.advanceTimersByTime(60 * DAY_MS);
    expect(fired).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
