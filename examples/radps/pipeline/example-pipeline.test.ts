import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSources, lineCentreHz, readFitsImage } from '../science/index.ts';
import { simulationOptions } from './archive/simulation.ts';
import { compareSources } from './compare-sources.ts';
import type { PipelineResult } from './example-pipeline.ts';
import { readStageProducts } from './products/stage-products.ts';
import { STAGES } from './products/stage-name.ts';
import { completePipeline, digests, outcomeOf, runPipeline, SMALL } from './testing.ts';

/** Enough antennas and time for fluxes to 5 %, enough channels for a line. */
const simulation = { ...SMALL, channels: 20, antennas: 18, visits: 4 };

let folder: string;
let out: string;
let whole: PipelineResult;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'radps-nine-'));
  out = join(folder, 'whole');
  whole = await completePipeline(folder, { out, simulation });
}, 300_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const stageState = ({ stages }: PipelineResult): Record<string, string> =>
  Object.fromEntries(stages.map(({ stage, state }) => [stage, state]));

describe('nine stages on a simulated observation', () => {
  it('end well, and are good', () => {
    expect(stageState(whole)).toEqual(Object.fromEntries(STAGES.map((stage) => [stage, 'completed'])));
    for (const { stage, score } of whole.stages)
      expect({ stage, good: Number(score) > 0.66 }).toEqual({ stage, good: true });
  });

  it('find the sky that is there: places to a tenth of a beam, fluxes to 5 %', async () => {
    const { folder: stage, outputs } = (await readStageProducts(out, 'continuum-selfcal'))!;
    const [image] = outputs.images;
    const fits = await readFitsImage(join(stage, image!.image));
    const field = simulationOptions(simulation).fields[image!.fieldIndex]!;
    const sky = field.sky.map(({ line: _line, ...component }) => component);
    const sources = findSources(fits.planes[0]!, {
      ...image!,
      centre: field,
      islandSigma: 2,
    });
    const compared = compareSources(image!, sources, sky);
    expect(compared.map(({ name }) => name)).toEqual(['P1', 'P2', 'E1', 'L']);
    for (const { name, isExtended, found } of compared) {
      expect({ name, isFound: found !== undefined }).toEqual({ name, isFound: true });
      if (!isExtended) expect(found!.offsetBeams).toBeLessThan(0.1);
      // The faintest is 0.12 Jy.
      expect(Math.abs(found!.fluxRatio - 1)).toBeLessThan(0.05);
    }
    expect(fits.centre.raRad).toBeCloseTo(field.raRad, 9);
    expect(fits.centre.decRad).toBeCloseTo(field.decRad, 9);
  });

  it('find the line in its channels, and none of it in the continuum', async () => {
    const { outputs } = (await readStageProducts(out, 'calibrate-target'))!;
    const cube = (await readStageProducts(out, 'cube'))!;
    expect(outputs.continuum.map(({ hasLine }) => hasLine)).toEqual([false, true]);
    const made = cube.outputs.cubes.find(({ spw }) => spw === 1)!;
    const centre = lineCentreHz(2, simulation.channels);
    const line = made.frequencyHz.findIndex((hz) => Math.abs(hz - centre) < 70e3);
    const quiet = outputs.continuum[1]!.ranges.flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, index) => from + index),
    );
    expect(quiet).not.toContain(line);
    expect(quiet.length).toBeGreaterThan(8);
    expect(Math.abs(made.peak.channel - line)).toBeLessThanOrEqual(1);
    // The line's peak is 0.6 Jy; the spectrum falls to noise outside of it.
    expect(made.spectrumJy[line]!).toBeGreaterThan(0.5);
    expect(made.spectrumJy[line]!).toBeLessThan(0.66);
    for (const channel of quiet) expect(Math.abs(made.spectrumJy[channel]!)).toBeLessThan(6 * made.noiseJy);
    const source = simulationOptions(simulation).fields[2]!.sky.find(({ name }) => name === 'L');
    expect(Math.hypot(made.peak.l - source!.l, made.peak.m - source!.m)).toBeLessThan(made.beam.minorRad / 2);
  });

  it('gain signal-to-noise by self-calibration', async () => {
    const { outputs } = (await readStageProducts(out, 'continuum-selfcal'))!;
    const [selfCal] = outputs.selfCal;
    expect(selfCal!.state).toBe('improved');
    const snr = selfCal!.cycles.map((cycle) => cycle.snr);
    expect(snr.at(-1)! / snr[0]!).toBeGreaterThan(3);
    const spws = (await readStageProducts(out, 'continuum-spw'))!.outputs;
    expect(spws.images.map(({ spw }) => spw)).toEqual([0, 1]);
    expect(spws.selfCalibrated).toEqual(['target 1']);
  });
});

describe('a stage alone', () => {
  it.each(['cube', 'continuum-spw'] as const)(
    '%s makes the same products from an earlier run',
    async (stage) => {
      const alone = join(folder, `alone-${stage}`);
      const result = await completePipeline(folder, { simulation, only: [stage], inputs: out, out: alone });
      expect(stageState(result)).toEqual({ [stage]: 'completed' });
      expect(await digests(join(alone, 'stages', stage))).toEqual(await digests(join(out, 'stages', stage)));
    },
    60_000,
  );
});

describe('what may go otherwise', () => {
  it('no line: no cube', async () => {
    const noLine = join(folder, 'no-line');
    const result = await completePipeline(folder, {
      mode: 'cube',
      out: noLine,
      simulation: { ...SMALL, line: false },
    });
    expect(outcomeOf(result, 'cube')).toMatchObject({
      state: 'skipped',
      message: expect.stringContaining('no spectral line'),
    });
  }, 180_000);

  it('one window fails: the run fails and names it, or goes on without it', async () => {
    const input = { simulation, only: ['cube'], inputs: out };
    const imaging = { failSpw: 0 };
    const aborted = await runPipeline(folder, { ...input, out: join(folder, 'aborted'), imaging });
    expect(aborted).toMatchObject({
      state: 'failed',
      error: { message: expect.stringMatching(/window 0|spw 0/) },
    });
    const tolerant = { ...imaging, onSpwFailure: 'continue' };
    const result = await completePipeline(folder, {
      ...input,
      out: join(folder, 'tolerant'),
      imaging: tolerant,
    });
    expect(outcomeOf(result, 'cube')).toMatchObject({ state: 'completed' });
    const { outputs } = (await readStageProducts(join(folder, 'tolerant'), 'cube'))!;
    expect(outputs.failed).toMatchObject([{ field: 'target 1', spw: 0 }]);
    expect(outputs.cubes.map(({ spw }) => spw)).toEqual([1]);
    // What failed in the place of earlier products leaves none that look whole.
    const again = await runPipeline(folder, { ...input, out: join(folder, 'tolerant'), imaging });
    expect(again.state).toBe('failed');
    expect(await readStageProducts(join(folder, 'tolerant'), 'cube')).toBeUndefined();
  }, 180_000);

  it('the calibration is missing: ones are applied, and the score is low', async () => {
    const bare = join(folder, 'bare');
    const result = await completePipeline(folder, {
      simulation: SMALL,
      only: ['import-target', 'calibrate-target'],
      out: bare,
    });
    const { outputs } = (await readStageProducts(bare, 'calibrate-target'))!;
    expect(outputs.fallback).toEqual(['bandpass', 'gain']);
    expect(outcomeOf(result, 'calibrate-target')!.score).toBe(0);
  }, 180_000);
});
