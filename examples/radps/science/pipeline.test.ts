import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ARCSEC,
  combinePlanes,
  deconvolve,
  defaultSimulation,
  findSources,
  flagVisibilities,
  fluxAt,
  gridChannel,
  importObservation,
  normalisePlane,
  readFitsImage,
  restore,
  selectChannel,
  simulateObservation,
  writeObservation,
  writeProducts,
  writeUvfits,
} from './index.ts';

describe('from a simulated observation to an image', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each(['folder', 'uvfits'])('finds the true sky again, by way of a %s', async (kind) => {
    const options = defaultSimulation({ channels: 8, scans: 6, integrations: 10 });
    const path = join(folder, kind);
    const { observation: made } = simulateObservation(options);
    await (kind === 'folder' ? writeObservation(path, made) : writeUvfits(path, made));
    const observation = await importObservation(path);
    const set = observation.sets[0]!;
    const { flag } = flagVisibilities(set);
    const setup = { size: 256, cellRad: 3 * ARCSEC, weighting: { kind: 'briggs', robust: 0.5 } } as const;
    const planes = Array.from({ length: set.channels }, (_, channel) =>
      gridChannel(selectChannel(set, channel, { flag }), setup),
    );
    const image = normalisePlane(planes.reduce(combinePlanes));
    const cleaned = restore(image, deconvolve(image));
    expect(cleaned.stop).toBe('threshold');
    expect(cleaned.noiseJy / cleaned.thermalNoiseJy).toBeLessThan(1.2);

    const centre = observation.fields[0]!;
    const found = findSources(cleaned.restored, { ...cleaned, centre });
    const sky = options.fields[0]!.sky;
    expect(found).toHaveLength(sky.length);
    for (const truth of sky) {
      const flux = fluxAt(truth, cleaned.frequencyHz);
      const near = found.find(({ l, m }) => Math.hypot(l - truth.l, m - truth.m) < cleaned.beam.majorRad)!;
      const offset = Math.hypot(near.l - truth.l, near.m - truth.m);
      expect(near.integratedJy / flux).toBeGreaterThan(0.95);
      expect(near.integratedJy / flux).toBeLessThan(1.05);
      if (truth.fwhmRad > 0) continue;
      expect(offset).toBeLessThan(cleaned.beam.minorRad / 10);
      expect(near.peakJy / flux).toBeGreaterThan(0.95);
      expect(near.peakJy / flux).toBeLessThan(1.05);
    }

    const paths = await writeProducts(join(folder, 'products'), 'continuum', cleaned, {
      object: centre.name,
      telescope: observation.telescope,
      observer: observation.observer,
      centre,
      timeS: set.timeS[0]!,
      bandwidthHz: 16e6,
      history: ['a test'],
    });
    expect(paths).toHaveLength(4);
    const written = await readFitsImage(paths[0]!);
    expect(written.planes[0]).toEqual(Float64Array.from(Float32Array.from(cleaned.restored)));
    expect(written.beam!.majorRad).toBeCloseTo(cleaned.beam.majorRad, 12);
  });

  it('puts sources elsewhere when the phases have the wrong sign', () => {
    const { interference: _none, ...options } = defaultSimulation({ channels: 1, scans: 4, integrations: 5 });
    const set = simulateObservation(options).observation.sets[0]!;
    for (let at = 1; at < set.data.length; at += 2) set.data[at]! *= -1;
    const setup = { size: 256, cellRad: 3 * ARCSEC, weighting: { kind: 'natural' } } as const;
    const image = normalisePlane(gridChannel(selectChannel(set, 0), setup));
    const cleaned = restore(image, deconvolve(image));
    const found = findSources(cleaned.restored, { ...cleaned, centre: options.fields[0]! });
    const p2 = options.fields[0]!.sky[1]!;
    const at = (l: number, m: number): boolean =>
      found.some((source) => Math.hypot(source.l - l, source.m - m) < cleaned.beam.majorRad);
    expect(at(p2.l, p2.m)).toBe(false);
    expect(at(-p2.l, -p2.m)).toBe(true);
  });
});
