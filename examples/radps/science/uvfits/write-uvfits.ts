import { DEGREE, SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { encodeBinaryTable } from '../fits/binary-table.ts';
import { encodeFitsHeader, paddedLength } from '../fits/header.ts';
import type { FitsCard } from '../fits/header.ts';
import { writeFileAtomically } from '../fits/write-file.ts';
import type { Observation } from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import { correlationToStokes } from './stokes.ts';

/**
 * Writes a single-field observation as UVFITS (see `read-uvfits.ts` for the conventions), atomically. All
 * spectral windows must share rows, channel count and width, and become IFs; correlations must have evenly
 * spaced FITS codes, as XX, YY or RR, LL, RL, LR have.
 */
export async function writeUvfits(path: string, observation: Observation): Promise<void> {
  await writeFileAtomically(path, encodeUvfits(observation));
}

/** The bytes of the file, in parts. */
export function encodeUvfits(observation: Observation): Uint8Array[] {
  const { sets, spectralWindows, correlations, fields } = observation;
  const set = sets[0];
  const window = spectralWindows[0];
  const field = fields[0];
  requireParameter(
    set !== undefined && window !== undefined && field !== undefined && fields.length === 1,
    `an observation of ${fields.length} fields in ${sets.length} spectral windows does not fit into UVFITS`,
    'Write one field at a time.',
  );
  requireParameter(
    sets.every(({ rows, channels }) => rows === set.rows && channels === set.channels),
    'the spectral windows differ in rows or channels, so they do not fit into one UVFITS file',
    'Write windows of different shape to files of their own.',
  );
  const codes = correlations.map(correlationToStokes);
  const step = codes.length > 1 ? (codes[1] ?? 0) - (codes[0] ?? 0) : -1;
  requireParameter(
    codes.every((code, index) => code === (codes[0] ?? 0) + index * step),
    `correlations ${correlations.join(', ')} are not evenly spaced FITS codes`,
    'Order them as XX, YY, XY, YX or RR, LL, RL, LR.',
  );
  const firstHz = window.frequencyHz[0] ?? 0;
  const dayStart = Math.floor((set.timeS[0] ?? 0) / 86_400);
  const parameters: [string, number, number][] = [
    ['UU---SIN', 1 / firstHz, 0],
    ['VV---SIN', 1 / firstHz, 0],
    ['WW---SIN', 1 / firstHz, 0],
    ['BASELINE', 1, 0],
    ['DATE', 1, dayStart + 2_400_000.5],
    ['DATE', 1 / 2 ** 20, 0],
    ['INTTIM', 1, 0],
  ];
  const primary = encodeFitsHeader([
    ...groupCards(observation, codes[0] ?? 0, step, firstHz),
    ...parameters.flatMap(([name, scale, zero], index): FitsCard[] => [
      [`PTYPE${index + 1}`, name],
      [`PSCAL${index + 1}`, scale],
      [`PZERO${index + 1}`, zero],
    ]),
  ]);
  return [
    primary,
    encodeGroups(observation, parameters.length, firstHz, dayStart),
    ...encodeTables(observation),
  ];
}

function groupCards(
  observation: Observation,
  stokes: number,
  stokesStep: number,
  firstHz: number,
): FitsCard[] {
  const [set] = observation.sets;
  const [field] = observation.fields;
  const channelStep =
    set !== undefined && set.channels > 1
      ? (set.frequencyHz[1] ?? 0) - firstHz
      : (observation.spectralWindows[0]?.channelWidthHz ?? 1);
  const axis = (n: number, length: number, type: string, value: number, delta: number): FitsCard[] => [
    [`CTYPE${n}`, type],
    [`CRVAL${n}`, value],
    [`CDELT${n}`, delta],
    [`CRPIX${n}`, 1],
  ];
  const ra = (field?.raRad ?? 0) / DEGREE;
  const dec = (field?.decRad ?? 0) / DEGREE;
  const lengths = [0, 3, observation.correlations.length, set?.channels ?? 0, observation.sets.length, 1, 1];
  return [
    ['SIMPLE', true],
    ['BITPIX', -32],
    ['NAXIS', lengths.length],
    ...lengths.map((length, index): FitsCard => [`NAXIS${index + 1}`, length]),
    ['EXTEND', true],
    ['GROUPS', true],
    ['PCOUNT', 7],
    ['GCOUNT', set?.rows ?? 0],
    ['OBJECT', field?.name ?? ''],
    ['TELESCOP', observation.telescope],
    ['OBSERVER', observation.observer],
    ['BUNIT', 'JY'],
    ['OBSRA', ra],
    ['OBSDEC', dec],
    ...axis(2, 3, 'COMPLEX', 1, 1),
    ...axis(3, 0, 'STOKES', stokes, stokesStep),
    ...axis(4, 0, 'FREQ', firstHz, channelStep),
    ...axis(5, 0, 'IF', 1, 1),
    ...axis(6, 0, 'RA', ra, 1),
    ...axis(7, 0, 'DEC', dec, 1),
  ];
}

function encodeGroups(
  observation: Observation,
  parameters: number,
  firstHz: number,
  day: number,
): Uint8Array {
  const { sets, correlations } = observation;
  const [first] = sets;
  if (first === undefined) return new Uint8Array(0);
  const samples = first.channels * correlations.length;
  const groupBytes = 4 * (parameters + 3 * samples * sets.length);
  const bytes = new Uint8Array(paddedLength(first.rows * groupBytes));
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < first.rows; row++) {
    let at = row * groupBytes;
    const put = (value: number): void => {
      view.setFloat32(at, value);
      at += 4;
    };
    for (let axis = 0; axis < 3; axis++)
      put(((-1 * (first.uvwM[3 * row + axis] ?? 0)) / SPEED_OF_LIGHT) * firstHz);
    put(256 * ((first.antenna1[row] ?? 0) + 1) + (first.antenna2[row] ?? 0) + 1);
    // The day fraction in two float32: multiples of 2⁻¹⁰ d, and the rest in units of 2⁻²⁰ d.
    const fraction = (first.timeS[row] ?? 0) / 86_400 - day;
    const coarse = Math.floor(fraction * 1024) / 1024;
    put(coarse);
    put((fraction - coarse) * 2 ** 20);
    put(first.intervalS[row] ?? 0);
    for (const set of sets) {
      for (let sample = row * samples; sample < (row + 1) * samples; sample++) {
        put(set.data[2 * sample] ?? 0);
        put(set.data[2 * sample + 1] ?? 0);
        put((set.weight[sample] ?? 0) * (set.flag[sample] === 1 ? -1 : 1));
      }
    }
  }
  return bytes;
}

function encodeTables(observation: Observation): Uint8Array[] {
  const { antennas, spectralWindows } = observation;
  const firstHz = spectralWindows[0]?.frequencyHz[0] ?? 0;
  const windows = spectralWindows.length;
  return [
    encodeBinaryTable(
      'AIPS AN',
      [
        { name: 'ANNAME', type: 'A', repeat: 8, cells: antennas.map(({ name }) => name.slice(0, 8)) },
        {
          name: 'STABXYZ',
          type: 'D',
          repeat: 3,
          unit: 'METERS',
          cells: antennas.map(({ position }) => position),
        },
        { name: 'NOSTA', type: 'J', repeat: 1, cells: antennas.map((_, index) => [index + 1]) },
      ],
      [
        ['ARRAYX', 0],
        ['ARRAYY', 0],
        ['ARRAYZ', 0],
        ['FREQ', firstHz],
        ['ARRNAM', observation.telescope],
        ['TIMESYS', 'UTC'],
      ],
    ),
    encodeBinaryTable(
      'AIPS FQ',
      [
        { name: 'FRQSEL', type: 'J', repeat: 1, cells: [[1]] },
        {
          name: 'IF FREQ',
          type: 'D',
          repeat: windows,
          unit: 'HZ',
          cells: [spectralWindows.map(({ frequencyHz }) => (frequencyHz[0] ?? 0) - firstHz)],
        },
        {
          name: 'CH WIDTH',
          type: 'E',
          repeat: windows,
          unit: 'HZ',
          cells: [spectralWindows.map(({ channelWidthHz }) => channelWidthHz)],
        },
        { name: 'SIDEBAND', type: 'J', repeat: windows, cells: [spectralWindows.map(() => 1)] },
      ],
      [['NO_IF', windows]],
    ),
  ];
}
