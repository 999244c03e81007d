import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, startRun, threads, type RunOutcome } from 'sidereal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ARCSEC,
  defaultSimulation,
  DEGREE,
  encodeUvfits,
  readFitsImage,
  simulateObservation,
} from '../../science/index.ts';
import { ehtFiles } from '../../science/test-data.ts';
import { imageObservation, imagingResult } from './image-observation.ts';
import type { ImagingResult } from './image-observation.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radps-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function run(input: Readonly<Record<string, unknown>>): Promise<RunOutcome> {
  const { definition } = imageObservation;
  const flow = { ...definition, options: { ...definition.options, runner: threads(2) } };
  const store = await openStore(join(folder, 'store'));
  try {
    return await startRun(flow, { iterations: 2000, ...input }, { store, validate: true }).outcome;
  } finally {
    await store.close();
  }
}

async function image(input: Readonly<Record<string, unknown>>): Promise<ImagingResult> {
  const { error, value } = await run(input);
  if (error !== undefined) throw error;
  return imagingResult.parse(value);
}

describe('a simulated observation', () => {
  let result: ImagingResult;
  let out: string;
  beforeAll(async () => {
    out = join(folder, 'simulated');
    result = await image({ out, simulation: { seed: 5, channels: 6, antennas: 21 } });
  }, 60_000);

  it('gives the true sky: places to a tenth of a beam, fluxes to 5 %', () => {
    expect(result.comparison.map(({ name }) => name)).toEqual(['P1', 'P2', 'P3', 'P4', 'E1']);
    for (const { found } of result.comparison) {
      expect(found!.offsetBeams).toBeLessThan(0.1);
      expect(found!.fluxRatio).toBeGreaterThan(0.95);
      expect(found!.fluxRatio).toBeLessThan(1.05);
    }
    expect(result.sources).toHaveLength(5);
  });

  it('gives images whose headers say where, when and how', async () => {
    const kinds = ['image', 'residual', 'dirty', 'model'];
    expect(result.files.slice(0, 4)).toEqual(kinds.map((kind) => join(out, `J1851+0035.${kind}.fits`)));
    const [field] = defaultSimulation().fields;
    for (const [index, kind] of kinds.entries()) {
      const fits = await readFitsImage(result.files[index]!);
      expect(fits).toMatchObject({
        size: 256,
        unit: kind === 'model' ? 'JY/PIXEL' : 'JY/BEAM',
        object: 'J1851+0035',
        telescope: 'simulated Y',
      });
      expect(fits.centre.raRad).toBeCloseTo(field!.raRad, 12);
      expect(fits.centre.decRad).toBeCloseTo(field!.decRad, 12);
      expect(fits.cellRad).toBeCloseTo(result.image.cellRad, 12);
      expect(fits.frequencyHz).toBeCloseTo(result.image.frequencyHz, 0);
      expect(fits.frequencyStepHz).toBeCloseTo(12e6, 0);
      if (kind === 'model') expect(fits.beam).toBeUndefined();
      else expect(fits.beam!.majorRad).toBeCloseTo(result.image.beam.majorRad, 12);
    }
    const header = (await readFile(result.files[0]!)).toString('latin1', 0, 5760);
    expect(header).toMatch(/HISTORY Sidereal run \d{8}t\d{6}-\w{6}/);
    expect(header).toContain('HISTORY weighting: Briggs, robust 0.5');
  });

  it('gives a table of sources, a picture, and a report that needs nothing else', async () => {
    const [png, csv, html] = result.files.slice(4) as [string, string, string];
    expect((await readFile(png)).subarray(1, 4).toString()).toBe('PNG');
    const [columns, first, ...rest] = (await readFile(csv, 'utf8')).trim().split('\n');
    expect(columns).toBe('ra_deg,dec_deg,peak_jy_per_beam,integrated_jy,snr');
    expect(rest).toHaveLength(4);
    const [ra, dec] = first!.split(',').map(Number);
    const [field] = defaultSimulation().fields;
    expect(Math.abs(ra! * DEGREE - field!.raRad)).toBeLessThan(ARCSEC);
    expect(Math.abs(dec! * DEGREE - field!.decRad)).toBeLessThan(ARCSEC);
    const page = await readFile(html, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.match(/<svg/g)!.length).toBeGreaterThan(6);
    expect(page).toContain('data:image/png;base64,');
    expect(page).not.toMatch(/<script|<link|@import|url\(\s*['"]?http|(src|href)="(?!#|data:)/);
    for (const name of ['P1', 'P2', 'P3', 'P4', 'E1, extended']) expect(page).toContain(name);
  });
});

describe('an observation from a UVFITS file', () => {
  it('gives the same image as from its folder', { timeout: 60_000 }, async () => {
    const simulation = { seed: 3, channels: 2, antennas: 27 };
    const { observation } = simulateObservation(defaultSimulation(simulation));
    const path = join(folder, 'simulated.uvfits');
    await writeFile(path, encodeUvfits(observation));
    const direct = await image({ out: join(folder, 'direct'), simulation });
    const byFile = await image({ out: join(folder, 'by-file'), observation: path });
    expect(byFile.comparison).toEqual([]);
    expect(byFile.sources).toHaveLength(direct.sources.length);
    for (const [index, source] of byFile.sources.entries()) {
      expect(source.peakJy / direct.sources[index]!.peakJy).toBeCloseTo(1, 2);
    }
  });

  it.each([
    ['is text', 'FITS_NOT_FITS', () => Buffer.from('hello\n')],
    ['is empty', 'FITS_NOT_FITS', () => Buffer.alloc(0)],
    ['ends early', 'FITS_TRUNCATED', (whole: Uint8Array) => whole.subarray(0, whole.length / 2)],
    ['ends within its header', 'FITS_TRUNCATED', (whole: Uint8Array) => whole.subarray(0, 3000)],
  ])('ends the run with the code of what is wrong when it %s', async (name, code, damage) => {
    const { observation } = simulateObservation(
      defaultSimulation({ channels: 1, scans: 1, integrations: 2 }),
    );
    const path = join(folder, `${name}.uvfits`);
    await writeFile(path, damage(Buffer.concat(encodeUvfits(observation))));
    const { state, error } = await run({ out: join(folder, name), observation: path });
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code, message: expect.stringContaining(path) });
  });

  it('refuses input that makes no sense before anything runs', async () => {
    const { state, error } = await run({ out: folder, size: 'large' });
    expect(state).toBeUndefined();
    expect(error).toMatchObject({ code: 'INVALID_INPUT' });
    const odd = await run({
      out: join(folder, 'odd'),
      size: 100,
      simulation: { seed: 1, channels: 1, antennas: 6 },
    });
    expect(odd).toMatchObject({ state: 'failed', error: { code: 'BAD_PARAMETER' } });
  });
});

const eht = ehtFiles();
if (eht === undefined)
  console.warn(
    'SKIPPED: the image of a real observation; set SIDEREAL_TEST_DATA to a folder that has eht-m87-2017',
  );

describe.skipIf(eht === undefined)('a real observation', () => {
  it('becomes an image', { timeout: 60_000 }, async () => {
    const result = await image({ out: join(folder, 'eht'), observation: eht!.low, size: 128 });
    const fits = await readFitsImage(result.files[0]!);
    expect(fits).toMatchObject({ object: 'M87', unit: 'JY/BEAM', size: 128 });
    // The array's beam at 227 GHz is about 20 microarcseconds (doi:10.3847/2041-8213/ab0e85).
    const beam = Math.sqrt(result.image.beam.majorRad * result.image.beam.minorRad) / (1e-6 * ARCSEC);
    expect(beam).toBeGreaterThan(10);
    expect(beam).toBeLessThan(40);
    expect(fits.planes[0]!.every(Number.isFinite)).toBe(true);
    // Its phases are not calibrated: there is nothing to find yet.
    expect(Number.isFinite(result.image.snr)).toBe(true);
  });
});
