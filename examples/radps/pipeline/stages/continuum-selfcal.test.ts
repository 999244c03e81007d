import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_TARGET_FIELD, findSources, fluxAt, readFitsImage } from '../../science/index.ts';
import { imagingSettings } from '../imaging/imaging-settings.ts';
import type { ImagingSettings } from '../imaging/imaging-settings.ts';
import { jitterOnly, TestRuns, writeTarget } from '../imaging/test-target.ts';
import type { TestTarget } from '../imaging/test-target.ts';
import { readTable } from '../products/calibration-file.ts';
import { readStageProducts } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { digests } from '../testing.ts';
import { continuumSelfcal } from './continuum-selfcal.ts';

let runs: TestRuns;
let target: TestTarget;
let made: StageProducts<'continuum-selfcal'>;

function settings(out: string, rest: Partial<ImagingSettings> = {}): ImagingSettings {
  return { ...imagingSettings.parse({ out: join(runs.folder, out) }), ...rest };
}

beforeAll(async () => {
  runs = await TestRuns.open();
  target = await writeTarget(join(runs.folder, 'target'), { channels: 12, cycles: 4 }, jitterOnly(0.25));
  made = await runs.value(continuumSelfcal, { calibrated: target.products, settings: settings('first') });
}, 60_000);
afterAll(async () => {
  await runs.close();
});

describe('self-calibration of a target', { timeout: 60_000 }, () => {
  it('raises the signal-to-noise with every cycle', () => {
    const [{ state, cycles, tables }] = made.outputs.selfCal as [(typeof made.outputs.selfCal)[number]];
    expect(state).toBe('improved');
    expect(cycles.map(({ name }) => name)).toEqual(['start', 'phase-scan', 'phase-120s', 'amplitude-scan']);
    for (const [index, { snr }] of cycles.entries())
      if (index > 0) expect(snr).toBeGreaterThan(cycles[index - 1]!.snr);
    expect(cycles.at(-1)!.snr / cycles[0]!.snr).toBeGreaterThan(2);
    expect(tables.map(({ spw }) => spw)).toEqual([0, 1, 0, 1, 0, 1]);
  });

  it('gives the true sky', async () => {
    const [image] = made.outputs.images;
    expect(image).toMatchObject({ field: 'target 1', spw: null, reason: 'noise' });
    const fits = await readFitsImage(join(made.folder, image!.image));
    const centre = target.fields[FIRST_TARGET_FIELD]!;
    const found = findSources(fits.planes[0]!, { ...image!, centre, islandSigma: 2 });
    for (const truth of centre.sky) {
      const { line: _line, ...continuum } = truth;
      const near = found.find(({ l, m }) => Math.hypot(l - truth.l, m - truth.m) < image!.beam.majorRad)!;
      const flux = truth.fwhmRad > 0 ? near.integratedJy : near.peakJy;
      const tolerance = truth.fwhmRad > 0 ? 0.15 : 0.05;
      const ratio = flux / fluxAt(continuum, image!.frequencyHz);
      expect(Math.abs(ratio - 1)).toBeLessThan(tolerance);
      if (truth.fwhmRad > 0) continue;
      expect(Math.hypot(near.l - truth.l, near.m - truth.m)).toBeLessThan(image!.beam.minorRad / 10);
    }
  });

  it('writes tables of unit amplitude for the phases, that keep the flux scale', async () => {
    const [{ tables }] = made.outputs.selfCal as [(typeof made.outputs.selfCal)[number]];
    const [phase, , , , gain] = await Promise.all(
      tables.map(({ path }) => readTable(join(made.folder, path))),
    );
    expect(phase).toMatchObject({ kind: 'phase', antennas: 15 });
    expect(phase!.timeS).toHaveLength(4);
    for (const solution of [0, 17, 42]) {
      const [re, im] = [phase!.value[2 * solution]!, phase!.value[2 * solution + 1]!];
      expect(Math.hypot(re, im)).toBeCloseTo(1, 9);
    }
    let power = 0;
    for (const value of gain!.value) power += value * value;
    expect(power / (gain!.value.length / 2)).toBeCloseTo(1, 1);
  });

  it('leaves products that are whole, judged, and the same bytes when made again', async () => {
    const read = await readStageProducts(join(runs.folder, 'first'), 'continuum-selfcal');
    expect({ ...read, took: made.took }).toEqual(made);
    expect(made.qa.map(({ name }) => name)).toEqual(['image snr', 'image noise', 'self-calibration']);
    for (const { score } of made.qa) expect(score).toBeGreaterThan(0.66);
    const failures = { stages: ['continuum-selfcal' as const], rate: 0.3, seed: 5 };
    const again = settings('second', { failures });
    const second = await runs.value(continuumSelfcal, { calibrated: target.products, settings: again });
    expect(await digests(second.folder)).toEqual(await digests(made.folder));
  });

  it('leaves the same bytes when its run is cut off in a cycle, and goes on', async () => {
    const input = { calibrated: target.products, settings: settings('cut') };
    const { state } = await runs.resumed(continuumSelfcal, input, (stages) => {
      const stage = stages.find(({ name }) => name === 'self-calibrate');
      return Object.values(stage?.counts ?? {}).reduce((sum, count) => sum + count, 0) > 3;
    });
    expect(state).toBe('completed');
    expect(await digests(join(runs.folder, 'cut/stages/continuum-selfcal'))).toEqual(
      await digests(made.folder),
    );
  });

  it('is not done where it was not asked for, nor with an image that is no model', async () => {
    for (const [out, rest, why] of [
      ['off', { selfCal: false, size: 64 }, 'not asked for'],
      ['faint', { selfCalSnr: 1e4, size: 64 }, 'needs 10000'],
    ] as const) {
      const calibrated = target.products;
      const { outputs, qa } = await runs.value(continuumSelfcal, {
        calibrated,
        settings: settings(out, rest),
      });
      const [record] = outputs.selfCal;
      expect(record).toMatchObject({ state: 'skipped', tables: [] });
      expect(record!.reason).toContain(why);
      expect(outputs.images).toHaveLength(1);
      expect(outputs.images[0]!.snr).toBe(record!.cycles[0]!.snr);
      const { score, message } = qa.find(({ name }) => name === 'self-calibration')!;
      expect([score, message]).toEqual([null, record!.reason]);
    }
  });
});

describe('self-calibration that makes things worse', { timeout: 60_000 }, () => {
  it('is rolled back to the image and the tables of before', async () => {
    const folder = join(runs.folder, 'noisy');
    const noisy = await writeTarget(folder, {
      channels: 6,
      cycles: 2,
      noiseJy: 12,
      spectralWindows: 1,
      line: false,
    });
    const hostile = { selfCalSnr: 0, size: 64, cellArcsec: 6 };
    const calibrated = noisy.products;
    const { outputs, folder: out } = await runs.value(continuumSelfcal, {
      calibrated,
      settings: settings('worse', hostile),
    });
    const [record] = outputs.selfCal;
    expect(record).toMatchObject({ state: 'rolled_back', reason: 'rolled_back' });
    const last = record!.cycles.at(-1)!;
    const kept = record!.cycles.at(-2)!;
    expect(last.verdict).toBe('worse');
    expect(last.snr).toBeLessThan(kept.snr);
    expect(outputs.images[0]!.snr).toBe(kept.snr);
    expect(record!.tables).toHaveLength(record!.cycles.length - 2);
    if (record!.tables.length === 0) expect(existsSync(join(out, 'selfcal'))).toBe(false);
  });
});

it('a field that has nothing but lines has no image, and that is told', { timeout: 60_000 }, async () => {
  const { continuum } = target.products.outputs;
  const outputs = {
    ...target.products.outputs,
    continuum: continuum.map((window) => ({ ...window, ranges: [] })),
  };
  const calibrated = { ...target.products, outputs };
  const { outputs: none, qa } = await runs.value(continuumSelfcal, {
    calibrated,
    settings: settings('lines'),
  });
  expect(none).toEqual({ images: [], selfCal: [] });
  expect(qa).toMatchObject([{ name: 'image snr', score: null, scope: { field: 'target 1' } }]);
});
