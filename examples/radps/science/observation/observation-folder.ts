import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { stagingPath } from '../files/staging.ts';
import { requireParameter, scienceError } from '../science-error.ts';
import { decodeNpy, encodeNpy } from './npy.ts';
import type { NpyArray } from './npy.ts';
import type { Observation, VisibilitySet } from './observation.ts';

/**
 * An observation on disk is a folder:
 *
 *     observation.json        header: format, version, telescope, antennas, fields, spectral windows, …
 *     spw-0/time.npy          float64  [row]                        MJD UTC × 86 400 s
 *     spw-0/interval.npy      float64  [row]                        s
 *     spw-0/antenna1.npy      int32    [row]                        index into antennas
 *     spw-0/antenna2.npy      int32    [row]
 *     spw-0/field.npy         int32    [row]                        index into fields
 *     spw-0/scan.npy          int32    [row]
 *     spw-0/uvw.npy           float64  [row, 3]                     m
 *     spw-0/data.npy          complex64 [row, channel, correlation] Jy
 *     spw-0/weight.npy        float32  [row, channel, correlation]  Jy⁻²
 *     spw-0/flag.npy          uint8    [row, channel, correlation]  1 = do not use
 *     spw-1/…
 *
 * It is written beside its final place, synced, and renamed, so that a folder under its final name is whole.
 */
const OBSERVATION_FORMAT = 'sidereal-observation';
const OBSERVATION_VERSION = 1;

const headerSchema = z.object({
  format: z.literal(OBSERVATION_FORMAT),
  version: z.int(),
  telescope: z.string(),
  observer: z.string(),
  origin: z.string(),
  correlations: z.array(z.enum(['RR', 'LL', 'RL', 'LR', 'XX', 'YY', 'XY', 'YX', 'I', 'Q', 'U', 'V'])).min(1),
  antennas: z.array(z.object({ name: z.string(), position: z.tuple([z.number(), z.number(), z.number()]) })),
  fields: z.array(z.object({ name: z.string(), raRad: z.number(), decRad: z.number() })).min(1),
  spectralWindows: z
    .array(
      z.object({
        name: z.string(),
        channelWidthHz: z.number().positive(),
        frequencyHz: z.array(z.number().positive()).min(1),
        rows: z.int().nonnegative(),
      }),
    )
    .min(1),
});

const REMEDY_NOT_ONE =
  'Give the folder that an observation was written to: the one that holds observation.json.';

/** The columns of a set, by file name. */
function columns(set: VisibilitySet): Record<string, NpyArray> {
  const { rows, channels } = set;
  const cube = [rows, channels, set.correlations.length];
  const real = (values: NpyArray['values'], shape: readonly number[]): NpyArray => ({
    shape,
    values,
    complex: false,
  });
  return {
    time: real(set.timeS, [rows]),
    interval: real(set.intervalS, [rows]),
    antenna1: real(set.antenna1, [rows]),
    antenna2: real(set.antenna2, [rows]),
    field: real(set.field, [rows]),
    scan: real(set.scan, [rows]),
    uvw: real(set.uvwM, [rows, 3]),
    data: { shape: cube, values: set.data, complex: true },
    weight: real(set.weight, cube),
    flag: real(set.flag, cube),
  };
}

async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(bytes);
  await file.sync();
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/**
 * Writes an observation to `folder`, atomically. An existing observation there is replaced only with
 * `overwrite`, otherwise `OBSERVATION_EXISTS`; anything else that is there is never touched.
 */
export async function writeObservation(
  folder: string,
  observation: Observation,
  options: Readonly<{ overwrite?: boolean }> = {},
): Promise<void> {
  const target = resolve(folder);
  const exists = await stat(target).then(
    () => true,
    () => false,
  );
  if (exists) {
    const replaceable = options.overwrite === true && (await isObservationFolder(target));
    if (!replaceable) {
      throw scienceError(
        'OBSERVATION_EXISTS',
        `${target} already exists`,
        'Choose another folder, or ask to overwrite an observation that you no longer need.',
      );
    }
  }
  let staging: string | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    staging = await stagingPath(target);
    await mkdir(staging);
    for (const [index, set] of observation.sets.entries()) {
      const window = join(staging, `spw-${index}`);
      await mkdir(window);
      for (const [name, column] of Object.entries(columns(set))) {
        await writeSynced(join(window, `${name}.npy`), encodeNpy(column));
      }
    }
    await writeSynced(join(staging, 'observation.json'), headerText(observation));
    if (exists) {
      const old = await stagingPath(target, 'replaced');
      await rename(target, old);
      await rename(staging, target);
      await rm(old, { recursive: true });
    } else {
      await rename(staging, target);
    }
  } catch (error) {
    if (staging !== undefined) await rm(staging, { recursive: true, force: true }).catch(() => undefined);
    throw scienceError(
      'OBSERVATION_WRITE_FAILED',
      `could not write the observation to ${target}: ${codeOf(error) || String(error)}`,
      'Check that the parent folder exists, can be written to and has room, then run again.',
      error,
    );
  }
}

function headerText(observation: Observation): string {
  const { telescope, observer, origin, correlations, antennas, fields } = observation;
  const spectralWindows = observation.spectralWindows.map((window, index) => ({
    name: window.name,
    channelWidthHz: window.channelWidthHz,
    frequencyHz: [...window.frequencyHz],
    rows: observation.sets[index]?.rows ?? 0,
  }));
  const header: z.infer<typeof headerSchema> = {
    format: OBSERVATION_FORMAT,
    version: OBSERVATION_VERSION,
    telescope,
    observer,
    origin,
    correlations: [...correlations],
    antennas: antennas.map(({ name, position }) => ({ name, position: [...position] })),
    fields: fields.map(({ name, raRad, decRad }) => ({ name, raRad, decRad })),
    spectralWindows,
  };
  return `${JSON.stringify(header, null, 1)}\n`;
}

/** Does `folder` hold an observation of this format? Looks at its header only. */
export async function isObservationFolder(folder: string): Promise<boolean> {
  try {
    const header: unknown = JSON.parse(await readFile(join(folder, 'observation.json'), 'utf8'));
    return (
      typeof header === 'object' &&
      header !== null &&
      'format' in header &&
      header.format === OBSERVATION_FORMAT
    );
  } catch {
    return false;
  }
}

/** The header of an observation folder. Throws as {@link readObservation} does. */
export async function readObservationHeader(folder: string): Promise<z.infer<typeof headerSchema>> {
  const path = join(folder, 'observation.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      throw scienceError(
        'OBSERVATION_NOT_FOUND',
        `there is no observation at ${folder}`,
        REMEDY_NOT_ONE,
        error,
      );
    }
    throw scienceError(
      'OBSERVATION_INVALID',
      `${path} cannot be read: ${codeOf(error)}`,
      'Check the permissions of the folder.',
      error,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw scienceError('OBSERVATION_INVALID', `${path} is not JSON`, REMEDY_NOT_ONE, error);
  }
  const parsed = headerSchema.safeParse(json);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw scienceError(
      'OBSERVATION_INVALID',
      `${path}: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'not understood'}`,
      REMEDY_NOT_ONE,
    );
  }
  if (parsed.data.version > OBSERVATION_VERSION) {
    throw scienceError(
      'OBSERVATION_INVALID',
      `${path} has format version ${parsed.data.version}; this program reads up to ${OBSERVATION_VERSION}`,
      'Use the newer program that wrote it.',
    );
  }
  return parsed.data;
}

/**
 * Reads an observation folder, all windows or only those in `spectralWindows` (the result has only those, in
 * that order). Throws `OBSERVATION_NOT_FOUND`, `OBSERVATION_INVALID` (not one, newer, inconsistent) or
 * `ARRAY_FILE_INVALID` (a damaged or cut-off column).
 */
export async function readObservation(
  folder: string,
  options: Readonly<{ spectralWindows?: readonly number[] }> = {},
): Promise<Observation> {
  const root = resolve(folder);
  const header = await readObservationHeader(root);
  const wanted = options.spectralWindows ?? header.spectralWindows.map((_, index) => index);
  const windows = [];
  const sets: VisibilitySet[] = [];
  for (const index of wanted) {
    const window = header.spectralWindows[index];
    requireParameter(
      window !== undefined,
      `spectral window ${index} does not exist in ${root}`,
      `Ask for one of 0 … ${header.spectralWindows.length - 1}.`,
    );
    const frequencyHz = Float64Array.from(window.frequencyHz);
    windows.push({ name: window.name, channelWidthHz: window.channelWidthHz, frequencyHz });
    sets.push(
      await readSet(join(root, `spw-${index}`), window.rows, frequencyHz, header.correlations, {
        antennas: header.antennas.length,
        fields: header.fields.length,
      }),
    );
  }
  const { telescope, observer, origin, correlations, antennas, fields } = header;
  return { telescope, observer, origin, correlations, antennas, fields, spectralWindows: windows, sets };
}

async function readSet(
  folder: string,
  rows: number,
  frequencyHz: Float64Array,
  correlations: VisibilitySet['correlations'],
  limits: Readonly<{ antennas: number; fields: number }>,
): Promise<VisibilitySet> {
  const cube = [rows, frequencyHz.length, correlations.length];
  const column = async <Values extends NpyArray['values']>(
    name: string,
    shape: readonly number[],
    isType: (values: NpyArray['values']) => values is Values,
  ): Promise<Values> => {
    const path = join(folder, `${name}.npy`);
    let bytes: Uint8Array;
    try {
      bytes = await readFile(path);
    } catch (error) {
      throw scienceError(
        'OBSERVATION_INVALID',
        `${path} cannot be read: ${codeOf(error)}`,
        'The observation is incomplete: copy it again, or make it again.',
        error,
      );
    }
    const { values, shape: found } = decodeNpy(bytes, path);
    if (isType(values) && found.join() === shape.join()) return values;
    throw scienceError(
      'ARRAY_FILE_INVALID',
      `${path} holds shape (${found.join(', ')}), the header says (${shape.join(', ')})`,
      'Header and columns are not of the same observation: copy it again, or make it again.',
    );
  };
  const isF8 = (values: NpyArray['values']): values is Float64Array => values instanceof Float64Array;
  const isF4 = (values: NpyArray['values']): values is Float32Array => values instanceof Float32Array;
  const isI4 = (values: NpyArray['values']): values is Int32Array => values instanceof Int32Array;
  const isU1 = (values: NpyArray['values']): values is Uint8Array => values instanceof Uint8Array;
  const index = async (name: string, below: number): Promise<Int32Array> => {
    const values = await column(name, [rows], isI4);
    const bad = values.findIndex((value) => value < 0 || value >= below);
    if (bad === -1) return values;
    throw scienceError(
      'OBSERVATION_INVALID',
      `${join(folder, name)}.npy, row ${bad}: ${values[bad]} is not one of the ${below} in the header`,
      'Header and columns are not of the same observation: copy it again, or make it again.',
    );
  };
  return {
    rows,
    channels: frequencyHz.length,
    correlations,
    frequencyHz,
    timeS: await column('time', [rows], isF8),
    intervalS: await column('interval', [rows], isF8),
    antenna1: await index('antenna1', limits.antennas),
    antenna2: await index('antenna2', limits.antennas),
    field: await index('field', limits.fields),
    scan: await column('scan', [rows], isI4),
    uvwM: await column('uvw', [rows, 3], isF8),
    data: await column('data', cube, isF4),
    weight: await column('weight', cube, isF4),
    flag: await column('flag', cube, isU1),
  };
}
