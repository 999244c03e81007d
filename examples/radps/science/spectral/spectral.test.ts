import { describe, expect, it } from 'vitest';
import { selectChannel } from '../imaging/channel-visibilities.ts';
import { normalisePlane } from '../imaging/dirty-plane.ts';
import { gridChannel } from '../imaging/grid-channel.ts';
import { ARCSEC } from '../numeric/constants.ts';
import { seededRandom } from '../numeric/random.ts';
import { robustSpread } from '../numeric/robust.ts';
import { defaultSimulation, skyComponent } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { channelsOf, findContinuum, lineStatistic } from './find-continuum.ts';
import { subtractContinuum } from './subtract-continuum.ts';

const CHANNELS = 24;
const LINE = 10;
const { interference: _none, ...options } = defaultSimulation({
  channels: CHANNELS,
  scans: 4,
  integrations: 4,
});
const centreHz = 1.4e9 + LINE * 2e6;
const sky = [
  skyComponent('C', 0, 0, 2),
  { ...skyComponent('L', 90, -120, 0.2), line: { peakJy: 0.3, centreHz, fwhmHz: 4e6 } },
];
const set = simulateObservation({ ...options, fields: [{ ...options.fields[0]!, sky }] }).observation
  .sets[0]!;
const setup = { size: 128, cellRad: 5 * ARCSEC, weighting: { kind: 'natural' } } as const;
const cube = (from: typeof set): Float64Array[] =>
  Array.from(
    { length: CHANNELS },
    (_, channel) => normalisePlane(gridChannel(selectChannel(from, channel), setup)).dirty,
  );

describe('finding the continuum', () => {
  it('finds the channels of a line in a dirty cube, and no others', () => {
    const found = findContinuum(lineStatistic(cube(set)));
    for (let channel = LINE - 2; channel <= LINE + 2; channel++) expect(found.line[channel]).toBe(1);
    const quiet = channelsOf(found.ranges);
    expect(quiet.length).toBeGreaterThan(CHANNELS - 10);
    expect(quiet).toContain(0);
    expect(quiet).toContain(CHANNELS - 1);
    expect(found.continuumFraction).toBeCloseTo(quiet.length / CHANNELS, 12);
  });

  it('calls everything continuum where there is no line', () => {
    const random = seededRandom(4);
    const noise = Array.from({ length: 30 }, () =>
      Float64Array.from({ length: 4096 }, () => random.normal()),
    );
    expect(findContinuum(lineStatistic(noise)).ranges).toEqual([{ from: 0, to: 29 }]);
  });

  it('takes channels without data for neither', () => {
    const random = seededRandom(6);
    const planes = Array.from({ length: 20 }, (_, channel) =>
      Float64Array.from({ length: 4096 }, () => (channel === 7 ? 0 : random.normal())),
    );
    expect(findContinuum(lineStatistic(planes)).ranges).toEqual([
      { from: 0, to: 6 },
      { from: 8, to: 19 },
    ]);
    expect(() => lineStatistic([new Float64Array(9)])).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });
});

describe('subtracting the continuum', () => {
  const found = findContinuum(lineStatistic(cube(set)));
  const result = subtractContinuum(set, found.ranges, { order: 1 });

  it('leaves the line, and no continuum', () => {
    const planes = cube(result.set);
    const pixel = (64 - 24) * 128 + 64 - 18;
    expect(planes[LINE]![pixel]).toBeGreaterThan(0.25);
    expect(planes[LINE]![pixel]).toBeLessThan(0.33);
    const quiet = planes[2]!;
    const { sigma } = robustSpread(quiet);
    expect(Math.abs(quiet[64 * 128 + 64]!)).toBeLessThan(5 * sigma);
    expect(quiet.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(6 * sigma);
    expect(result.failed).toBe(0);
    expect(result.fitted).toBe(2 * set.rows);
    expect(result.reducedChiSquare).toBeGreaterThan(0.9);
    expect(result.reducedChiSquare).toBeLessThan(1.1);
    // The continuum that was taken off does not have the line.
    const all = { ...set, data: result.continuum };
    expect(cube(all)[LINE]![pixel]).toBeLessThan(0.25);
  });

  it('skips, flags and counts spectra that cannot be fitted', () => {
    const flag = set.flag.slice();
    for (let channel = 0; channel < CHANNELS; channel++) {
      if (channel !== LINE && channel !== 3) flag[channel * 2] = 1;
    }
    flag.fill(1, CHANNELS * 2, CHANNELS * 4);
    const partial = subtractContinuum(set, found.ranges, { order: 1, flag });
    expect(partial.failed).toBe(1);
    expect(partial.fitted).toBe(2 * set.rows - 3);
    expect(partial.set.flag[LINE * 2]).toBe(1);
    expect(() => subtractContinuum(set, [{ from: 0, to: 0 }], { order: 1 })).toThrow(
      expect.objectContaining({ code: 'BAD_PARAMETER' }),
    );
  });
});
