import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCSEC, DEGREE, FIRST_TARGET_FIELD, readFitsImage, robustSpread } from '../../science/index.ts';
import { imagingSettings } from '../imaging/imaging-settings.ts';
import type { ImagingSettings } from '../imaging/imaging-settings.ts';
import { TestRuns, writeTarget } from '../imaging/test-target.ts';
import type { TestTarget } from '../imaging/test-target.ts';
import { readStageProducts } from '../products/stage-products.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { digests } from '../testing.ts';
import { cube } from './cube.ts';

const CHANNELS = 14;
let runs: TestRuns;
let target: TestTarget;
let made: StageProducts<'cube'>;

function settings(out: string, rest: Partial<ImagingSettings> = {}): ImagingSettings {
  return { ...imagingSettings.parse({ out: join(runs.folder, out), size: 128, combine: 2 }), ...rest };
}

beforeAll(async () => {
  runs = await TestRuns.open();
  target = await writeTarget(join(runs.folder, 'target'), { channels: CHANNELS });
  made = await runs.value(cube, { calibrated: target.products, settings: settings('first') });
}, 60_000);
afterAll(async () => {
  await runs.close();
});

describe('the cubes of a target', { timeout: 60_000 }, () => {
  it('have the line in its channels, at its place, and nothing in the quiet ones', async () => {
    const truth = target.fields[FIRST_TARGET_FIELD]!.sky.find(({ name }) => name === 'L')!;
    const [quiet, lines] = made.outputs.cubes;
    expect(lines!.peak.channel).toBe(target.lineChannel);
    expect(lines!.peak.jy / truth.line!.peakJy).toBeGreaterThan(0.9);
    expect(lines!.peak.jy / truth.line!.peakJy).toBeLessThan(1.1);
    // The brightest pixel: half a pixel off at most.
    expect(Math.abs(lines!.peak.l - truth.l) / ARCSEC).toBeLessThan(2.5);
    expect(Math.abs(lines!.peak.m - truth.m) / ARCSEC).toBeLessThan(2.5);
    const { planes } = await readFitsImage(join(made.folder, lines!.cube));
    expect(planes).toHaveLength(CHANNELS);
    for (const [channel, plane] of planes.entries()) {
      const { sigma } = robustSpread(plane);
      const highest = plane.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      if (Math.abs(channel - target.lineChannel) < 2) expect(highest / sigma).toBeGreaterThan(15);
      if (Math.abs(channel - target.lineChannel) > 4) expect(highest / sigma).toBeLessThan(6);
    }
    expect(quiet!.snr).toBeLessThan(6);
    expect(lines!.spectrumJy).toHaveLength(CHANNELS);
    expect(lines!.spectrumJy[target.lineChannel]).toBe(lines!.peak.jy);
  });

  it('say where, at which frequencies, and how wide the beam is', async () => {
    const { cubes } = made.outputs;
    const field = target.fields[FIRST_TARGET_FIELD]!;
    for (const [spw, one] of cubes.entries()) {
      const { header, ...fits } = await readFitsImage(join(made.folder, one.cube));
      expect(fits).toMatchObject({ size: 128, object: 'target 1', unit: 'JY/BEAM' });
      expect(fits.frequencyHz).toBeCloseTo(1.4e9 + spw * 8e6, 0);
      expect(fits.frequencyStepHz).toBeCloseTo(125e3, 3);
      expect(fits.centre.raRad / DEGREE).toBeCloseTo(field.raRad / DEGREE, 9);
      expect(fits.centre.decRad / DEGREE).toBeCloseTo(field.decRad / DEGREE, 9);
      expect(fits.cellRad).toBeCloseTo(one.cellRad, 14);
      expect(fits.beam!.majorRad).toBeCloseTo(one.beam.majorRad, 12);
      for (const [key, value] of [
        ['NAXIS3', CHANNELS],
        ['CTYPE1', 'RA---SIN'],
        ['CTYPE2', 'DEC--SIN'],
        ['CTYPE3', 'FREQ'],
        ['CRPIX1', 65],
        ['CRPIX3', 1],
        ['CUNIT3', 'Hz'],
      ] as const)
        expect(header.values.get(key)).toBe(value);
      const highest = fits.planes.reduce((most, plane) => plane.reduce((a, b) => Math.max(a, b), most), 0);
      expect(header.values.get('DATAMAX')).toBeCloseTo(highest, 6);
      const map = await readFitsImage(join(made.folder, one.peakMap));
      for (const at of [0, 5000, 8256])
        expect(map.planes[0]![at]).toBe(Math.max(...fits.planes.map((plane) => plane[at]!)));
    }
  });

  it('need fewer channels with every cycle, until none is left', () => {
    const [quiet, lines] = made.outputs.cubes;
    expect(lines!.reason).toBe('converged');
    expect(lines!.cycles.length).toBeGreaterThan(1);
    const active = lines!.cycles.map((cycle) => cycle.active);
    expect(active[0]).toBe(CHANNELS);
    expect(active[1]).toBeLessThan(CHANNELS);
    expect(quiet!.cycles.map((cycle) => cycle.active)).toEqual([CHANNELS]);
  });

  it('are the stage’s products, whole, and judged', async () => {
    const read = await readStageProducts(join(runs.folder, 'first'), 'cube');
    expect({ ...read, took: made.took }).toEqual(made);
    expect(made.outputs.failed).toEqual([]);
    expect(made.outputs.subtraction).toHaveLength(2);
    for (const { reducedChiSquare } of made.outputs.subtraction) expect(reducedChiSquare).toBeCloseTo(1, 1);
    for (const { score } of made.qa) expect(score).toBeGreaterThan(0.9);
  });

  it('are the same bytes when made again, also where writing fails now and then', async () => {
    const failures = { stages: ['cube' as const], rate: 0.5, seed: 4 };
    const second = await runs.value(cube, {
      calibrated: target.products,
      settings: settings('second', { failures }),
    });
    expect(await digests(second.folder)).toEqual(await digests(made.folder));
  });

  it('are the same bytes when their run is cut off among the planes, and goes on', async () => {
    const partial = join(runs.folder, 'cut/stages/cube/cubes/target_1.spw0.cube.fits.partial');
    const input = { calibrated: target.products, settings: settings('cut') };
    const { state } = await runs.resumed(cube, input, () => existsSync(partial));
    expect(state).toBe('completed');
    expect(await digests(join(runs.folder, 'cut/stages/cube'))).toEqual(await digests(made.folder));
  });
});

describe('a spectral window that fails', { timeout: 60_000 }, () => {
  const small = { size: 32, failSpw: 0 };

  it('ends the stage, which names it', async () => {
    const { state, error } = await runs.outcome(cube, {
      calibrated: target.products,
      settings: settings('abort', small),
    });
    expect(state).toBe('failed');
    expect(error).toMatchObject({
      code: 'SPW_FAILED',
      message: expect.stringContaining('spectral window 0 of target 1') as string,
    });
    expect(existsSync(join(runs.folder, 'abort/stages/cube/stage.json'))).toBe(false);
  });

  it('is left out where that is asked for, and lowers the score', async () => {
    const { outputs, qa } = await runs.value(cube, {
      calibrated: target.products,
      settings: settings('continue', { ...small, onSpwFailure: 'continue' }),
    });
    expect(outputs.failed).toMatchObject([{ field: 'target 1', spw: 0 }]);
    expect(outputs.failed[0]!.why).toContain('made to fail');
    expect(outputs.cubes.map(({ spw }) => spw)).toEqual([1]);
    expect(outputs.subtraction.map(({ spw }) => spw)).toEqual([1]);
    const score = qa.find(({ name }) => name === 'spectral windows')!;
    expect(score.score).toBeLessThan(0.66);
    expect(score.message).toContain('target 1 in window 0');
  });
});

it('is skipped where there is no line', { timeout: 60_000 }, async () => {
  const { continuum } = target.products.outputs;
  const outputs = {
    ...target.products.outputs,
    continuum: continuum.map((window) => ({ ...window, hasLine: false })),
  };
  const { state, error } = await runs.outcome(cube, {
    calibrated: { ...target.products, outputs },
    settings: settings('none'),
  });
  expect(state).toBe('skipped');
  expect(error).toMatchObject({ code: 'SKIPPED' });
  expect(existsSync(join(runs.folder, 'none/stages'))).toBe(false);
});
