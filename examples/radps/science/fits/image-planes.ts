import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { requireParameter, scienceError } from '../science-error.ts';
import { readFitsHeader } from './header.ts';
import { describeImage } from './image-file.ts';
import type { FitsImageHeader } from './image-file.ts';

/** Headers of images end within this; longer ones are read in turns. */
const FIRST_READ_BYTES = 16 * 2880;

/**
 * An image or cube on disk, of which planes are read one by one: a cube of a thousand channels need not be in
 * memory to look at ten.
 */
export class FitsPlanes implements AsyncDisposable {
  readonly header: FitsImageHeader;
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #dataStart: number;

  private constructor(file: FileHandle, path: string, header: FitsImageHeader, dataStart: number) {
    this.#file = file;
    this.#path = path;
    this.header = header;
    this.#dataStart = dataStart;
  }

  /** Throws `FITS_NOT_FOUND`, `FITS_NOT_FITS`, `FITS_TRUNCATED`, `FITS_UNSUPPORTED`. */
  static async open(path: string): Promise<FitsPlanes> {
    let file: FileHandle;
    try {
      file = await open(path);
    } catch (error) {
      const remedy = 'Give the path of an existing, readable FITS file.';
      throw scienceError('FITS_NOT_FOUND', `${path} cannot be read: ${String(error)}`, remedy, error);
    }
    try {
      const { size } = await file.stat();
      for (let length = FIRST_READ_BYTES; ; length *= 4) {
        const bytes = new Uint8Array(Math.min(length, size));
        await file.read(bytes, 0, bytes.length, 0);
        if (length < size && !hasEnd(bytes)) continue;
        const { header, dataStart } = readFitsHeader(bytes, 0, path);
        return new FitsPlanes(file, path, describeImage(header, path), dataStart);
      }
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** One plane, [y, x], counted from 0. Throws `BAD_PARAMETER`, `FITS_TRUNCATED`. */
  async plane(index: number): Promise<Float64Array> {
    const { size, planes } = this.header;
    requireParameter(
      Number.isInteger(index) && index >= 0 && index < planes,
      `${this.#path} has no plane ${index}`,
      `Ask for one of 0 … ${planes - 1}.`,
    );
    const bytes = new Uint8Array(4 * size * size);
    const { bytesRead } = await this.#file.read(
      bytes,
      0,
      bytes.length,
      this.#dataStart + index * bytes.length,
    );
    if (bytesRead !== bytes.length) {
      throw scienceError(
        'FITS_TRUNCATED',
        `${this.#path} ends within plane ${index}`,
        'The file is incomplete: copy or make it again.',
      );
    }
    const view = new DataView(bytes.buffer);
    return Float64Array.from({ length: size * size }, (_, at) => view.getFloat32(4 * at));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/** Is the END card among whole cards of these bytes? */
function hasEnd(bytes: Uint8Array): boolean {
  for (let at = 0; at + 80 <= bytes.length; at += 80) {
    if (bytes[at] === 69 && bytes[at + 1] === 78 && bytes[at + 2] === 68 && bytes[at + 3] === 32) return true;
  }
  return false;
}
