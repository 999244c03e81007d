import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { epochMs } from '../../runners/clock.ts';
import { Deadlines } from './deadlines.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => vi.useRealTimers());

function watched(): {
  readonly deadlines: Deadlines<object>;
  readonly expired: string[];
  key: (name: string) => object;
  /** Sets a deadline on running time, of code that begins now. */
  run: (name: string, ms: number) => void;
} {
  const expired: string[] = [];
  const keys = new Map<string, object>();
  const deadlines = new Deadlines();
  const key = (name: string): object => {
    const known = keys.get(name) ?? { name };
    keys.set(name, known);
    return known;
  };
  const run = (name: string, ms: number): void => {
    const beganMs = epochMs();
    deadlines.set(
      key(name),
      ms,
      () => expired.push(name),
      () => beganMs,
    );
  };
  return { deadlines, expired, key, run };
}

describe('a deadline', () => {
  it('expires once its time has been spent, and only once', () => {
    const { expired, run } = watched();
    run('a', 200);
    run('b', 500);
    vi.advanceTimersByTime(150);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
    vi.advanceTimersByTime(2000);
    expect(expired).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('on running time spends none while it is paused, by however many', () => {
    const { deadlines, expired, key, run } = watched();
    run('a', 200);
    deadlines.pause(key('a'));
    deadlines.pause(key('a'));
    vi.advanceTimersByTime(1000);
    deadlines.resume(key('a'));
    vi.advanceTimersByTime(1000);
    deadlines.resume(key('a'));
    deadlines.resume(key('a'));
    vi.advanceTimersByTime(150);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
  });

  it('on running time spends none in a pause that is heard of late', () => {
    const { deadlines, expired, key, run } = watched();
    run('a', 200);
    vi.advanceTimersByTime(100);
    const sinceMs = epochMs() - 60;
    deadlines.waitsSince(key('a'), sinceMs);
    deadlines.pause(key('a'));
    deadlines.waitsSince(key('a'), sinceMs);
    vi.advanceTimersByTime(1000);
    deadlines.resume(key('a'));
    vi.advanceTimersByTime(150);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(50);
    expect(expired).toEqual(['a']);
  });

  it('on all time spends it in pauses too', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 200, () => expired.push('a'));
    deadlines.pause(key('a'));
    vi.advanceTimersByTime(150);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
  });

  it('spends no time before the code has begun, and all of it from then on, seen or not', () => {
    const { deadlines, expired, key } = watched();
    const began: number[] = [];
    deadlines.set(
      key('a'),
      100,
      () => expired.push('a'),
      () => began[0],
    );
    vi.advanceTimersByTime(1000);
    expect(expired).toEqual([]);
    began.push(epochMs());
    vi.advanceTimersByTime(50);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(expired).toEqual(['a']);
  });

  it('counts while the thread is busy; what has ended elsewhere meanwhile comes first', async () => {
    const { deadlines, expired, key, run } = watched();
    run('a', 200);
    run('elsewhere', 200);
    const endedMs = epochMs() + 100;
    vi.advanceTimersByTime(100);
    // An hour passes between two ticks.
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000);
    vi.advanceTimersByTime(50);
    expect(expired).toEqual([]);
    expect(deadlines.end(key('elsewhere'), { beganMs: endedMs - 100, endedMs })).toBe(false);
    await immediate();
    clock.mockRestore();
    expect(expired).toEqual(['a']);
  });

  it('tells whether code that has ended took too long, though no tick came by', () => {
    const { deadlines, key, run } = watched();
    const beganMs = epochMs();
    run('a', 100);
    expect(deadlines.end(key('a'), { beganMs, endedMs: beganMs + 99 })).toBe(false);
    run('b', 100);
    expect(deadlines.end(key('b'), { beganMs, endedMs: beganMs + 100 })).toBe(true);
    run('c', 100);
    expect(deadlines.end(key('c'), undefined)).toBe(false);
    expect(deadlines.end(key('c'), { beganMs, endedMs: beganMs + 100 })).toBe(false);
    deadlines.set(key('d'), 100, () => undefined);
    expect(deadlines.end(key('d'), { beganMs, endedMs: beganMs + 100 })).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
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

  it('takes the place of an earlier one', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 100, () => expired.push('first'));
    deadlines.set(key('a'), 500, () => expired.push('second'));
    vi.advanceTimersByTime(400);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(expired).toEqual(['second']);
  });

  it('leaves no timer behind when all are closed', () => {
    const { deadlines, expired, key } = watched();
    deadlines.set(key('a'), 100, () => expired.push('a'));
    deadlines.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
