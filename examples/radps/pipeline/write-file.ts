import { writeFile } from 'node:fs/promises';
import { SiderealError } from 'sidereal';
import { writeStaged } from '../science/files/staging.ts';

/** Writes a product whole or not at all. Throws `PRODUCT_WRITE_FAILED`, with the error of the disk as its cause. */
export async function writeProduct(path: string, content: string | Uint8Array): Promise<string> {
  try {
    await writeStaged(path, (staging) => writeFile(staging, content, { flush: true }));
    return path;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SiderealError('PRODUCT_WRITE_FAILED', `could not write ${path}: ${why}`, {
      cause,
      remedy: 'Check that the folder can be written to and has room, then resume the run.',
    });
  }
}
