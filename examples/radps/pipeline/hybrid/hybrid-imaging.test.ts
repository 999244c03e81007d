import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, startRun, threads, type RunOutcome } from 'sidereal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  combineObservations,
  DEGREE,
  encodeUvfits,
  hybridMap,
  importObservation,
  measureRing,
  MICROARCSEC,
  prepareVlbi,
  readFitsImage,
  restoreImage,
} from '../../science/index.ts';
import { ehtFiles } from '../../science/test-data.ts';
import { blurOf } from './start.ts';
import { hybridImaging } from './hybrid-imaging.ts';
import { hybridInput, hybridOptions, preparationOf } from './hybrid-input.ts';
import { hybridResult } from './hybrid-result.ts';
import type { HybridResult } from './hybrid-result.ts';
import { simulatedPair, simulatedRing, simulateVlbi } from './testing/simulated-vlbi.ts';

let folder: string;
let bands: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radps-hybrid-'));
  bands = [join(folder, 'low.uvfits'), join(folder, 'high.uvfits')];
  for (const [band, path] of bands.entries())
    await writeFile(path, encodeUvfits(simulateVlbi(simulatedRing, band)));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Small and short, so that a test takes seconds. */
const QUICK = {
  size: 64,
  startDiametersUas: [30, 60],
  cycles: { phase: 4, amplitudeAll: 2, amplitudeScan: 1 },
};

async function run(input: Readonly<Record<string, unknown>>): Promise<RunOutcome> {
  const { definition } = hybridImaging;
  const flow = { ...definition, options: { ...definition.options, runner: threads(2) } };
  const store = await openStore(join(folder, 'store'));
  try {
    return await startRun(flow, input, { store, validate: true }).outcome;
  } finally {
    await store.close();
  }
}

async function image(input: Readonly<Record<string, unknown>>): Promise<HybridResult> {
  const { error, value } = await run(input);
  if (error !== undefined) throw error;
  return hybridResult.parse(value);
}

describe('a simulated ring in two files', { timeout: 120_000 }, () => {
  let result: HybridResult;
  beforeAll(async () => {
    result = await image({ observations: bands, out: join(folder, 'ring'), ...QUICK });
  }, 120_000);

  it('is found through unknown phases and amplitudes: 42 µas, bright in the south, dark in the middle', () => {
    expect(result.isRing).toBe(true);
    const ring = result.ring!;
    expect(Math.abs(ring.diameterUas - 42)).toBeLessThan(3);
    expect(Math.abs(ring.fittedDiameterUas - 42)).toBeLessThan(1);
    expect(ring.errorUas).toBeLessThan(4);
    expect(ring.centralFraction).toBeLessThan(0.5);
    expect(Math.cos((ring.brightAngleDeg - 180) * DEGREE)).toBeGreaterThan(0.9);
    expect(Math.cos((ring.fittedBrightAngleDeg - 180) * DEGREE)).toBeGreaterThan(0.9);
    expect(result.starts.map(({ startDiameterUas }) => startDiameterUas)).toEqual([30, 60]);
    expect(result.starts.filter(({ chosen }) => chosen)).toHaveLength(1);
  });

  it('is, to the last bit, what the plain functions give', async () => {
    const knobs = hybridInput.parse({ observations: bands, out: folder, ...QUICK });
    // Through the files, for UVFITS keeps u, v, w as float32.
    const read = combineObservations(await Promise.all(bands.map((path) => importObservation(path))));
    const sets = prepareVlbi(read, preparationOf(knobs));
    for (const start of result.starts) {
      const options = hybridOptions(knobs, read.antennas.length, start.startDiameterUas);
      const { cycles, clean, dirty } = hybridMap(sets, options);
      expect(start.closure).toBe(cycles.at(-1)!.closure.full);
      expect(start.modelFluxJy).toBe(cycles.at(-1)!.modelFluxJy);
      const { cellRad } = options.setup;
      const blank = new Float64Array(clean.model.length);
      const picture = restoreImage(clean.model, blank, knobs.size, cellRad, blurOf(knobs));
      const measured = measureRing(picture, knobs.size, cellRad, {
        beamRad: knobs.beamUas * MICROARCSEC,
        searchRad: knobs.ringSearchUas * MICROARCSEC,
      });
      expect(start.measured.diameterUas).toBe(measured.diameterRad / MICROARCSEC);
      if (!start.chosen) continue;
      const planes = { image: picture, residual: clean.residual, dirty: dirty.dirty, model: clean.model };
      for (const [kind, pixels] of Object.entries(planes)) {
        const fits = await readFitsImage(join(result.out, `RING.${kind}.fits`));
        expect(Float32Array.from(fits.planes[0]!)).toEqual(Float32Array.from(pixels));
      }
    }
  });

  it('leaves files that say how they were made, the same every time but for the report', async () => {
    const names = ['image.fits', 'residual.fits', 'dirty.fits', 'model.fits', 'image.png'];
    const expected = [...names.map((name) => `RING.${name}`), 'ring.json', 'ring.csv', 'report.html'];
    expect(result.files).toEqual(expected.map((name) => join(folder, 'ring', name)));
    const again = await image({ observations: bands, out: join(folder, 'again'), ...QUICK });
    for (const [index, file] of result.files.slice(0, -1).entries()) {
      expect(await readFile(again.files[index]!), file).toEqual(await readFile(file));
    }
    const header = (await readFile(result.files[0]!)).toString('latin1', 0, 5760);
    expect(header).toContain('HISTORY compact flux density: 0.6 Jy');
    const json = JSON.parse(await readFile(join(result.out, 'ring.json'), 'utf8')) as unknown;
    expect(json).toMatchObject({ isRing: true, ring: result.ring, starts: result.starts });
    const csv = (await readFile(join(result.out, 'ring.csv'), 'utf8')).trim().split('\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]!.split(',')).toHaveLength(csv[1]!.split(',').length);
  });

  it('has a report that needs nothing else, and says what was put in from outside', async () => {
    const page = await readFile(result.files.at(-1)!, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toMatch(/<script|<link|@import|url\(\s*['"]?http|(src|href)="(?!#|data:)/);
    for (const part of [
      'Put in from outside',
      'one start alone would not do',
      'Survey of starts',
      'Amplitude after self-calibration',
      'Station amplitudes',
      'low.uvfits, high.uvfits',
    ]) {
      expect(page).toContain(part);
    }
  });
});

describe('what is no ring', { timeout: 120_000 }, () => {
  it('is imaged, and said to be none', async () => {
    const path = join(folder, 'pair.uvfits');
    await writeFile(path, encodeUvfits(simulateVlbi(simulatedPair, 0)));
    const result = await image({ observations: [path], out: join(folder, 'pair'), ...QUICK });
    expect(result).toMatchObject({ isRing: false, ring: null });
    expect(result.closure.chiSquare).toBeLessThan(3);
    expect(result.files).toHaveLength(8);
    const page = await readFile(result.files.at(-1)!, 'utf8');
    expect(page).toContain('no ring found');
    expect(page).toContain('not applicable');
    expect(page).not.toContain('NaN');
  });
});

describe('files that cannot be used', () => {
  it('end the run with a code and the name of the one that is bad', async () => {
    const bad = join(folder, 'bad.uvfits');
    await writeFile(bad, (await readFile(bands[1]!)).subarray(0, 5000));
    const { state, error } = await run({ observations: [bands[0], bad], out: join(folder, 'bad'), ...QUICK });
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'FITS_TRUNCATED', message: expect.stringContaining(bad) });
  });

  it('are refused together when they are of different sources', async () => {
    const other = join(folder, 'other.uvfits');
    const simulated = simulateVlbi(simulatedPair, 0);
    const fields = simulated.fields.map((field) => ({ ...field, name: 'OTHER' }));
    await writeFile(other, encodeUvfits({ ...simulated, fields }));
    const { error } = await run({ observations: [bands[0], other], out: join(folder, 'two'), ...QUICK });
    expect(error).toMatchObject({ code: 'BAD_PARAMETER', message: expect.stringContaining('OTHER') });
  });
});

const eht = ehtFiles();
if (eht === undefined)
  console.warn('SKIPPED: hybrid mapping of M87; set SIDEREAL_TEST_DATA to a folder that has eht-m87-2017');

describe.skipIf(eht === undefined)('M87 in April 2017, two bands', () => {
  it('shows a ring of about 42 µas with a dark centre, with its error', { timeout: 300_000 }, async () => {
    const result = await image({ observations: [eht!.low, eht!.high], out: join(folder, 'm87') });
    expect(result).toMatchObject({ object: 'M87', isRing: true });
    const ring = result.ring!;
    expect(ring.diameterUas).toBeGreaterThan(38);
    expect(ring.diameterUas).toBeLessThan(46);
    expect(ring.errorUas).toBeLessThan(8);
    expect(ring.centralFraction).toBeLessThan(0.5);
    expect(Math.cos((ring.brightAngleDeg - 180) * DEGREE)).toBeGreaterThan(0.7);
    expect(Math.abs(ring.fittedDiameterUas - 42)).toBeLessThan(3);
    expect(result.closure.chiSquare).toBeLessThan(1.5);
    expect(result.starts).toHaveLength(8);
  });
});
