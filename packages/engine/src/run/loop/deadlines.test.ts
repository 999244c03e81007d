import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Deadlines } from './deadlines.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

function watched(): {
  readonly deadlines: Deadlines<object>;
  readonly expired: string[];
  key: (name: string) => object;
} {
  const expired: string[] = [];
  const keys = new Map<string, object>();
  return {
    deadlines: new Deadlines(),
    expired,
    key: (name) => {
      const key = keys.get(name) ?? { name };
      keys.set(name, key);
      return key;
    },
  };
}

describe('a deadline', () => {
  it('expires once its time has been spent, and only once', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 200, () => expired.push('a'));
    deadlines.set(key('b'), 500, () => expired.push('b'));
    vi.advanceTimersByTime(150);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
    vi.advanceTimersByTime(2000);
    expect(expired).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('spends no time while it is paused, by however many', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 200, () => expired.push('a'));
    deadlines.pause(key('a'));
    deadlines.pause(key('a'));
    vi.advanceTimersByTime(1000);
    deadlines.resume(key('a'));
    vi.advanceTimersByTime(1000);
    deadlines.resume(key('a'));
    deadlines.resume(key('a'));
    vi.advanceTimersByTime(100);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(150);
    expect(expired).toEqual(['a']);
  });

  it('spends no time before the code has begun', () => {
    const { deadlines, expired, key } = watched();
    let hasBegun = false;
    deadlines.set(
      key('a'),
      100,
      () => expired.push('a'),
      () => hasBegun,
    );
    vi.advanceTimersByTime(1000);
    hasBegun = true;
    vi.advanceTimersByTime(50);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
  });

  it('stands still while the process does: at a breakpoint, or asleep', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 200, () => expired.push('a'));
    vi.advanceTimersByTime(100);
    // An hour passes between two ticks.
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 3_600_000);
    vi.advanceTimersByTime(50);
    clock.mockRestore();
    expect(expired).toEqual([]);
  });

  it('that is cleared, or of no length, does nothing', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 100, () => expired.push('a'));
    deadlines.set(key('b'), 0, () => expired.push('b'));
    deadlines.clear(key('a'));
    deadlines.pause(key('a'));
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1000);
    expect(expired).toEqual([]);
  });

  it('leaves no timer behind when all are closed', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 100, () => expired.push('a'));
    deadlines.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
