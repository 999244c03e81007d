import { expect, test } from 'vitest';
import { HoldClock } from './hold-clock.ts';

/** Ticks every 200 ms with these beats; what was said, with its tick. */
function ticks(beats: readonly number[]): readonly string[] {
  const clock = new HoldClock();
  return beats.flatMap((beat, i) => {
    const hold = clock.tick(beat, 1_000_000 + 200 * i);
    return hold.type === 'none' ? [] : [`${i} ${hold.type} ${hold.heldMs}`];
  });
}

const held = (ticksHeld: number): number[] => Array.from({ length: ticksHeld }, () => 7);

test('a thread that beats is not held, nor one that is not watched', () => {
  expect(ticks(Array.from({ length: 100 }, (_, i) => 1 + Math.floor(i / 5)))).toEqual([]);
  expect(ticks(Array.from({ length: 100 }, () => 0))).toEqual([]);
});

test('a thread that does not beat is held after two seconds, and free once it beats', () => {
  expect(ticks([...held(15), 8, 8, 8])).toEqual(['10 held 2000', '15 free 2800']);
  expect(ticks([...held(9), 8, 8, 8])).toEqual([]);
});

test('it is looked into again, ever less often', () => {
  expect(ticks(held(45))).toEqual(['10 held 2000', '20 held 4000', '40 held 8000']);
});

test('a run that ends frees it', () => {
  expect(ticks([...held(12), 0])).toEqual(['10 held 2000', '12 free 2200']);
});

test('while the process is stopped, no time passes', () => {
  const clock = new HoldClock();
  let nowMs = 0;
  for (let i = 0; i < 3; i++) {
    expect(clock.tick(3, (nowMs += 3_600_000))).toEqual({ type: 'none' });
    expect(clock.tick(3, (nowMs += 200))).toEqual({ type: 'none' });
  }
  expect(clock.tick(4, (nowMs += 3_600_000))).toEqual({ type: 'none' });
});
