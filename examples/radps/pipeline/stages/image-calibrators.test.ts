import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  applyCalibration,
  ARCSEC,
  BANDPASS_FIELD,
  DEGREE,
  fullSimulation,
  GAIN_FIELD,
  readFitsImage,
  seededRandom,
  simulateObservation,
  unitTable,
} from '../../science/index.ts';
import { imagingSettings } from '../imaging/imaging-settings.ts';
import { rowsOfField, TestRuns } from '../imaging/test-target.ts';
import { writeTable } from '../products/calibration-file.ts';
import type { TableFile, VisibilityFile } from '../products/stage-outputs.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { digests } from '../testing.ts';
import { writeVisibilities } from '../visibilities.ts';
import { imageCalibrators } from './image-calibrators.ts';

let runs: TestRuns;
beforeAll(async () => {
  runs = await TestRuns.open();
});
afterAll(async () => {
  await runs.close();
});

const options = fullSimulation({
  antennasPerArm: 4,
  channels: 8,
  spectralWindows: 2,
  cycles: 4,
  interference: false,
});

/** Calibrators taken with gains that are known, and the tables of them. */
async function calibrators(): Promise<{
  imported: StageProducts<'import-calibrators'>;
  bandpass: StageProducts<'bandpass'>;
  gain: StageProducts<'time-gain'>;
}> {
  const { errors: _errors, ...perfect } = options;
  const { sets, ...header } = simulateObservation({
    ...perfect,
    scans: options.scans.filter(({ field }) => field <= GAIN_FIELD),
  }).observation;
  const folder = (stage: string): string => join(runs.folder, 'made', stage);
  const visibilities: VisibilityFile[] = [];
  const gains: TableFile[] = [];
  const random = seededRandom(3, 'gains');
  for (const [spw, set] of sets.entries()) {
    const table = unitTable('gain', {
      antennas: header.antennas.length,
      feeds: ['X', 'Y'],
      timeS: Float64Array.of(set.timeS[0]!),
      frequencyHz: Float64Array.of(set.frequencyHz[0]!),
      referenceAntenna: 0,
    });
    for (let at = 0; at < table.value.length; at += 2) {
      const phase = 6 * random.uniform();
      table.value[at] = Math.cos(phase);
      table.value[at + 1] = Math.sin(phase);
    }
    const raw = applyCalibration(set, [table], { corrupt: true });
    for (const fieldIndex of [BANDPASS_FIELD, GAIN_FIELD]) {
      const window = { fieldIndex, spw, set: rowsOfField(raw, fieldIndex) };
      visibilities.push(await writeVisibilities(folder('import-calibrators'), header, window));
    }
    gains.push({ spw, path: await writeTable(folder('time-gain'), `gain.spw${spw}.json`, table) });
  }
  const common = { parameters: {}, qa: [] };
  const solved = { calibrator: '', fluxJy: 1, referenceAntenna: 'A0', phases: [], changes: [], reason: '' };
  return {
    imported: {
      ...common,
      stage: 'import-calibrators',
      folder: folder('import-calibrators'),
      outputs: {
        telescope: header.telescope,
        antennas: header.antennas.map(({ name }) => name),
        fields: header.fields.map(({ name }) => name),
        visibilities,
        flagging: [],
        positions: { answer: 'none', corrections: {} },
      },
    },
    bandpass: {
      ...common,
      stage: 'bandpass',
      folder: folder('bandpass'),
      outputs: { ...solved, delays: [], bandpass: [] },
    },
    gain: {
      ...common,
      stage: 'time-gain',
      folder: folder('time-gain'),
      outputs: { ...solved, snr: [], threshold: 5, choice: 'per_spw', bestSpw: null, gains },
    },
  };
}

describe('imaging the calibrators', { timeout: 60_000 }, () => {
  let made: StageProducts<'image-calibrators'>;
  let input: Awaited<ReturnType<typeof calibrators>>;
  const settings = (out: string) =>
    imagingSettings.parse({ out: join(runs.folder, out), size: 64, cellArcsec: 5 });
  beforeAll(async () => {
    input = await calibrators();
    const { imported, ...tables } = input;
    made = await runs.value(imageCalibrators, { imported, tables, settings: settings('first') });
  }, 60_000);

  it('gives each calibrator at the phase centre, with its flux', async () => {
    const { images } = made.outputs;
    expect(images.map(({ field }) => field)).toEqual(['J1752-2956', 'J1851+0035']);
    for (const [index, image] of images.entries()) {
      const { fluxJy } = options.fields[index]!.sky[0]!;
      expect(image.spw).toBeNull();
      expect(image.peakJy / fluxJy).toBeGreaterThan(0.97);
      expect(image.peakJy / fluxJy).toBeLessThan(1.03);
      expect(image.noiseJy / image.thermalNoiseJy).toBeLessThan(1.5);
      const fits = await readFitsImage(join(made.folder, image.image));
      expect(fits).toMatchObject({ size: 64, object: image.field, unit: 'JY/BEAM' });
      expect(fits.cellRad).toBeCloseTo(5 * ARCSEC, 12);
      expect(fits.centre.raRad / DEGREE).toBeCloseTo(options.fields[index]!.raRad / DEGREE, 9);
      const plane = fits.planes[0]!;
      const highest = plane.reduce((most, value) => Math.max(most, value), -Infinity);
      expect(plane[32 * 64 + 32]).toBe(highest);
      expect(fits.history).toContain('weighting: Briggs, robust 0.5');
    }
  });

  it('judges each image', () => {
    const scores = made.qa.filter(({ name }) => name === 'image snr');
    expect(scores.map(({ scope }) => scope)).toEqual([{ field: 'J1752-2956' }, { field: 'J1851+0035' }]);
    for (const { score } of scores) expect(score).toBeGreaterThan(0.9);
  });

  it('writes the same bytes when it is done again, also where writing fails now and then', async () => {
    const { imported, ...tables } = input;
    const failures = { stages: ['image-calibrators'] as const, rate: 0.3, seed: 2 };
    const again = { ...settings('second'), failures: { ...failures, stages: [...failures.stages] } };
    const second = await runs.value(imageCalibrators, { imported, tables, settings: again });
    expect(await digests(second.folder)).toEqual(await digests(made.folder));
  });
});
