import { join } from 'node:path';
import { FitsPlanes } from '../../science/index.ts';
import type { SkyImage } from '../../report/index.ts';

/** The first plane of a FITS image of a stage. */
export async function readSkyImage(
  folder: string,
  path: string,
): Promise<SkyImage & { frequencyHz: number }> {
  await using file = await FitsPlanes.open(join(folder, path));
  const { size, cellRad, centre, beam, frequencyHz } = file.header;
  const pixels = await file.plane(0);
  return { pixels, size, cellRad, centre, frequencyHz, ...(beam === undefined ? {} : { beam }) };
}
