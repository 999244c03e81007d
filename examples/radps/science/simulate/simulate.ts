import { DAY_S } from '../numeric/constants.ts';
import type { SkyDirection } from '../numeric/coordinates.ts';
import { seededRandom } from '../numeric/random.ts';
import type { Random } from '../numeric/random.ts';
import type {
  Correlation,
  Observation,
  ObservationHeader,
  SpectralWindow,
  VisibilitySet,
} from '../observation/observation.ts';
import { requireParameter } from '../science-error.ts';
import { layoutAntennas } from './array-layout.ts';
import type { ArrayLayout } from './array-layout.ts';
import { shiftSet } from '../calibrate/antenna-positions.ts';
import { applyCalibration } from '../calibrate/apply.ts';
import { feedsOf } from '../calibrate/feeds.ts';
import { drawErrors } from './instrument-errors.ts';
import type { InstrumentErrors, InstrumentTruth } from './instrument-errors.ts';
import { addInterference } from './interference.ts';
import type { InterferenceOptions } from './interference.ts';
import { predictSky } from './sky.ts';
import type { SkyComponent } from './sky.ts';
import { timeOfHourAngle, trackRows } from './tracks.ts';
import type { ScanPlan } from './tracks.ts';

/** A field and the sky that is truly there. */
export interface SimulatedField extends SkyDirection {
  readonly name: string;
  readonly sky: readonly SkyComponent[];
}

export interface SimulationOptions {
  readonly seed: number;
  readonly layout: ArrayLayout;
  readonly fields: readonly SimulatedField[];
  readonly scans: readonly ScanPlan[];
  /** Hour angle of the first scan's field at the start, rad. */
  readonly startHourAngleRad: number;
  /** The observation starts within a day after this modified Julian date (UTC). */
  readonly startMjd: number;
  readonly integrationS: number;
  readonly spectralWindows: readonly SpectralWindow[];
  readonly correlations: readonly Correlation[];
  /** σ of the real, and of the imaginary, part of each visibility, Jy. */
  readonly noiseJy: number;
  readonly interference?: InterferenceOptions;
  /** Gain, bandpass, delay and position errors; none: a perfect instrument. */
  readonly errors?: InstrumentErrors;
}

/** A simulated observation and what is true of it. */
export interface Simulation {
  readonly observation: Observation;
  /** Per spectral window, in the shape of `flag`: 1 where interference was added. */
  readonly interference: readonly Uint8Array[];
  /** Per spectral window: the factors that the data were multiplied by; none for a perfect instrument. */
  readonly instrument: readonly InstrumentTruth[];
}

/** One spectral window of a {@link Simulation}. */
export interface SimulatedWindow {
  readonly set: VisibilitySet;
  readonly interference: Uint8Array;
  readonly instrument?: InstrumentTruth;
}

/** Simulates an observation: tracks, sky, instrument, interference, thermal noise; the same for the same options. */
export function simulateObservation(options: SimulationOptions): Simulation {
  const windows = options.spectralWindows.map((_, index) => simulateWindow(options, index));
  return {
    observation: { ...simulatedHeader(options), sets: windows.map(({ set }) => set) },
    interference: windows.map(({ interference }) => interference),
    instrument: windows.flatMap(({ instrument }) => (instrument === undefined ? [] : [instrument])),
  };
}

/** What the header of a simulated observation says; the positions are those of the table, wrong where errors say so. */
export function simulatedHeader(options: SimulationOptions): ObservationHeader {
  checkOptions(options);
  const offsets = options.errors?.positionOffsetsM;
  return {
    telescope: `simulated ${options.layout.name}`,
    observer: 'simulator',
    antennas: layoutAntennas(options.layout).map(({ name, position: [x, y, z] }, index) => {
      const [dx, dy, dz] = offsets?.[index] ?? [0, 0, 0];
      return { name, position: [x - dx, y - dy, z - dz] };
    }),
    fields: options.fields.map(({ name, raRad, decRad }) => ({ name, raRad, decRad })),
    spectralWindows: options.spectralWindows,
    correlations: options.correlations,
    origin: `simulated with seed ${options.seed}`,
  };
}

/** One spectral window of a simulation, the same whether it is made alone or with the others: for a thread. */
export function simulateWindow(options: SimulationOptions, index: number): SimulatedWindow {
  const first = checkOptions(options);
  const { layout, fields, scans, errors, seed } = options;
  const window = options.spectralWindows[index];
  requireParameter(
    window !== undefined,
    `spectral window ${index} does not exist`,
    `Simulate one of 0 … ${options.spectralWindows.length - 1}.`,
  );
  const startS = timeOfHourAngle(
    first,
    options.startHourAngleRad,
    layout.longitudeRad,
    options.startMjd * DAY_S,
  );
  let set = trackRows(
    { layout, directions: fields, scans, startS, integrationS: options.integrationS },
    window.frequencyHz,
    options.correlations,
  );
  for (const [field, { sky }] of fields.entries()) addUnpolarised(set, predictSky(set, sky, field));
  let instrument: InstrumentTruth | undefined;
  if (errors !== undefined) {
    const shape = { antennas: layout.stationsEnuM.length, feeds: feedsOf(options.correlations).feeds };
    instrument = drawErrors(set, shape, errors, seed, index);
    set = applyCalibration(set, [instrument.gain, instrument.bandpass], { corrupt: true });
    if (errors.positionOffsetsM !== undefined) set = shiftSet(set, { fields }, errors.positionOffsetsM, -1);
  }
  const interference =
    options.interference === undefined
      ? new Uint8Array(set.flag.length)
      : addInterference(set, options.interference, seededRandom(seed, `interference ${index}`));
  addNoise(set, options.noiseJy, seededRandom(seed, `noise ${index}`));
  return { set, interference, ...(instrument === undefined ? {} : { instrument }) };
}

/** Throws `BAD_PARAMETER` for options that make no observation; returns the field of the first scan. */
function checkOptions({ fields, scans, spectralWindows, noiseJy }: SimulationOptions): SimulatedField {
  const first = fields[scans[0]?.field ?? 0];
  requireParameter(
    first !== undefined && spectralWindows.length > 0,
    `${fields.length} fields in ${spectralWindows.length} spectral windows make no observation`,
    'Give at least one field, one scan of it and one spectral window.',
  );
  requireParameter(
    noiseJy > 0,
    `noise of ${noiseJy} Jy gives no weights`,
    'Give a positive noise per visibility in Jy.',
  );
  return first;
}

/** Total intensity [row, channel, 2] into every parallel-hand correlation of an unpolarised sky. */
function addUnpolarised(set: VisibilitySet, intensity: Float64Array): void {
  const count = set.correlations.length;
  for (const [index, correlation] of set.correlations.entries()) {
    if (!['RR', 'LL', 'XX', 'YY', 'I'].includes(correlation)) continue;
    for (let sample = 0; sample < set.rows * set.channels; sample++) {
      const at = 2 * (sample * count + index);
      set.data[at] = (set.data[at] ?? 0) + (intensity[2 * sample] ?? 0);
      set.data[at + 1] = (set.data[at + 1] ?? 0) + (intensity[2 * sample + 1] ?? 0);
    }
  }
}

/** Gaussian noise of standard deviation `noiseJy` on each part of each sample; sets the weights to 1/σ². */
function addNoise(set: VisibilitySet, noiseJy: number, random: Random): void {
  for (let at = 0; at < set.data.length; at++) set.data[at] = (set.data[at] ?? 0) + noiseJy * random.normal();
  set.weight.fill(1 / noiseJy ** 2);
}
