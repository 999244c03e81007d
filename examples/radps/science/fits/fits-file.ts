import { readFile } from 'node:fs/promises';
import { scienceError } from '../science-error.ts';
import { dataLength, headerText, paddedLength, readFitsHeader } from './header.ts';
import type { FitsHeader } from './header.ts';

/** One header-and-data unit of a file in memory. */
export interface FitsUnit {
  readonly header: FitsHeader;
  /** The data, big-endian, without padding. */
  readonly data: DataView;
}

/** A FITS file in memory: the primary unit first. */
export interface FitsFile {
  readonly name: string;
  readonly units: readonly FitsUnit[];
}

const nodeCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

/**
 * Reads a whole FITS file. Throws `FITS_NOT_FOUND`, `FITS_NOT_FITS`, `FITS_TRUNCATED`.
 * Bytes after the last unit that are not another header (FITS standard 4.0, §3.5) are ignored.
 */
export async function readFitsFile(path: string): Promise<FitsFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw scienceError(
      'FITS_NOT_FOUND',
      `${path} cannot be read: ${nodeCode(error)}`,
      'Give the path of an existing, readable FITS file.',
      error,
    );
  }
  return parseFits(bytes, path);
}

/** As {@link readFitsFile}, from bytes. */
function parseFits(bytes: Uint8Array, name: string): FitsFile {
  const units: FitsUnit[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (units.length > 0 && !startsUnit(bytes, offset)) break;
    const { header, dataStart } = readFitsHeader(bytes, offset, name);
    const length = dataLength(header);
    if (dataStart + length > bytes.length) {
      throw scienceError(
        'FITS_TRUNCATED',
        `${name} has ${bytes.length} bytes; its ${units.length === 0 ? 'primary data' : headerText(header, 'EXTNAME', 'extension')} should end at byte ${dataStart + length}`,
        'The file is incomplete: copy or download it again.',
      );
    }
    units.push({ header, data: new DataView(bytes.buffer, bytes.byteOffset + dataStart, length) });
    offset = dataStart + paddedLength(length);
  }
  if (units.length === 0) readFitsHeader(bytes, 0, name);
  return { name, units };
}

function startsUnit(bytes: Uint8Array, offset: number): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(offset, offset + 9)) === 'XTENSION=';
}

/** The first extension of this name, or undefined. */
export function findExtension(file: FitsFile, name: string): FitsUnit | undefined {
  return file.units.find((unit) => headerText(unit.header, 'EXTNAME').trim() === name);
}
