import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { seededRandom } from '../numeric/random.ts';
import { PARALLEL_HANDS } from '../imaging/channel-visibilities.ts';
import { scienceError } from '../science-error.ts';
import { decodeNpy, decodeNpyHeader } from './npy.ts';
import type { NpyHeader } from './npy.ts';
import { readObservationHeader } from './observation-folder.ts';

/** Some of the visibilities of an observation: to look at, not to compute with. */
export interface VisibilitySample {
  /** Place in the u, v plane, wavelengths, and amplitude, Jy; unflagged samples of the parallel hands. */
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly amplitude: Float64Array;
  /** How many rows and which channels were looked at, of how many. */
  readonly rows: number;
  readonly ofRows: number;
  readonly channels: readonly number[];
  readonly ofChannels: number;
}

/**
 * A sample of the visibilities in an observation folder, its first window: `maxRows` rows, evenly spread and a little
 * shaken, so that none of the baselines is preferred, and the channels that are asked for. Reads only these, so that a
 * folder of gigabytes costs no more memory than one of megabytes.
 */
export async function sampleVisibilities(
  folder: string,
  options: Readonly<{ maxRows: number; channels: (count: number) => readonly number[] }>,
): Promise<VisibilitySample> {
  const header = await readObservationHeader(folder);
  const frequencies = header.spectralWindows[0]?.frequencyHz ?? [];
  const { rows = 0 } = header.spectralWindows[0] ?? {};
  const window = join(folder, 'spw-0');
  const hands = header.correlations.flatMap((name, index) => (PARALLEL_HANDS.has(name) ? [index] : []));
  const channels = options
    .channels(frequencies.length)
    .filter((channel) => frequencies[channel] !== undefined);
  const uvw = decodeNpy(await readFile(join(window, 'uvw.npy')), join(window, 'uvw.npy')).values;
  await using data = await RowReader.open(join(window, 'data.npy'));
  await using flags = await RowReader.open(join(window, 'flag.npy'));
  const u: number[] = [];
  const v: number[] = [];
  const amplitude: number[] = [];
  const chosen = chooseRows(rows, options.maxRows);
  for (const row of chosen) {
    const values = await data.row(row);
    const flag = await flags.row(row);
    for (const channel of channels) {
      const perMetre = (frequencies[channel] ?? 0) / SPEED_OF_LIGHT;
      for (const hand of hands) {
        const sample = channel * header.correlations.length + hand;
        if (flag.getUint8(sample) !== 0) continue;
        u.push((uvw[3 * row] ?? 0) * perMetre);
        v.push((uvw[3 * row + 1] ?? 0) * perMetre);
        amplitude.push(
          Math.hypot(values.getFloat32(8 * sample, true), values.getFloat32(8 * sample + 4, true)),
        );
      }
    }
  }
  return {
    u: Float64Array.from(u),
    v: Float64Array.from(v),
    amplitude: Float64Array.from(amplitude),
    rows: chosen.length,
    ofRows: rows,
    channels,
    ofChannels: frequencies.length,
  };
}

function chooseRows(rows: number, most: number): number[] {
  if (rows <= most) return Array.from({ length: rows }, (_, row) => row);
  const random = seededRandom(rows, 'rows');
  return Array.from({ length: most }, (_, index) =>
    Math.min(rows - 1, Math.floor(((index + random.uniform()) * rows) / most)),
  );
}

/** Bytes that are read at once. */
const BLOCK_BYTES = 1 << 20;

/** A column on disk, of which rows are read in ascending order, a block of them at a time. */
class RowReader implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #start: number;
  readonly #rowBytes: number;
  readonly #block: Uint8Array;
  #firstRow = -1;
  #rows = 0;

  private constructor(file: FileHandle, { shape, elementBytes, start }: NpyHeader) {
    this.#file = file;
    this.#start = start;
    this.#rowBytes = elementBytes * shape.slice(1).reduce((product, size) => product * size, 1);
    this.#block = new Uint8Array(this.#rowBytes * Math.max(1, Math.floor(BLOCK_BYTES / this.#rowBytes)));
  }

  static async open(path: string): Promise<RowReader> {
    const file = await open(path);
    try {
      const beginning = new Uint8Array(1024);
      await file.read(beginning, 0, beginning.length, 0);
      return new RowReader(file, decodeNpyHeader(beginning, path));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Valid until another row is asked for. */
  async row(index: number): Promise<DataView> {
    if (index < this.#firstRow || index >= this.#firstRow + this.#rows) {
      const at = this.#start + index * this.#rowBytes;
      const { bytesRead } = await this.#file.read(this.#block, 0, this.#block.length, at);
      this.#firstRow = index;
      this.#rows = Math.floor(bytesRead / this.#rowBytes);
      if (this.#rows === 0) {
        throw scienceError(
          'OBSERVATION_INVALID',
          `a column of the observation ends before row ${index}`,
          'The observation is incomplete: copy it again, or make it again.',
        );
      }
    }
    return new DataView(this.#block.buffer, (index - this.#firstRow) * this.#rowBytes, this.#rowBytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
