/**
 * A FITS cube that is written plane by plane, in any order and from any thread: {@link createCubeFile} makes room
 * for it beside its final place, {@link writeCubePlane} puts planes where they belong, {@link completeCubeFile} writes
 * the header, which is as long whatever it says, and gives the file its name. So under its final name a cube is
 * whole, and nobody ever has more than one plane of it in memory.
 */
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { requireParameter, scienceError } from '../science-error.ts';
import { paddedLength } from './header.ts';
import { encodeImageHeader } from './image-file.ts';
import type { FitsImageHeader } from './image-file.ts';

/** A cube under way: plain data, for tasks. */
export interface CubeFile {
  readonly path: string;
  readonly size: number;
  readonly planes: number;
  readonly headerBytes: number;
}

const partialPath = ({ path }: Pick<CubeFile, 'path'>): string => `${path}.partial`;

/** Makes room for a cube, replacing what an earlier attempt left. Throws `FITS_WRITE_FAILED`. */
export async function createCubeFile(path: string, header: FitsImageHeader): Promise<CubeFile> {
  const { size, planes } = header;
  const file: CubeFile = { path, size, planes, headerBytes: encodeImageHeader(header).length };
  await writing(file, async () => {
    await mkdir(dirname(path), { recursive: true });
    await using made = await open(partialPath(file), 'w');
    await made.truncate(file.headerBytes + paddedLength(4 * planes * size * size));
  });
  return file;
}

/** Writes one plane, [y, x]. Throws `FITS_WRITE_FAILED`. */
export async function writeCubePlane(file: CubeFile, index: number, plane: Float64Array): Promise<void> {
  const pixels = file.size * file.size;
  requireParameter(
    plane.length === pixels && Number.isInteger(index) && index >= 0 && index < file.planes,
    `plane ${index} of ${plane.length} pixels is none of the ${file.planes} of ${pixels} pixels of ${file.path}`,
    'Write each plane once, at its index from 0.',
  );
  const bytes = new Uint8Array(4 * pixels);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of plane.entries()) view.setFloat32(4 * at, value);
  await writing(file, async () => {
    await using opened = await open(partialPath(file), 'r+');
    await opened.write(bytes, 0, bytes.length, file.headerBytes + 4 * pixels * index);
  });
}

/** Writes the header and gives the cube its name. Throws `FITS_WRITE_FAILED`. */
export async function completeCubeFile(file: CubeFile, header: FitsImageHeader): Promise<void> {
  const bytes = encodeImageHeader(header);
  requireParameter(
    bytes.length === file.headerBytes && header.planes === file.planes && header.size === file.size,
    `a header of ${bytes.length} bytes for ${header.planes} planes does not fit ${file.path}`,
    'Complete a cube with the header that it was created with, but for values.',
  );
  await writing(file, async () => {
    const partial = partialPath(file);
    try {
      await using opened = await open(partial, 'r+');
      await opened.write(bytes, 0, bytes.length, 0);
      await opened.sync();
    } catch (error) {
      // Done already, by an attempt that nobody heard the end of.
      if (await hasHeader(file.path, bytes)) return;
      throw error;
    }
    await rename(partial, file.path);
  });
}

async function hasHeader(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await using opened = await open(path, 'r');
    const found = new Uint8Array(bytes.length);
    await opened.read(found, 0, found.length, 0);
    return found.every((value, at) => value === bytes[at]);
  } catch {
    return false;
  }
}

/** The planes of a complete cube, in order, one at a time: each is valid until the next is asked for. */
export async function* readCubePlanes(file: CubeFile): AsyncGenerator<Float64Array> {
  const pixels = file.size * file.size;
  const bytes = new Uint8Array(4 * pixels);
  const view = new DataView(bytes.buffer);
  const plane = new Float64Array(pixels);
  await using opened = await open(file.path, 'r');
  for (let index = 0; index < file.planes; index++) {
    const { bytesRead } = await opened.read(bytes, 0, bytes.length, file.headerBytes + 4 * pixels * index);
    if (bytesRead < bytes.length) {
      throw scienceError(
        'FITS_TRUNCATED',
        `${file.path} ends in plane ${index} of ${file.planes}`,
        'The file is incomplete: make it again.',
      );
    }
    for (let at = 0; at < pixels; at++) plane[at] = view.getFloat32(4 * at);
    yield plane;
  }
}

async function writing(file: Pick<CubeFile, 'path'>, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw scienceError(
      'FITS_WRITE_FAILED',
      `could not write ${file.path}: ${error instanceof Error ? error.message : String(error)}`,
      'Check that the folder can be written to and has room, then run again.',
      error,
    );
  }
}
