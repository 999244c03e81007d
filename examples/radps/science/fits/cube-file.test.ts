import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { completeCubeFile, createCubeFile, readCubePlanes, writeCubePlane } from './cube-file.ts';
import { encodeFitsImage } from './image-file.ts';
import type { FitsImageHeader } from './image-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cube-file-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const header: FitsImageHeader = {
  size: 16,
  cellRad: 1e-5,
  centre: { raRad: 1, decRad: 0.5 },
  planes: 3,
  lowest: 0,
  highest: 0,
  frequencyHz: 1.4e9,
  frequencyStepHz: 1e6,
  unit: 'JY/BEAM',
  beam: { majorRad: 4e-5, minorRad: 3e-5, positionAngleRad: 0.3 },
  object: 'x',
  telescope: 'y',
  observer: 'z',
  timeS: 61_365 * 86_400,
  history: ['CLEAN: at most 3 cycles'],
};
const plane = (index: number): Float64Array => new Float64Array(256).map((_, at) => at / 256 + index);

it('is the same file as one written at once, in whichever order its planes come', async () => {
  const path = join(folder, 'deep', 'cube.fits');
  const file = await createCubeFile(path, {
    ...header,
    beam: { majorRad: 1, minorRad: 1, positionAngleRad: 0 },
  });
  for (const index of [2, 0, 1]) await writeCubePlane(file, index, plane(index));
  expect(await readdir(join(folder, 'deep'))).toEqual(['cube.fits.partial']);
  await completeCubeFile(file, { ...header, lowest: 0, highest: 2 + 255 / 256 });
  expect(await readdir(join(folder, 'deep'))).toEqual(['cube.fits']);
  const planes = [plane(0), plane(1), plane(2)];
  expect(Buffer.compare(await readFile(path), encodeFitsImage({ ...header, planes }))).toBe(0);
  // As an attempt does that comes after one that was cut off.
  await completeCubeFile(file, { ...header, lowest: 0, highest: 2 + 255 / 256 });
  let index = 0;
  for await (const read of readCubePlanes(file)) expect(read).toEqual(planes[index++]);
  expect(index).toBe(3);
});

it('refuses what does not belong into it', async () => {
  const path = join(folder, 'odd.fits');
  const file = await createCubeFile(path, header);
  const refused = expect.objectContaining({ code: 'BAD_PARAMETER' });
  await expect(writeCubePlane(file, 3, plane(0))).rejects.toThrow(refused);
  await expect(writeCubePlane(file, 0, new Float64Array(9))).rejects.toThrow(refused);
  await expect(completeCubeFile(file, { ...header, planes: 4 })).rejects.toThrow(refused);
  await rm(`${path}.partial`);
  await expect(completeCubeFile(file, header)).rejects.toThrow(
    expect.objectContaining({ code: 'FITS_WRITE_FAILED' }),
  );
  await expect(writeCubePlane(file, 0, plane(0))).rejects.toThrow(
    expect.objectContaining({ code: 'FITS_WRITE_FAILED' }),
  );
});
