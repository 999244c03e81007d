import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSimulation } from '../simulate/default-observation.ts';
import { simulateObservation } from '../simulate/simulate.ts';
import { decodeNpy, encodeNpy } from './npy.ts';
import { isObservationFolder, readObservation, writeObservation } from './observation-folder.ts';

const { observation } = simulateObservation(defaultSimulation({ channels: 2, scans: 1, integrations: 3 }));

describe('observation folder', () => {
  let root: string;
  let folder: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'observation-'));
    folder = join(root, 'made', 'obs');
    await writeObservation(folder, observation);
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  it('gives back what was written, to the last bit, and leaves nothing else behind', async () => {
    expect(await readObservation(folder)).toEqual(observation);
    expect(await readdir(join(root, 'made'))).toEqual(['obs']);
    expect(await isObservationFolder(folder)).toBe(true);
  });

  it('replaces an observation only when asked, and nothing else ever', async () => {
    await expect(writeObservation(folder, observation)).rejects.toMatchObject({ code: 'OBSERVATION_EXISTS' });
    await writeObservation(folder, { ...observation, observer: 'second' }, { overwrite: true });
    expect((await readObservation(folder)).observer).toBe('second');
    expect(await readdir(join(root, 'made'))).toEqual(['obs']);
    await writeFile(join(root, 'made', 'thesis.txt'), 'years of work');
    await expect(
      writeObservation(join(root, 'made'), observation, { overwrite: true }),
    ).rejects.toMatchObject({ code: 'OBSERVATION_EXISTS' });
  });

  it('names what is missing, foreign, newer or damaged', async () => {
    await expect(readObservation(join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'OBSERVATION_NOT_FOUND',
    });
    const header = join(folder, 'observation.json');
    const good = await readFile(header, 'utf8');
    for (const bad of [
      '{"format": "photo album"}',
      'not json',
      good.replace('"version": 1', '"version": 9'),
    ]) {
      await writeFile(header, bad);
      await expect(readObservation(folder)).rejects.toMatchObject({ code: 'OBSERVATION_INVALID' });
    }
    await writeFile(header, good);
    await expect(readObservation(folder, { spectralWindows: [3] })).rejects.toMatchObject({
      code: 'BAD_PARAMETER',
    });

    const data = join(folder, 'spw-0', 'data.npy');
    await copyFile(data, join(root, 'data.npy'));
    await truncate(data, 5000);
    await expect(readObservation(folder)).rejects.toMatchObject({
      code: 'ARRAY_FILE_INVALID',
      message: expect.stringContaining('data.npy'),
    });
    await copyFile(join(folder, 'spw-0', 'time.npy'), data);
    await expect(readObservation(folder)).rejects.toMatchObject({ code: 'ARRAY_FILE_INVALID' });
    await rm(data);
    await expect(readObservation(folder)).rejects.toMatchObject({ code: 'OBSERVATION_INVALID' });
    await copyFile(join(root, 'data.npy'), data);
    const antennas = join(folder, 'spw-0', 'antenna1.npy');
    const values = new Int32Array(observation.sets[0]!.rows).fill(99);
    await writeFile(antennas, encodeNpy({ shape: [values.length], values, complex: false }));
    await expect(readObservation(folder)).rejects.toMatchObject({
      code: 'OBSERVATION_INVALID',
      message: expect.stringContaining('99'),
    });
  });

  it('says so when it cannot write, and leaves no partial folder', async () => {
    await writeFile(join(root, 'a-file'), '');
    await expect(writeObservation(join(root, 'a-file', 'obs'), observation)).rejects.toMatchObject({
      code: 'OBSERVATION_WRITE_FAILED',
    });
    expect((await readdir(root)).sort()).toEqual(['a-file', 'made']);
  });
});

describe('npy', () => {
  it('has a header that ends on a 64-byte boundary, as the format asks', () => {
    const bytes = encodeNpy({ shape: [3], values: Float64Array.of(1, 2, 3), complex: false });
    expect((bytes.length - 24) % 64).toBe(0);
    expect(decodeNpy(bytes, 'x').values).toEqual(Float64Array.of(1, 2, 3));
  });

  it('refuses what is not one', () => {
    expect(() => decodeNpy(new TextEncoder().encode('hello, this is no array'), 'x')).toThrow(
      expect.objectContaining({ code: 'ARRAY_FILE_INVALID' }),
    );
  });
});
