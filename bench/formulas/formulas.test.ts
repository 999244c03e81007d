import { describe, expect, it } from 'vitest';
import { uniformDraws } from './draws.ts';
import { greedyMakespan, overheadFloor } from './floor.ts';
import { median } from './median.ts';
import { overheadPercent, slotIdlePerLeaf } from './overhead.ts';

describe('overhead by the formula of the RADPS tests', () => {
  const timing = { tWorkflow: 11, tSumTaskTimes: 160, slots: 16, leaves: 320 };

  it('is the excess over the task times shared out evenly', () => {
    expect(overheadPercent(timing)).toBeCloseTo(10, 12);
  });

  it('is one second of idling, shared by the twenty leaves of each slot', () => {
    expect(slotIdlePerLeaf(timing)).toBeCloseTo(0.05, 12);
  });

  it('is nothing for a perfect schedule', () => {
    expect(overheadPercent({ ...timing, tWorkflow: 10 })).toBe(0);
  });

  it('gives 25 ms a leaf for 5 % of 0.55 s and 0.5 % of 5 s alike, as published for Dask', () => {
    for (const [mean, percent] of [
      [0.55, 5],
      [5, 0.5],
    ] as const) {
      const tSumTaskTimes = 1000 * mean;
      const tWorkflow = (tSumTaskTimes / 16) * (1 + percent / 100);
      const idle = slotIdlePerLeaf({ tWorkflow, tSumTaskTimes, slots: 16, leaves: 1000 });
      expect(idle).toBeGreaterThan(0.0249);
      expect(idle).toBeLessThan(0.0276);
    }
  });
});

describe('greedy list scheduling', () => {
  it('gives each task to the slot that is free first', () => {
    // slot A: 3, then 2 (from 3) = 5; slot B: 1, then 1 (from 1) = 2, then 4 (from 2) = 6
    expect(greedyMakespan([3, 1, 1, 4, 2], 2)).toBe(6);
  });

  it('is the sum on one slot and the longest on as many slots as tasks', () => {
    expect(greedyMakespan([3, 1, 4, 1, 5], 1)).toBe(14);
    expect(greedyMakespan([3, 1, 4, 1, 5], 5)).toBe(5);
  });

  it('agrees with a plain search for the first free slot', () => {
    const draws = uniformDraws(500, 0.1, 1, 7);
    const free = Array.from({ length: 16 }, () => 0);
    for (const draw of draws) {
      const slot = free.indexOf(Math.min(...free));
      free[slot] = (free[slot] ?? 0) + draw;
    }
    expect(greedyMakespan(draws, 16)).toBeCloseTo(Math.max(...free), 9);
  });
});

describe('the floor of the published workloads', () => {
  // Percent, 16 slots, from an independent computation; the scatter between seeds is about a third.
  const published = [
    [0.1, 1, 1000, 1.25],
    [0.1, 1, 4000, 0.38],
    [0.1, 1, 16_000, 0.088],
    [0.1, 1, 128_000, 0.01],
    [4, 6, 1000, 0.84],
    [4, 6, 8000, 0.11],
    [4, 6, 64_000, 0.013],
  ] as const;

  it.each(published)('U(%d, %d) s, n = %d: about %d %%', (minSeconds, maxSeconds, n, percent) => {
    const floor = overheadFloor({ n, minSeconds, maxSeconds, slots: 16 }, 1);
    expect(floor.median).toBeGreaterThan(percent * 0.65);
    expect(floor.median).toBeLessThan(percent * 1.5);
    expect(floor.lowest).toBeLessThanOrEqual(floor.median);
    expect(floor.highest).toBeGreaterThanOrEqual(floor.median);
  });
});

describe('draws', () => {
  it('are uniform between their bounds and repeat with their seed', () => {
    const draws = uniformDraws(10_000, 0.1, 1, 3);
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0.1);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(draws.reduce((sum, draw) => sum + draw, 0) / 10_000).toBeCloseTo(0.55, 1);
    expect(uniformDraws(10_000, 0.1, 1, 3)).toEqual(draws);
    expect(uniformDraws(10, 0.1, 1, 4)).not.toEqual(draws.slice(0, 10));
  });
});

describe('median', () => {
  it('is the middle, or between the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
