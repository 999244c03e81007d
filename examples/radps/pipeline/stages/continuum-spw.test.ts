import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFitsImage } from '../../science/index.ts';
import { imagingSettings } from '../imaging/imaging-settings.ts';
import type { ImagingSettings } from '../imaging/imaging-settings.ts';
import { jitterOnly, TestRuns, writeTarget } from '../imaging/test-target.ts';
import type { TestTarget } from '../imaging/test-target.ts';
import type { StageProducts } from '../products/stage-products.ts';
import { continuumSelfcal } from './continuum-selfcal.ts';
import { continuumSpw } from './continuum-spw.ts';

let runs: TestRuns;
let target: TestTarget;
let made: StageProducts<'continuum-selfcal'>;

function settings(out: string, rest: Partial<ImagingSettings> = {}): ImagingSettings {
  return { ...imagingSettings.parse({ out: join(runs.folder, out), selfCalCycles: 2 }), ...rest };
}

beforeAll(async () => {
  runs = await TestRuns.open();
  target = await writeTarget(join(runs.folder, 'target'), {}, jitterOnly(0.25));
  made = await runs.value(continuumSelfcal, { calibrated: target.products, settings: settings('selfcal') });
}, 60_000);
afterAll(async () => {
  await runs.close();
});

describe('the continuum of each spectral window', { timeout: 60_000 }, () => {
  it('is imaged with the gains of self-calibration, if there are some', async () => {
    const calibrated = target.products;
    const plain = await runs.value(continuumSpw, {
      calibrated,
      selfcal: undefined,
      settings: settings('plain'),
    });
    const better = await runs.value(continuumSpw, {
      calibrated,
      selfcal: made,
      settings: settings('better'),
    });
    expect(plain.outputs.selfCalibrated).toEqual([]);
    expect(better.outputs.selfCalibrated).toEqual(['target 1']);
    for (const spw of [0, 1]) {
      const image = better.outputs.images[spw]!;
      expect(image).toMatchObject({ field: 'target 1', spw });
      expect(image.snr / plain.outputs.images[spw]!.snr).toBeGreaterThan(1.5);
      const fits = await readFitsImage(join(better.folder, image.image));
      expect(Math.abs(fits.frequencyHz - (1.4e9 + spw * 8e6 + 0.7e6))).toBeLessThan(0.7e6);
      expect(fits.history).toContain('self-calibration: 2 tables');
    }
    const scopes = better.qa.filter(({ name }) => name === 'image snr').map(({ scope }) => scope);
    expect(scopes).toEqual([
      { field: 'target 1', spw: 0 },
      { field: 'target 1', spw: 1 },
    ]);
  });
});

it('a disk that always fails ends the stage with its code', { timeout: 60_000 }, async () => {
  const failures = { stages: ['continuum-spw' as const], rate: 1, seed: 1 };
  const { state, error } = await runs.outcome(continuumSpw, {
    calibrated: target.products,
    selfcal: undefined,
    settings: settings('broken', { failures, size: 32, cellArcsec: 10 }),
  });
  expect(state).toBe('failed');
  expect(String(error)).toContain('made to fail in attempt 5');
  expect(existsSync(join(runs.folder, 'broken/stages/continuum-spw/stage.json'))).toBe(false);
});
