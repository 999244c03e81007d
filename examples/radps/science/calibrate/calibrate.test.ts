import { describe, expect, it } from 'vitest';
import type { Position } from '../numeric/coordinates.ts';
import { seededRandom } from '../numeric/random.ts';
import type { Correlation, VisibilitySet } from '../observation/observation.ts';
import { defaultSimulation, skyComponent } from '../simulate/default-observation.ts';
import type { InstrumentErrors } from '../simulate/instrument-errors.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import type { Simulation } from '../simulate/simulate.ts';
import { predictSky } from '../simulate/sky.ts';
import { correctPositions } from './antenna-positions.ts';
import { applyCalibration } from './apply.ts';
import { normaliseBandpass } from './bandpass.ts';
import { summariseTable, tableIndex } from './calibration-table.ts';
import type { CalibrationTable } from './calibration-table.ts';
import { feedsOf } from './feeds.ts';
import { solveDelays } from './solve-delays.ts';
import { solveGains, solvePerChannel } from './solve-gains.ts';
import { addToPair, emptyPairSums, solvePairs } from './stefcal.ts';

const none: InstrumentErrors = {
  gainAmplitude: 0,
  phaseDriftRad: 0,
  phaseJitterRad: 0,
  jitterPeriodS: 1000,
  bandpassAmplitude: 0,
  bandpassPhaseRad: 0,
  delayS: 0,
  deadAntennas: [],
};
const ANTENNAS = 27;

function simulate(
  errors: Partial<InstrumentErrors>,
  noiseJy = 0.5,
  correlations: Correlation[] = ['XX', 'YY'],
): Simulation {
  const { interference: _none, ...options } = defaultSimulation({ channels: 16, scans: 3, integrations: 4 });
  const sky = [skyComponent('C', 0, 0, 5, { spectralIndex: 0 })];
  return simulateObservation({
    ...options,
    fields: [{ ...options.fields[0]!, sky }],
    noiseJy,
    correlations,
    errors: { ...none, ...errors },
  });
}

const modelOf = (set: VisibilitySet): Float64Array =>
  predictSky(set, [skyComponent('C', 0, 0, 5, { spectralIndex: 0 })]);

/** Root of the mean square of (found − true)·SNR/|true| over unflagged entries: 1 when errors are as the SNR says. */
function errorInSigmas(
  found: CalibrationTable,
  truth: (solution: number, antenna: number, feed: number, channel: number) => [number, number],
): number {
  let sum = 0;
  let count = 0;
  for (let solution = 0; solution < found.timeS.length; solution++) {
    for (let antenna = 0; antenna < found.antennas; antenna++) {
      for (let feed = 0; feed < found.feeds.length; feed++) {
        for (let channel = 0; channel < found.frequencyHz.length; channel++) {
          const at = tableIndex(found, solution, antenna, feed, channel);
          if (found.flag[at] === 1) continue;
          const [re, im] = truth(solution, antenna, feed, channel);
          const sigma = Math.hypot(re, im) / found.snr[at]!;
          sum += ((found.value[2 * at]! - re) / sigma) ** 2 + ((found.value[2 * at + 1]! - im) / sigma) ** 2;
          count += 2;
        }
      }
    }
  }
  return Math.sqrt(sum / count);
}

/** The truth of one time, turned so that the reference antenna has phase zero. */
function referenced(
  truth: CalibrationTable,
  solution: number,
  antenna: number,
  feed: number,
  reference: number,
  channel = 0,
): [number, number] {
  const at = tableIndex(truth, solution, antenna, feed, channel);
  const ref = tableIndex(truth, solution, reference, feed, channel);
  const size = Math.hypot(truth.value[2 * ref]!, truth.value[2 * ref + 1]!);
  const [cos, sin] = [truth.value[2 * ref]! / size, -truth.value[2 * ref + 1]! / size];
  const [re, im] = [truth.value[2 * at]!, truth.value[2 * at + 1]!];
  return [re * cos - im * sin, re * sin + im * cos];
}

describe('gain solving', () => {
  it('recovers gains within the noise that it states', () => {
    const { observation, instrument } = simulate({ gainAmplitude: 0.2, phaseDriftRad: 1, deadAntennas: [9] });
    const set = observation.sets[0]!;
    const table = solveGains([{ set, model: modelOf(set) }], {
      antennas: ANTENNAS,
      referenceAntenna: 4,
      mode: 'amplitude_phase',
      interval: 40,
    });
    expect(table.timeS).toHaveLength(12);
    const sigmas = errorInSigmas(table, (s, a, f) => referenced(instrument[0]!.gain, s, a, f, 4));
    expect(sigmas).toBeGreaterThan(0.8);
    expect(sigmas).toBeLessThan(1.25);
    const summary = summariseTable(table);
    expect(summary.deadAntennas).toEqual([9]);
    expect(summary.flaggedFraction).toBeCloseTo(1 / 27, 6);
    expect(summary.medianSnr).toBeGreaterThan(50);
  });

  it('makes one solution of several windows, per scan, with more signal-to-noise', () => {
    const { observation } = simulate({ gainAmplitude: 0.1 }, 3);
    const set = observation.sets[0]!;
    const input = { set, model: modelOf(set) };
    const options = {
      antennas: ANTENNAS,
      referenceAntenna: 0,
      mode: 'amplitude_phase',
      interval: 'scan',
    } as const;
    const one = solveGains([input], options);
    const two = solveGains([input, input], options);
    const all = solveGains([input], { ...options, interval: 'all', combineFeeds: true });
    expect([one.timeS.length, two.timeS.length, all.timeS.length]).toEqual([3, 3, 1]);
    expect(summariseTable(two).medianSnr / summariseTable(one).medianSnr).toBeCloseTo(Math.SQRT2, 2);
    expect(summariseTable(all).medianSnr / summariseTable(one).medianSnr).toBeCloseTo(Math.sqrt(6), 1);
  });

  it('leaves amplitudes alone in a phase solution', () => {
    const { observation } = simulate({ gainAmplitude: 0.3, phaseDriftRad: 1 });
    const set = observation.sets[0]!;
    const table = solveGains([{ set, model: modelOf(set) }], {
      antennas: ANTENNAS,
      referenceAntenna: 0,
      mode: 'phase',
      interval: 'scan',
    });
    for (let at = 0; at < table.flag.length; at++) {
      expect(Math.hypot(table.value[2 * at]!, table.value[2 * at + 1]!)).toBeCloseTo(1, 9);
    }
  });

  it('is wrong, and seen to be, when the sign of the phases is', () => {
    const { observation } = simulate({ phaseDriftRad: 1 });
    const set = observation.sets[0]!;
    const options = {
      antennas: ANTENNAS,
      referenceAntenna: 0,
      mode: 'amplitude_phase',
      interval: 40,
    } as const;
    const table = solveGains([{ set, model: modelOf(set) }], options);
    const mirrored = { ...table, value: table.value.map((value, at) => (at % 2 === 1 ? -value : value)) };
    const scatter = (tables: CalibrationTable[]): number => {
      const { data } = applyCalibration(set, tables);
      let sum = 0;
      for (let at = 1; at < data.length; at += 2) sum += data[at]! ** 2;
      return Math.sqrt((2 * sum) / data.length);
    };
    expect(scatter([table])).toBeLessThan(0.55);
    expect(scatter([mirrored])).toBeGreaterThan(2);
  });

  it('flags noise, and antennas without baselines', () => {
    const random = seededRandom(1);
    const sums = emptyPairSums(5);
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
      [3, 0],
    ] as const) {
      addToPair(sums, i, j, random.normal(), random.normal(), 0.01, 0, 1);
    }
    const { snr, gain } = solvePairs(sums, { phaseOnly: false, referenceAntenna: 0, minBaselines: 2 });
    expect(snr[3]).toBe(0);
    expect(gain[8]).toBe(0);
    expect(snr[4]).toBe(0);
  });

  it('knows the feeds of correlations', () => {
    expect(feedsOf(['RR', 'LL', 'RL', 'LR'])).toEqual({
      feeds: ['R', 'L'],
      pairs: [
        { first: 0, second: 0 },
        { first: 1, second: 1 },
        { first: 0, second: 1 },
        { first: 1, second: 0 },
      ],
    });
    expect(feedsOf(['I']).pairs).toEqual([{ first: 0, second: 0 }]);
  });
});

describe('bandpass and delay', () => {
  it('recovers the bandpass within noise, and the delays', () => {
    const { observation, instrument } = simulate({
      bandpassAmplitude: 0.15,
      bandpassPhaseRad: 0.1,
      delayS: 8e-9,
      phaseDriftRad: 0.8,
    });
    const set = observation.sets[0]!;
    const options = { antennas: ANTENNAS, referenceAntenna: 0, mode: 'amplitude_phase' } as const;
    // One scan first for the delays, then phases over time, then the bandpass of what is left.
    const early = solveGains([{ set, model: modelOf(set) }], { ...options, mode: 'phase', interval: 40 });
    const steady = applyCalibration(set, [early]);
    const perChannel = solvePerChannel({ set: steady, model: modelOf(set) }, options);
    const { delayS, table: delays } = solveDelays(perChannel);
    const truth = instrument[0]!;
    for (let antenna = 1; antenna < ANTENNAS; antenna++) {
      const expected = truth.delayS[2 * antenna]! - truth.delayS[0]!;
      // The random phase ripple has a slope of its own, a few hundredths of a turn across the band.
      expect(Math.abs(delayS[2 * antenna]! - expected)).toBeLessThan(0.06 / 32e6);
    }
    const straight = applyCalibration(set, [delays]);
    const phases = solveGains([{ set: straight, model: modelOf(set) }], {
      ...options,
      mode: 'phase',
      interval: 40,
    });
    const bandpass = normaliseBandpass(
      solvePerChannel({ set: applyCalibration(straight, [phases]), model: modelOf(set) }, options),
    );
    const flattened = applyCalibration(straight, [phases, bandpass]);
    const after = solvePerChannel({ set: flattened, model: modelOf(set) }, options);
    expect(errorInSigmas(normaliseBandpass(after), () => [1, 0])).toBeLessThan(1.3);
    // Amplitude: found against true, both with mean power one.
    const expected = normaliseBandpass(truth.bandpass);
    for (let antenna = 0; antenna < ANTENNAS; antenna++) {
      for (let channel = 0; channel < 16; channel++) {
        const at = tableIndex(bandpass, 0, antenna, 0, channel);
        const found = Math.hypot(bandpass.value[2 * at]!, bandpass.value[2 * at + 1]!);
        const wanted = Math.hypot(expected.value[2 * at]!, expected.value[2 * at + 1]!);
        expect(Math.abs(found / wanted - 1)).toBeLessThan(6 / bandpass.snr[at]!);
      }
    }
  });

  it('fills a flagged channel from its neighbours, not beyond them', () => {
    const { observation } = simulate({ bandpassAmplitude: 0.05 });
    const set = observation.sets[0]!;
    const flag = set.flag.slice();
    for (let row = 0; row < set.rows; row++) {
      for (const channel of [0, 7]) flag.fill(1, (row * 16 + channel) * 2, (row * 16 + channel) * 2 + 2);
    }
    const options = { antennas: ANTENNAS, referenceAntenna: 0, mode: 'amplitude_phase' } as const;
    const table = normaliseBandpass(solvePerChannel({ set, model: modelOf(set), flag }, options));
    const at = (channel: number): number => tableIndex(table, 0, 3, 0, channel);
    expect([table.flag[at(0)], table.flag[at(7)]]).toEqual([1, 0]);
    const amplitude = (channel: number): number =>
      Math.hypot(table.value[2 * at(channel)]!, table.value[2 * at(channel) + 1]!);
    expect(amplitude(7)).toBeCloseTo((amplitude(6) + amplitude(8)) / 2, 9);
  });
});

describe('applying', () => {
  it('takes off what was put on, and moves the weights with the data', () => {
    const { observation, instrument } = simulate(
      { gainAmplitude: 0.2, phaseDriftRad: 1, bandpassAmplitude: 0.1 },
      1e-4,
    );
    const set = observation.sets[0]!;
    const { gain, bandpass } = instrument[0]!;
    const corrected = applyCalibration(set, [gain, bandpass]);
    for (let at = 0; at < corrected.data.length; at += 998) expect(corrected.data[at]).toBeCloseTo(5, 2);
    const [i, j] = [set.antenna1[0]!, set.antenna2[0]!];
    const power = [i, j].reduce((product, antenna) => {
      const g = tableIndex(gain, 0, antenna, 0);
      const b = tableIndex(bandpass, 0, antenna, 0, 0);
      return (
        product *
        (gain.value[2 * g]! ** 2 + gain.value[2 * g + 1]! ** 2) *
        (bandpass.value[2 * b]! ** 2 + bandpass.value[2 * b + 1]! ** 2)
      );
    }, 1);
    expect(corrected.weight[0]! / set.weight[0]!).toBeCloseTo(power, 4);
  });

  it('interpolates along the phase between solutions, and flags what has none', () => {
    const { observation } = simulate({});
    const set = observation.sets[0]!;
    const [from, to] = [set.timeS[0]!, set.timeS.at(-1)!];
    const table = solveGains([{ set, model: modelOf(set) }], {
      antennas: ANTENNAS,
      referenceAntenna: 0,
      mode: 'phase',
      interval: 'all',
    });
    const phase = [0.2, 1.4];
    const two: CalibrationTable = {
      ...table,
      timeS: Float64Array.of(from, to),
      value: new Float64Array(2 * table.value.length),
      snr: new Float64Array(2 * table.snr.length),
      flag: new Uint8Array(2 * table.flag.length),
    };
    for (let solution = 0; solution < 2; solution++) {
      for (let antenna = 0; antenna < ANTENNAS; antenna++) {
        for (let feed = 0; feed < 2; feed++) {
          const at = tableIndex(two, solution, antenna, feed);
          two.value[2 * at] = Math.cos(antenna === 1 ? phase[solution]! : 0);
          two.value[2 * at + 1] = Math.sin(antenna === 1 ? phase[solution]! : 0);
          two.flag[at] = antenna === 2 ? 1 : 0;
        }
      }
    }
    const ones = { ...set, data: set.data.map((_, at) => (at % 2 === 0 ? 1 : 0)) };
    const corrected = applyCalibration(ones, [two]);
    const row = set.timeS.findIndex(
      (time, index) => time > (from + to) / 2 && set.antenna1[index] === 1 && set.antenna2[index] === 3,
    );
    const place = (set.timeS[row]! - from) / (to - from);
    const at = 2 * row * 16 * 2;
    expect(Math.atan2(corrected.data[at + 1]!, corrected.data[at]!)).toBeCloseTo(-(0.2 + 1.2 * place), 5);
    expect(corrected.flag[set.antenna2.indexOf(2) * 32]).toBe(1);
    expect(applyCalibration(ones, [two], { unsolved: 'keep' }).flag.includes(1)).toBe(false);
    const nearest = applyCalibration(ones, [two], { interpolation: 'nearest' });
    expect(Math.atan2(nearest.data[at + 1]!, nearest.data[at]!)).toBeCloseTo(-1.4, 5);
  });

  it('refuses a table of another window', () => {
    const { observation, instrument } = simulate({});
    const set = observation.sets[0]!;
    const { bandpass } = instrument[0]!;
    const short = { ...bandpass, frequencyHz: bandpass.frequencyHz.slice(0, 5) };
    expect(() => applyCalibration(set, [short])).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});

describe('antenna positions', () => {
  it('undoes what wrong positions did to phases and baselines', () => {
    const offsets = Array.from({ length: ANTENNAS }, (_, antenna): Position =>
      antenna === 5 ? [0.05, -0.02, 0.04] : [0, 0, 0],
    );
    const wrong = simulate({ positionOffsetsM: offsets }, 0.01).observation;
    const right = simulate({}, 0.01).observation;
    const phaseOf = (set: VisibilitySet): number => {
      let worst = 0;
      for (let at = 0; at < set.data.length; at += 2)
        worst = Math.max(worst, Math.abs(Math.atan2(set.data[at + 1]!, set.data[at]!)));
      return worst;
    };
    expect(phaseOf(wrong.sets[0]!)).toBeGreaterThan(0.5);
    const corrected = correctPositions(wrong, { A06: [0.05, -0.02, 0.04] });
    expect(phaseOf(corrected.sets[0]!)).toBeLessThan(0.02);
    for (let at = 0; at < 300; at++)
      expect(corrected.sets[0]!.uvwM[at]).toBeCloseTo(right.sets[0]!.uvwM[at]!, 9);
    expect(corrected.antennas[5]!.position[0]).toBeCloseTo(right.antennas[5]!.position[0], 9);
    expect(() => correctPositions(wrong, { X99: [0, 0, 0] })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });
});
