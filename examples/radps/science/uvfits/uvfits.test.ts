import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEGREE, SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { equatorialToUvw, siderealTimeRad } from '../numeric/coordinates.ts';
import { defaultSimulation, evenChannels } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { ehtFiles } from '../test-data.ts';
import { readUvfits } from './read-uvfits.ts';
import { encodeUvfits, writeUvfits } from './write-uvfits.ts';

const options = defaultSimulation({ channels: 3, scans: 1, integrations: 4 });
const { observation } = simulateObservation({
  ...options,
  spectralWindows: [evenChannels('a', 1.4e9, 2e6, 3), evenChannels('b', 1.5e9, 2e6, 3)],
});

describe('UVFITS', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uvfits-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('carries an observation there and back', async () => {
    const path = join(folder, 'a.uvfits');
    observation.sets[1]!.flag[5] = 1;
    await writeUvfits(path, observation);
    const back = await readUvfits(path);
    expect(back.sets).toHaveLength(2);
    expect(back.telescope).toBe(observation.telescope);
    expect(back.correlations).toEqual(observation.correlations);
    expect(back.fields[0]!.name).toBe('J1851+0035');
    expect(back.fields[0]!.raRad).toBeCloseTo(observation.fields[0]!.raRad, 10);
    expect(back.antennas.map(({ name }) => name)).toEqual(observation.antennas.map(({ name }) => name));
    for (const [index, set] of observation.sets.entries()) {
      const got = back.sets[index]!;
      expect(got.data).toEqual(set.data);
      expect(got.weight.every((value, at) => value === (set.flag[at] === 1 ? 0 : set.weight[at]))).toBe(true);
      expect(got.flag).toEqual(set.flag);
      expect(got.antenna1).toEqual(set.antenna1);
      expect(got.antenna2).toEqual(set.antenna2);
      for (let i = 0; i < set.frequencyHz.length; i++) {
        expect(got.frequencyHz[i]).toBeCloseTo(set.frequencyHz[i]!, 1);
      }
      for (let row = 0; row < set.rows; row += 17) {
        expect(got.timeS[row]! - set.timeS[row]!).toBeCloseTo(0, 2);
        for (let axis = 0; axis < 3; axis++) {
          expect(got.uvwM[3 * row + axis]).toBeCloseTo(set.uvwM[3 * row + axis]!, 2);
        }
      }
    }
  });

  it('tells what is wrong with a bad file', async () => {
    const path = join(folder, 'bad.uvfits');
    const good = Buffer.concat(encodeUvfits(observation));
    const patched = (from: string, to: string): Buffer => {
      const bytes = Buffer.from(good);
      const at = bytes.indexOf(from, 0, 'latin1');
      expect(at).toBeGreaterThan(0);
      bytes.write(to.padEnd(from.length), at, 'latin1');
      return bytes;
    };
    const cases: [Buffer, string, RegExp][] = [
      [Buffer.from('just some text, but long enough'), 'FITS_NOT_FITS', /not a FITS file/],
      [good.subarray(0, 100_000), 'FITS_TRUNCATED', /100000 bytes/],
      [good.subarray(0, 1000), 'FITS_TRUNCATED', /inside a header/],
      [Buffer.alloc(0), 'FITS_NOT_FITS', /not a FITS file/],
      [patched("CTYPE4  = 'FREQ    '", "CTYPE4  = 'TIME    '"), 'FITS_UNSUPPORTED', /COMPLEX, STOKES, TIME/],
      [
        patched('GROUPS  =                    T', 'GROUPS  =                    F'),
        'FITS_UNSUPPORTED',
        /no random groups/,
      ],
      [patched("'BASELINE'", "'BASTINE '"), 'FITS_UNSUPPORTED', /BASELINE/],
      [patched("'AIPS AN '", "'AIPS XX '"), 'FITS_UNSUPPORTED', /antenna table/],
      [patched("'AIPS FQ '", "'AIPS XX '"), 'FITS_UNSUPPORTED', /AIPS FQ/],
    ];
    for (const [bytes, code, message] of cases) {
      await writeFile(path, bytes);
      await expect(readUvfits(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    }
    await expect(readUvfits(join(folder, 'absent.uvfits'))).rejects.toMatchObject({ code: 'FITS_NOT_FOUND' });
    await expect(readUvfits(folder)).rejects.toMatchObject({ code: 'FITS_NOT_FOUND' });
  });

  it('refuses to write what does not fit', () => {
    const two = { ...observation, fields: [...observation.fields, ...observation.fields] };
    expect(() => encodeUvfits(two)).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});

const eht = ehtFiles();
if (eht === undefined)
  console.warn('SKIPPED: the real UVFITS test; set SIDEREAL_TEST_DATA to a folder that has eht-m87-2017');

describe.skipIf(eht === undefined)('UVFITS of the Event Horizon Telescope', () => {
  it('has the published first visibility, and baselines that agree with its antenna table', async () => {
    const { antennas, fields, sets, correlations } = await readUvfits(eht!.low);
    const set = sets[0]!;
    expect((await readFile(eht!.low)).length).toBe(567_360);
    expect(set.rows).toBe(6453);
    expect(correlations).toEqual(['RR', 'LL', 'RL', 'LR']);
    expect([...set.frequencyHz]).toEqual([227_070_703_125]);
    expect(fields[0]!.name).toBe('M87');
    expect(((set.timeS[0]! / 86_400) % 1) * 24).toBeCloseTo(0.76805556, 6);
    expect([antennas[set.antenna1[0]!]!.name, antennas[set.antenna2[0]!]!.name]).toEqual(['AA', 'PV']);
    const wavelength = SPEED_OF_LIGHT / set.frequencyHz[0]!;
    // The file says r₁ − r₂; here it is r₂ − r₁.
    expect(-set.uvwM[0]! / wavelength / 1e9).toBeCloseTo(-4.36151296, 6);
    expect(-set.uvwM[1]! / wavelength / 1e9).toBeCloseTo(-4.470103552, 6);
    expect(Math.hypot(set.data[0]!, set.data[1]!)).toBeCloseTo(0.15033433, 7);
    expect(Math.atan2(set.data[1]!, set.data[0]!) / DEGREE).toBeCloseTo(172.4572, 3);
    // Two hands, each with the Stokes I estimate: the mean has σ/√2.
    expect(1 / Math.sqrt(2 * set.weight[0]!)).toBeCloseTo(0.00471922, 6);
    expect([...set.data.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    for (const row of [0, 1000, 6000]) {
      const hourAngle = siderealTimeRad(set.timeS[row]! / 86_400) - fields[0]!.raRad;
      const a = antennas[set.antenna1[row]!]!.position;
      const b = antennas[set.antenna2[row]!]!.position;
      const uvw = equatorialToUvw([b[0] - a[0], b[1] - a[1], b[2] - a[2]], hourAngle, fields[0]!.decRad);
      expect(Math.hypot(set.uvwM[3 * row]! - uvw[0], set.uvwM[3 * row + 1]! - uvw[1])).toBeLessThan(
        1e-4 * 6.4e6,
      );
    }
  });
});
