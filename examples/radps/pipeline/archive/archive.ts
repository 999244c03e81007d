/**
 * An archive of raw data, as a folder: `archive.json` and one observation folder per source and spectral window.
 * Sources have intents; beside the data lie the answers that the observatory's services give about them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SiderealError } from 'sidereal';
import { z } from 'zod';
import { writeProduct } from '../write-file.ts';

const archiveSchema = z.object({
  format: z.literal('radps-archive'),
  version: z.literal(1),
  telescope: z.string(),
  spectralWindows: z.int().min(1),
  sources: z
    .array(
      z.object({
        name: z.string(),
        fieldIndex: z.int(),
        intent: z.enum(['bandpass', 'gain', 'target']),
        /** Observation folders, one per spectral window, relative to the archive. */
        files: z.array(z.string()).min(1),
      }),
    )
    .min(1),
});
export type Archive = z.infer<typeof archiveSchema>;

export async function writeArchive(folder: string, archive: Archive): Promise<void> {
  await writeProduct(join(folder, 'archive.json'), `${JSON.stringify(archive, undefined, 1)}\n`);
}

/** Reads what an archive has. Throws `ARCHIVE_INVALID`. */
export async function readArchive(folder: string): Promise<Archive> {
  const path = join(folder, 'archive.json');
  try {
    return archiveSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new SiderealError('ARCHIVE_INVALID', `${path} cannot be used: ${why}`, {
      cause,
      remedy: 'Give a products folder that has an archive, or none: then an observation is simulated.',
    });
  }
}
