import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SiderealError } from 'sidereal';
import { z } from 'zod';
import type { CalibrationTable } from '../../science/index.ts';
import { writeProduct } from '../write-file.ts';

const schema = z.object({
  kind: z.enum(['gain', 'phase', 'bandpass', 'delay', 'position']),
  antennas: z.int().nonnegative(),
  feeds: z.array(z.string()),
  referenceAntenna: z.int(),
  frequencyHz: z.array(z.number()),
  timeS: z.array(z.number()),
  value: z.array(z.number()),
  snr: z.array(z.number()),
  flag: z.array(z.int()),
});

/** Writes a calibration table as JSON; numbers come back as they were, to the last bit. Returns `name`. */
export async function writeTable(folder: string, name: string, table: CalibrationTable): Promise<string> {
  const { kind, antennas, feeds, referenceAntenna } = table;
  const columns = {
    frequencyHz: [...table.frequencyHz],
    timeS: [...table.timeS],
    value: [...table.value],
    snr: [...table.snr],
    flag: [...table.flag],
  };
  const text = JSON.stringify({ kind, antennas, feeds, referenceAntenna, ...columns });
  await writeProduct(join(folder, name), `${text}\n`);
  return name;
}

/** Reads what {@link writeTable} wrote. Throws `PRODUCTS_INVALID`. */
export async function readTable(path: string): Promise<CalibrationTable> {
  try {
    const { frequencyHz, timeS, value, snr, flag, ...rest } = schema.parse(
      JSON.parse(await readFile(path, 'utf8')),
    );
    const entries = timeS.length * rest.antennas * rest.feeds.length * frequencyHz.length;
    if (value.length !== 2 * entries || snr.length !== entries || flag.length !== entries)
      throw new RangeError(`it has ${value.length} values, ${snr.length} and ${flag.length}, not ${entries}`);
    return {
      ...rest,
      frequencyHz: Float64Array.from(frequencyHz),
      timeS: Float64Array.from(timeS),
      value: Float64Array.from(value),
      snr: Float64Array.from(snr),
      flag: Uint8Array.from(flag),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SiderealError('PRODUCTS_INVALID', `${path} is not a calibration table: ${why}`, {
      cause: error,
      remedy: 'Make the stage again that wrote it.',
    });
  }
}
