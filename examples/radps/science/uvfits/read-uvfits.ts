import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { BinaryTable } from '../fits/binary-table.ts';
import { findExtension, readFitsFile } from '../fits/fits-file.ts';
import type { FitsFile } from '../fits/fits-file.ts';
import { headerNumber, headerText } from '../fits/header.ts';
import type { FitsHeader } from '../fits/header.ts';
import { emptyVisibilitySet } from '../observation/observation.ts';
import type { Antenna, Correlation, Observation, SpectralWindow } from '../observation/observation.ts';
import { scienceError } from '../science-error.ts';
import { stokesToCorrelation } from './stokes.ts';

/**
 * Reads a UVFITS file: random groups (FITS standard 4.0, §6) in the AIPS convention (AIPS Memo 117), single
 * source, one antenna table; each IF becomes a spectral window.
 *
 * - Group parameters are scaled by PSCAL and PZERO; two parameters of one name add up (DATE comes in two).
 * - U, V, W come in seconds and are turned into metres. In UVFITS the baseline is r₁ − r₂ and the phase of a
 *   source +2π(ul + vm + …); this library has r₂ − r₁ and −2π, so u, v, w change sign and the data stay.
 * - A weight that is not positive flags the sample (Memo 117, §3.1.1).
 */
export async function readUvfits(path: string): Promise<Observation> {
  return interpretUvfits(await readFitsFile(path));
}

/** As {@link readUvfits}, from a file in memory. */
function interpretUvfits(file: FitsFile): Observation {
  const primary = file.units[0];
  const header = primary?.header;
  if (
    primary === undefined ||
    header?.values.get('GROUPS') !== true ||
    headerNumber(header, 'NAXIS1', -1) !== 0
  ) {
    throw unsupported(file, 'it has no random groups (GROUPS = T and NAXIS1 = 0)');
  }
  if (headerNumber(header, 'BITPIX') !== -32) {
    throw unsupported(file, `its groups have BITPIX ${headerNumber(header, 'BITPIX')}, not −32`);
  }
  const axes = readAxes(file, header);
  const correlations = readCorrelations(file, axes.STOKES);
  const parameters = new GroupParameters(file, header);
  const antennas = readAntennas(file);
  const windows = readSpectralWindows(file, axes);
  const groups = headerNumber(header, 'GCOUNT');
  const channels = axes.FREQ.length;
  const nCorrelation = correlations.length;
  const sets = windows.map((window) => emptyVisibilitySet(groups, window.frequencyHz, correlations));
  const groupBytes = 4 * (parameters.count + 3 * nCorrelation * channels * windows.length);
  // AIPS counts antennas by the numbers in NOSTA, from one.
  const indexOf = new Map(antennas.map(({ number }, index) => [number, index]));
  let scan = 0;
  let lastTime = Number.NEGATIVE_INFINITY;

  for (let group = 0; group < groups; group++) {
    const base = group * groupBytes;
    const value = parameters.read(primary.data, base);
    const [first, second] = decodeBaseline(value('BASELINE'));
    const antenna1 = indexOf.get(first);
    const antenna2 = indexOf.get(second);
    if (antenna1 === undefined || antenna2 === undefined) {
      throw unsupported(
        file,
        `group ${group} is of antennas ${first} and ${second}, not both in the AN table`,
      );
    }
    const timeS = (value('DATE') - 2_400_000.5) * 86_400;
    const intervalS = parameters.has('INTTIM') ? value('INTTIM') : 0;
    if (group > 0 && timeS - lastTime > SCAN_GAP_S) scan++;
    lastTime = timeS;
    for (const [index, set] of sets.entries()) {
      set.timeS[group] = timeS;
      set.intervalS[group] = intervalS;
      set.antenna1[group] = antenna1;
      set.antenna2[group] = antenna2;
      set.scan[group] = scan;
      set.uvwM[3 * group] = -value('UU') * SPEED_OF_LIGHT;
      set.uvwM[3 * group + 1] = -value('VV') * SPEED_OF_LIGHT;
      set.uvwM[3 * group + 2] = -value('WW') * SPEED_OF_LIGHT;
      let at = base + 4 * (parameters.count + 3 * nCorrelation * channels * index);
      const start = group * channels * nCorrelation;
      for (let sample = start; sample < start + channels * nCorrelation; sample++, at += 12) {
        const weight = primary.data.getFloat32(at + 8);
        set.data[2 * sample] = primary.data.getFloat32(at);
        set.data[2 * sample + 1] = primary.data.getFloat32(at + 4);
        const usable = weight > 0;
        set.weight[sample] = usable ? weight : 0;
        set.flag[sample] = usable ? 0 : 1;
      }
    }
  }
  const degree = Math.PI / 180;
  const raDeg = axes.RA?.reference ?? headerNumber(header, 'OBSRA', 0);
  const decDeg = axes.DEC?.reference ?? headerNumber(header, 'OBSDEC', 0);
  return {
    telescope: headerText(header, 'TELESCOP', 'unknown'),
    observer: headerText(header, 'OBSERVER', 'unknown'),
    antennas: antennas.map(({ name, position }) => ({ name, position })),
    fields: [
      { name: headerText(header, 'OBJECT', 'unknown'), raRad: raDeg * degree, decRad: decDeg * degree },
    ],
    spectralWindows: windows,
    correlations,
    origin: `UVFITS file ${file.name}`,
    sets,
  };
}

/** A longer pause than this begins a new scan. */
const SCAN_GAP_S = 60;

function unsupported(file: FitsFile, what: string): Error {
  return scienceError(
    'FITS_UNSUPPORTED',
    `${file.name} cannot be read as UVFITS: ${what}`,
    'Give a single-source UVFITS file (random groups, float32), as AIPS FITTP or CASA exportuvfits write it.',
  );
}

/** A regular axis of the groups. */
interface Axis {
  readonly length: number;
  readonly reference: number;
  readonly increment: number;
  readonly referencePixel: number;
}

interface Axes {
  readonly STOKES: Axis;
  readonly FREQ: Axis;
  readonly IF: Axis;
  readonly RA?: Axis;
  readonly DEC?: Axis;
}

/** The axes by name, after checking that they come as COMPLEX, STOKES, FREQ and then, at will, IF, RA, DEC. */
function readAxes(file: FitsFile, header: FitsHeader): Axes {
  const found: { type: string; axis: Axis }[] = [];
  for (let index = 2; index <= headerNumber(header, 'NAXIS'); index++) {
    const length = headerNumber(header, `NAXIS${index}`);
    const type = headerText(header, `CTYPE${index}`).trim().split('-')[0] ?? '';
    const axis = {
      length,
      reference: headerNumber(header, `CRVAL${index}`, 1),
      increment: headerNumber(header, `CDELT${index}`, 1),
      referencePixel: headerNumber(header, `CRPIX${index}`, 1),
    };
    // A nameless axis of length one, as some writers leave it, carries nothing.
    if (type !== '' || length !== 1) found.push({ type, axis });
  }
  const order = found.map(({ type }) => type);
  const [complex, stokes, freq, ...rest] = found;
  if (complex?.type !== 'COMPLEX' || stokes?.type !== 'STOKES' || freq?.type !== 'FREQ') {
    throw unsupported(file, `its axes are ${order.join(', ')}, not COMPLEX, STOKES, FREQ, …`);
  }
  if (complex.axis.length !== 3) {
    throw unsupported(
      file,
      `its COMPLEX axis has ${complex.axis.length} parts, not 3 (real, imaginary, weight)`,
    );
  }
  const named = new Map(rest.map(({ type, axis }) => [type, axis]));
  const stray = rest.find(({ type, axis }) => !['IF', 'RA', 'DEC'].includes(type) && axis.length !== 1);
  const pointing = [named.get('RA')?.length ?? 1, named.get('DEC')?.length ?? 1];
  if (stray !== undefined || pointing.some((length) => length !== 1)) {
    throw unsupported(
      file,
      `its axes are ${order.join(', ')} of lengths ${found.map(({ axis }) => axis.length).join(', ')}`,
    );
  }
  const ra = named.get('RA');
  const dec = named.get('DEC');
  return {
    STOKES: stokes.axis,
    FREQ: freq.axis,
    IF: named.get('IF') ?? { length: 1, reference: 1, increment: 1, referencePixel: 1 },
    ...(ra === undefined ? {} : { RA: ra }),
    ...(dec === undefined ? {} : { DEC: dec }),
  };
}

function readCorrelations(file: FitsFile, axis: Axis): Correlation[] {
  return Array.from({ length: axis.length }, (_, index) => {
    const code = Math.round(axis.reference + (index + 1 - axis.referencePixel) * axis.increment);
    const name = stokesToCorrelation(code);
    if (name === undefined) throw unsupported(file, `its STOKES axis has the code ${code}`);
    return name;
  });
}

/** The parameters before each group's data: several of one name add up, `UU---SIN` counts as `UU`. */
class GroupParameters {
  readonly count: number;
  readonly #terms = new Map<string, { index: number; scale: number; zero: number }[]>();

  constructor(file: FitsFile, header: FitsHeader) {
    this.count = headerNumber(header, 'PCOUNT');
    for (let index = 1; index <= this.count; index++) {
      const name = headerText(header, `PTYPE${index}`).trim().split('-')[0] ?? '';
      const term = {
        index: index - 1,
        scale: headerNumber(header, `PSCAL${index}`, 1),
        zero: headerNumber(header, `PZERO${index}`, 0),
      };
      this.#terms.set(name, [...(this.#terms.get(name) ?? []), term]);
    }
    const missing = ['UU', 'VV', 'WW', 'BASELINE', 'DATE'].filter((name) => !this.#terms.has(name));
    if (missing.length > 0) throw unsupported(file, `it has no group parameter ${missing.join(', ')}`);
  }

  has(name: string): boolean {
    return this.#terms.has(name);
  }

  /** A reader of the parameters of the group at byte `base`. */
  read(data: DataView, base: number): (name: string) => number {
    return (name) => {
      let sum = 0;
      for (const { index, scale, zero } of this.#terms.get(name) ?? []) {
        sum += data.getFloat32(base + 4 * index) * scale + zero;
      }
      return sum;
    };
  }
}

/** AIPS baseline code: 256 a₁ + a₂, or above 65 536 2048 a₁ + a₂ + 65 536; a fraction numbers the subarray. */
function decodeBaseline(code: number): [number, number] {
  const whole = Math.floor(code + 0.001);
  return whole > 65_536
    ? [Math.floor((whole - 65_536) / 2048), (whole - 65_536) % 2048]
    : [Math.floor(whole / 256), whole % 256];
}

function readAntennas(file: FitsFile): (Antenna & { number: number })[] {
  const unit = findExtension(file, 'AIPS AN');
  if (unit === undefined) throw unsupported(file, 'it has no antenna table (AIPS AN)');
  const table = new BinaryTable(unit);
  const centre = ['ARRAYX', 'ARRAYY', 'ARRAYZ'].map((keyword) => headerNumber(unit.header, keyword, 0));
  return Array.from({ length: table.rows }, (_, row) => {
    const [x = 0, y = 0, z = 0] = table.numbers(row, 'STABXYZ');
    return {
      name: table.text(row, 'ANNAME').trim(),
      number: table.numbers(row, 'NOSTA')[0] ?? row + 1,
      position: [x + (centre[0] ?? 0), y + (centre[1] ?? 0), z + (centre[2] ?? 0)],
    };
  });
}

/** One window per IF: the FREQ axis shifted by the IF's offset in the FQ table (none: no shift). */
function readSpectralWindows(file: FitsFile, axes: Axes): SpectralWindow[] {
  const unit = findExtension(file, 'AIPS FQ');
  const table = unit === undefined ? undefined : new BinaryTable(unit);
  if (axes.IF.length > 1 && table === undefined)
    throw unsupported(file, 'it has several IFs and no AIPS FQ table');
  if (table !== undefined && table.rows > 1) {
    throw unsupported(file, `its AIPS FQ table has ${table.rows} frequency set-ups`);
  }
  const offsets = table?.numbers(0, 'IF FREQ') ?? [0];
  const { length, reference, increment, referencePixel } = axes.FREQ;
  return Array.from({ length: axes.IF.length }, (_, index) => ({
    name: `IF ${index + 1}`,
    channelWidthHz: Math.abs(increment),
    frequencyHz: Float64Array.from(
      { length },
      (_unused, channel) => reference + (offsets[index] ?? 0) + (channel + 1 - referencePixel) * increment,
    ),
  }));
}
