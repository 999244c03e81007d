import { describe, expect, it } from 'vitest';
import { defaultSimulation } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { averageInTime, toIntensity } from './average.ts';
import { combineObservations } from './combine-observations.ts';

const { observation } = simulateObservation(defaultSimulation({ channels: 2, scans: 2, integrations: 5 }));
const set = observation.sets[0]!;

describe('total intensity', () => {
  it('is the weighted mean of the hands, or the one that is not flagged', () => {
    const flag = set.flag.slice();
    flag[0] = 1;
    flag.fill(1, 2, 4);
    const intensity = toIntensity(set, flag);
    expect(intensity.correlations).toEqual(['I']);
    expect(intensity.data[0]).toBeCloseTo(set.data[2]!, 6);
    expect(intensity.flag[1]).toBe(1);
    expect(intensity.weight[1]).toBe(0);
    expect(intensity.data[4]).toBeCloseTo((set.data[8]! + set.data[10]!) / 2, 5);
    expect(intensity.weight[2]).toBeCloseTo(2 * set.weight[4]!, 5);
  });
});

describe('averaging in time', () => {
  it('averages within scans, adds weights and leaves flagged samples out', () => {
    const flagged = { ...set, flag: set.flag.slice() };
    const samples = set.channels * 2;
    flagged.flag.fill(1, 0, samples);
    const averaged = averageInTime(flagged, 80);
    // Five integrations of 40 s make bins of 2, 2 and 1 in each of two scans.
    expect(averaged.rows).toBe(351 * 6);
    expect([...averaged.timeS].every((time, row) => row === 0 || time >= averaged.timeS[row - 1]! - 40)).toBe(
      true,
    );
    const row = averaged.antenna1.findIndex((a, index) => a === 0 && averaged.antenna2[index] === 1);
    expect(averaged.weight[row * samples]).toBeCloseTo(set.weight[0]!, 6);
    expect(averaged.data[2 * row * samples]).toBeCloseTo(set.data[2 * 351 * samples]!, 5);
    const other = averaged.antenna1.findIndex((a, index) => a === 0 && averaged.antenna2[index] === 2);
    expect(averaged.weight[other * samples]).toBeCloseTo(2 * set.weight[0]!, 6);
    expect(averaged.data[2 * other * samples]).toBeCloseTo(
      (set.data[2 * samples]! + set.data[2 * 352 * samples]!) / 2,
      5,
    );
    expect(averaged.uvwM[3 * other]).toBeCloseTo((set.uvwM[3]! + set.uvwM[3 * 352]!) / 2, 6);
    expect(averaged.timeS[other]).toBeCloseTo(set.timeS[0]! + 20, 3);
    expect(averaged.intervalS[other]).toBe(80);
    expect(() => averageInTime(set, 0)).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});

describe('combining observations', () => {
  it('puts windows side by side, of one array and source only', () => {
    const two = combineObservations([observation, observation]);
    expect(two.sets).toHaveLength(2);
    expect(two.spectralWindows).toHaveLength(2);
    const other = { ...observation, antennas: observation.antennas.slice(1) };
    expect(() => combineObservations([observation, other])).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
    expect(() => combineObservations([])).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});
