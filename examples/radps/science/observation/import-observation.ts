import { stat } from 'node:fs/promises';
import { readUvfits } from '../uvfits/read-uvfits.ts';
import { readObservation } from './observation-folder.ts';
import type { Observation } from './observation.ts';

/** Reads an observation from a folder of this program's own format, or from a UVFITS file. */
export async function importObservation(path: string): Promise<Observation> {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile ? await readUvfits(path) : await readObservation(path);
}
