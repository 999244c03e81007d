import { describe, expect, it } from 'vitest';
import { seededRandom } from '../numeric/random.ts';
import { defaultSimulation } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { clipChannels } from './clip.ts';
import { defaultFlagOptions, flagVisibilities } from './flag-visibilities.ts';
import { sumThreshold } from './sum-threshold.ts';

function score(found: Uint8Array, truth: Uint8Array): { recall: number; falsePositives: number } {
  let hit = 0;
  let wrong = 0;
  let bad = 0;
  for (const [index, value] of found.entries()) {
    bad += truth[index]!;
    if (value === 1 && truth[index] === 1) hit++;
    if (value === 1 && truth[index] === 0) wrong++;
  }
  return { recall: hit / bad, falsePositives: wrong / (truth.length - bad) };
}

describe('flagging', () => {
  it.each([
    ['strong', 20, 0.999],
    ['weak (2 to 6 σ)', 2, 0.65],
  ])('finds %s interference and leaves clean samples alone', (_, amplitudeJy, recallWanted) => {
    const options = defaultSimulation({ scans: 3, integrations: 15 });
    const { observation, interference } = simulateObservation({
      ...options,
      interference: { ...options.interference!, amplitudeJy },
    });
    const set = observation.sets[0]!;
    const { flag, report } = flagVisibilities(set);
    const { recall, falsePositives } = score(flag, interference[0]!);
    expect(recall).toBeGreaterThan(recallWanted);
    expect(falsePositives).toBeLessThan(0.01);
    expect(report.samples).toBe(flag.length);
    expect(report.already).toBe(0);
    const total = report.invalid + report.clipped + report.sumThreshold + report.extended;
    expect(report.fraction).toBeCloseTo(total / flag.length, 12);
    const meanOf = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
    expect(meanOf(report.channelFraction)).toBeCloseTo(report.fraction, 9);
    expect(meanOf(report.antennaFraction)).toBeCloseTo(report.fraction, 9);
  });

  it('flags next to nothing where there is no interference', () => {
    const { interference: _none, ...options } = defaultSimulation({ scans: 3, integrations: 15 });
    const { observation } = simulateObservation(options);
    expect(flagVisibilities(observation.sets[0]!).report.fraction).toBeLessThan(0.002);
  });

  it('flags less with higher thresholds', () => {
    const { observation } = simulateObservation(defaultSimulation({ scans: 1, integrations: 15 }));
    const set = observation.sets[0]!;
    const strict = flagVisibilities(set).report;
    const lax = flagVisibilities(set, { ...defaultFlagOptions, clipThreshold: 1000, threshold: 60 }).report;
    expect(lax.fraction).toBeLessThan(strict.fraction / 2);
    expect(lax.clipped).toBe(0);
  });

  it('flags what is not finite or has no weight, and keeps old flags', () => {
    const { observation } = simulateObservation(
      defaultSimulation({ channels: 2, scans: 1, integrations: 8 }),
    );
    const set = observation.sets[0]!;
    set.data[0] = Number.NaN;
    set.weight[3] = 0;
    set.flag[7] = 1;
    const { flag, report } = flagVisibilities(set);
    expect([flag[0], flag[3], flag[7]]).toEqual([1, 1, 1]);
    expect([report.invalid, report.already]).toEqual([2, 1]);
    expect(set.flag[0]).toBe(0);
  });
});

describe('SumThreshold', () => {
  it('finds a long weak line that a clip cannot see', () => {
    const [times, channels] = [128, 32];
    const random = seededRandom(5);
    const plane = Float64Array.from({ length: times * channels }, () => 10 + random.normal());
    for (let time = 30; time < 94; time++) plane[time * channels + 11]! += 2.5;
    const options = { threshold: 6, longestRun: 64, smoothTimes: 8, smoothChannels: 5 };
    const flags = new Uint8Array(plane.length);
    const clipped = flags.slice();
    clipChannels(plane, clipped, times, channels, 6);
    sumThreshold(plane, flags, times, channels, options);
    const inLine = (mask: Uint8Array): number => {
      let count = 0;
      for (let time = 30; time < 94; time++) count += mask[time * channels + 11]!;
      return count / 64;
    };
    expect(inLine(clipped)).toBeLessThan(0.1);
    expect(inLine(flags)).toBeGreaterThan(0.9);
    expect(flags.reduce((a, b) => a + b, 0)).toBeLessThan(100);
  });
});
