import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARCSEC } from '../numeric/constants.ts';
import { readFitsImage, writeFitsImage } from './image-file.ts';
import { FitsPlanes } from './image-planes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planes-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('planes of a cube on disk', () => {
  it('are read one by one, also behind a long header', async () => {
    const path = join(folder, 'cube.fits');
    const planes = [0, 1, 2, 3].map((plane) =>
      Float64Array.from({ length: 64 }, (_, at) => plane * 100 + at),
    );
    await writeFitsImage(path, {
      size: 8,
      cellRad: ARCSEC,
      centre: { raRad: 1, decRad: 0.5 },
      planes,
      frequencyHz: 1.4e9,
      frequencyStepHz: 1e6,
      unit: 'JY/BEAM',
      object: 'x',
      telescope: 'y',
      observer: 'z',
      timeS: 5e9,
      history: Array.from({ length: 1500 }, (_, line) => `line ${line}`),
    });
    {
      await using file = await FitsPlanes.open(path);
      expect(file.header).toMatchObject({ size: 8, planes: 4, unit: 'JY/BEAM', lowest: 0, highest: 363 });
      expect(await file.plane(2)).toEqual((await readFitsImage(path)).planes[2]);
      expect(await file.plane(0)).toEqual(planes[0]);
      await expect(file.plane(4)).rejects.toMatchObject({ code: 'BAD_PARAMETER' });
    }
    await truncate(path, 2880 * 43);
    await using cut = await FitsPlanes.open(path);
    await expect(cut.plane(3)).rejects.toMatchObject({ code: 'FITS_TRUNCATED' });
  });

  it('say what is wrong with a file that is no image', async () => {
    await writeFile(join(folder, 'text.fits'), 'hello');
    await expect(FitsPlanes.open(join(folder, 'text.fits'))).rejects.toMatchObject({ code: 'FITS_NOT_FITS' });
    await expect(FitsPlanes.open(join(folder, 'none.fits'))).rejects.toMatchObject({
      code: 'FITS_NOT_FOUND',
    });
  });
});
