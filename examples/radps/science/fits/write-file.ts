import { open } from 'node:fs/promises';
import { writeStaged } from '../files/staging.ts';
import { scienceError } from '../science-error.ts';

/** Writes a file beside its final place, syncs and renames it: under its final name it is whole. `FITS_WRITE_FAILED`. */
export async function writeFileAtomically(path: string, parts: readonly Uint8Array[]): Promise<void> {
  try {
    await writeStaged(path, async (staging) => {
      await using file = await open(staging, 'wx');
      for (const part of parts) await file.write(part);
      await file.sync();
    });
  } catch (error) {
    throw scienceError(
      'FITS_WRITE_FAILED',
      `could not write ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'Check that the folder can be written to and has room, then run again.',
      error,
    );
  }
}
