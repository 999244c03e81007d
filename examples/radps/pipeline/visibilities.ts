import { join } from 'node:path';
import { run, task } from 'sidereal';
import { importObservation, writeObservation } from '../science/index.ts';
import type { Observation, ObservationHeader, VisibilitySet } from '../science/index.ts';
import type { VisibilityFile } from './products/stage-outputs.ts';
import { RETRIES } from './retries.ts';
import { shareObservation } from './shared-observation.ts';

/** One field in one spectral window, in shared memory: tasks on any thread read the same bytes. */
export interface FieldWindow {
  readonly file: VisibilityFile;
  readonly header: Omit<Observation, 'sets'>;
  readonly set: VisibilitySet;
}

/**
 * Brings the visibilities of one field and spectral window into shared memory. The value is not kept in the store,
 * which would be a second copy of the file: a run that is resumed reads the file again.
 */
export const openVisibilities = task(
  { name: 'open-visibilities', on: 'threads', retries: RETRIES },
  async (folder: string, file: VisibilityFile): Promise<FieldWindow> => {
    const { sets, ...header } = shareObservation(await importObservation(join(folder, file.path)));
    const [set] = sets;
    if (set === undefined) throw new RangeError(`${file.path} has no spectral window`);
    return { file, header, set };
  },
);

/** Writes one field and spectral window below a stage's folder; for use in a task. */
export async function writeVisibilities(
  folder: string,
  header: ObservationHeader,
  window: { readonly fieldIndex: number; readonly spw: number; readonly set: VisibilitySet },
): Promise<VisibilityFile> {
  const { fieldIndex, spw, set } = window;
  const field = header.fields[fieldIndex]?.name ?? `field ${fieldIndex}`;
  const file: VisibilityFile = { field, fieldIndex, spw, path: `visibilities/${fileName(field)}.spw${spw}` };
  const spectralWindow = header.spectralWindows[header.spectralWindows.length === 1 ? 0 : spw];
  if (spectralWindow === undefined) throw new RangeError(`there is no spectral window ${spw}`);
  await writeObservation(
    join(folder, file.path),
    { ...header, spectralWindows: [spectralWindow], sets: [set] },
    { overwrite: true },
  );
  run.log('visibilities written', { ...file, rows: set.rows, channels: set.channels });
  return file;
}

/** A name that is safe as part of a path. */
export function fileName(object: string): string {
  return object.replaceAll(/[^\w.+-]/g, '_') || 'field';
}
