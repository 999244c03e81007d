import { describe, expect, it } from 'vitest';
import {
  applyCalibration,
  ARCSEC,
  BANDPASS_FIELD,
  calibrateBandpass,
  channelsOf,
  combinePlanes,
  correctPositions,
  deconvolve,
  findContinuum,
  findSources,
  FIRST_TARGET_FIELD,
  flagOutside,
  flagVisibilities,
  fluxAt,
  fullSimulation,
  GAIN_FIELD,
  gridChannel,
  judgeCycle,
  lineCentreHz,
  lineStatistic,
  normaliseGainAmplitude,
  normalisePlane,
  predictModel,
  predictSky,
  restore,
  seededRandom,
  selectChannel,
  simulateObservation,
  solveGains,
  subtractContinuum,
  summariseTable,
} from './index.ts';
import type { ChannelRange, CleanedImage, VisibilitySet } from './index.ts';

const CHANNELS = 20;
const options = fullSimulation({ channels: CHANNELS, spectralWindows: 1, cycles: 4 });
const ANTENNAS = 18;
const setup = { size: 256, cellRad: 4 * ARCSEC, weighting: { kind: 'briggs', robust: 0.5 } } as const;
const target = options.fields[FIRST_TARGET_FIELD]!;

/** Flagged and calibrated visibilities, by the calibrators alone. */
function calibrated(): VisibilitySet {
  const { observation: raw } = simulateObservation(options);
  const offsets = options.errors!.positionOffsetsM!;
  const corrections = Object.fromEntries(raw.antennas.map(({ name }, index) => [name, offsets[index]!]));
  const set = correctPositions(raw, corrections).sets[0]!;
  const { flag } = flagVisibilities(set);
  const common = { antennas: ANTENNAS, referenceAntenna: 0 };
  const { delays, bandpass } = calibrateBandpass(
    { set, flag, model: predictSky(set, options.fields[BANDPASS_FIELD]!.sky, BANDPASS_FIELD) },
    { ...common, fields: [BANDPASS_FIELD], phaseIntervalS: 30 },
  );
  const flat = applyCalibration(set, [delays, bandpass], { flag });
  const model = predictSky(flat, options.fields[GAIN_FIELD]!.sky, GAIN_FIELD);
  const gains = solveGains([{ set: flat, model }], {
    ...common,
    fields: [GAIN_FIELD],
    mode: 'amplitude_phase',
    interval: 'scan',
  });
  expect(summariseTable(gains).deadAntennas).toEqual(options.errors!.deadAntennas);
  return applyCalibration(flat, [gains]);
}

function imageChannels(set: VisibilitySet, channels: readonly number[], thresholdSigma = 4): CleanedImage {
  const planes = channels.map((channel) =>
    gridChannel(selectChannel(set, channel, { field: FIRST_TARGET_FIELD }), setup),
  );
  const dirty = normalisePlane(planes.reduce(combinePlanes));
  return restore(dirty, deconvolve(dirty, { thresholdSigma }));
}

const dirtyCube = (set: VisibilitySet): Float64Array[] =>
  Array.from(
    { length: set.channels },
    (_, channel) =>
      normalisePlane(gridChannel(selectChannel(set, channel, { field: FIRST_TARGET_FIELD }), setup)).dirty,
  );

describe('a whole observation with a real instrument', { timeout: 120_000 }, () => {
  const set = calibrated();
  const line = Math.round((lineCentreHz(1, CHANNELS) - set.frequencyHz[0]!) / 125e3);
  let ranges: readonly ChannelRange[] = [{ from: 0, to: CHANNELS - 1 }];

  it('finds the line in its channels, and none of it in the continuum', () => {
    for (let pass = 0; pass < 3; pass++) {
      const rest = subtractContinuum(set, ranges).set;
      ranges = findContinuum(lineStatistic(dirtyCube(rest))).ranges;
    }
    const quiet = channelsOf(ranges);
    for (let channel = line - 2; channel <= line + 2; channel++) expect(quiet).not.toContain(channel);
    expect(quiet.length).toBeGreaterThan(CHANNELS / 2);
    const cube = dirtyCube(subtractContinuum(set, ranges).set);
    const source = target.sky.find(({ name }) => name === 'L')!;
    const x = Math.round(128 - source.l / setup.cellRad);
    const y = Math.round(128 + source.m / setup.cellRad);
    expect(cube[line]![y * 256 + x]!).toBeGreaterThan(0.45);
    expect(cube[quiet[0]!]![y * 256 + x]!).toBeLessThan(0.02);
  });

  it('gains signal-to-noise with every cycle of self-calibration, to the true sky', () => {
    const channels = channelsOf(ranges);
    let current = set;
    let image = imageChannels(current, channels);
    const snr = [image.snr];
    for (const [mode, interval] of [
      ['phase', 'scan'],
      ['phase', 120],
      ['amplitude_phase', 'scan'],
    ] as const) {
      const model = predictModel(image.model, current, setup, FIRST_TARGET_FIELD);
      const solved = solveGains([{ set: current, model, flag: flagOutside(current, ranges) }], {
        antennas: ANTENNAS,
        referenceAntenna: 0,
        fields: [FIRST_TARGET_FIELD],
        mode,
        interval,
        combineFeeds: mode === 'phase',
      });
      current = applyCalibration(current, [mode === 'phase' ? solved : normaliseGainAmplitude(solved)]);
      image = imageChannels(current, channels);
      expect(judgeCycle(snr.at(-1)!, image.snr)).toBe('improved');
      snr.push(image.snr);
    }
    expect(snr.at(-1)! / snr[0]!).toBeGreaterThan(3);

    const deep = imageChannels(current, channels, 2.5);
    const found = findSources(deep.restored, { ...deep, centre: target, islandSigma: 2 });
    for (const truth of target.sky) {
      const near = found.find(({ l, m }) => Math.hypot(l - truth.l, m - truth.m) < image.beam.majorRad)!;
      const { line: _line, ...continuum } = truth;
      const ratio =
        (truth.fwhmRad > 0 ? near.integratedJy : near.peakJy) / fluxAt(continuum, image.frequencyHz);
      expect(ratio).toBeGreaterThan(0.95);
      expect(ratio).toBeLessThan(1.05);
      if (truth.fwhmRad > 0) continue;
      expect(Math.hypot(near.l - truth.l, near.m - truth.m)).toBeLessThan(image.beam.minorRad / 10);
    }
  });

  it('is told that a cycle made things worse, so that it can be rolled back', () => {
    const image = imageChannels(set, channelsOf(ranges));
    const random = seededRandom(1);
    const wrong = new Float64Array(image.model.length);
    for (let count = 0; count < 30; count++) wrong[random.integer(wrong.length)] = 1;
    const model = predictModel(wrong, set, setup, FIRST_TARGET_FIELD);
    const solved = solveGains([{ set, model }], {
      antennas: ANTENNAS,
      referenceAntenna: 0,
      fields: [FIRST_TARGET_FIELD],
      mode: 'phase',
      interval: 60,
    });
    const after = imageChannels(applyCalibration(set, [solved]), channelsOf(ranges));
    expect(judgeCycle(image.snr, after.snr)).toBe('worse');
    expect([judgeCycle(100, 150), judgeCycle(100, 101), judgeCycle(100, 99)]).toEqual([
      'improved',
      'stalled',
      'worse',
    ]);
  });
});
