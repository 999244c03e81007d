import { DEGREE } from '../numeric/constants.ts';
import type { Position } from '../numeric/coordinates.ts';
import { seededRandom } from '../numeric/random.ts';
import { yLayout } from './array-layout.ts';
import { evenChannels, skyComponent } from './default-observation.ts';
import type { InstrumentErrors } from './instrument-errors.ts';
import type { SimulatedField, SimulationOptions } from './simulate.ts';
import type { ScanPlan } from './tracks.ts';

/** Knobs of {@link fullSimulation}. */
export interface FullSimulationOptions {
  readonly seed?: number;
  readonly antennasPerArm?: number;
  readonly spectralWindows?: number;
  readonly channels?: number;
  /** Target fields. */
  readonly targets?: number;
  /** Visits to each target, each between two visits to the gain calibrator. */
  readonly cycles?: number;
  /** Noise per visibility, Jy. */
  readonly noiseJy?: number;
  /** A spectral line in the last spectral window of every target. Default true. */
  readonly line?: boolean;
  /** Some antennas stand where the table does not have them. Default true. */
  readonly positionErrors?: boolean;
  readonly interference?: boolean;
}

/** Fields of the full simulation, by what they are for: the calibrators come first, then the targets. */
export const BANDPASS_FIELD = 0;
export const GAIN_FIELD = 1;
export const FIRST_TARGET_FIELD = 2;

const CHANNEL_WIDTH_HZ = 125e3;
const INTEGRATION_S = 30;

/** Centre of the line of the full simulation, Hz: a third of the way into the last spectral window. */
export function lineCentreHz(spectralWindows: number, channels: number): number {
  return windowStartHz(spectralWindows - 1, channels) + Math.round(channels * 0.4) * CHANNEL_WIDTH_HZ;
}

const windowStartHz = (index: number, channels: number): number =>
  1.4e9 + index * Math.max(8e6, 1.25 * channels * CHANNEL_WIDTH_HZ);

/**
 * An observation for a whole pipeline: a bandpass calibrator (J1752−2956, 8 Jy), a gain calibrator (J1851+0035,
 * 2 Jy) visited between targets, and targets with four sources, one extended, one with an emission line; taken
 * with an instrument that has gain, bandpass, delay and position errors and one dead antenna.
 */
export function fullSimulation(options: FullSimulationOptions = {}): SimulationOptions {
  const {
    seed = 1,
    antennasPerArm = 6,
    spectralWindows = 2,
    channels = 32,
    targets = 1,
    cycles = 5,
  } = options;
  const { noiseJy = 0.4, line = true, positionErrors = true, interference = true } = options;
  const point = (name: string, fluxJy: number): SimulatedField['sky'] => [
    skyComponent(name, 0, 0, fluxJy, { spectralIndex: 0 }),
  ];
  const fields: SimulatedField[] = [
    { name: 'J1752-2956', raRad: 268.11 * DEGREE, decRad: -29.94 * DEGREE, sky: point('B', 8) },
    { name: 'J1851+0035', raRad: 282.945 * DEGREE, decRad: 0.59 * DEGREE, sky: point('G', 2) },
    ...Array.from({ length: targets }, (_, index) =>
      targetField(index, line, lineCentreHz(spectralWindows, channels)),
    ),
  ];
  return {
    seed,
    layout: yLayout({ antennasPerArm, armLengthM: 1600 }),
    fields,
    scans: schedule(targets, cycles),
    startHourAngleRad: -1.2 * 15 * DEGREE,
    startMjd: 61_365,
    integrationS: INTEGRATION_S,
    spectralWindows: Array.from({ length: spectralWindows }, (_, index) =>
      evenChannels(`spw ${index}`, windowStartHz(index, channels), CHANNEL_WIDTH_HZ, channels),
    ),
    correlations: ['XX', 'YY'],
    noiseJy,
    errors: instrumentErrors(seed, 3 * antennasPerArm, positionErrors),
    ...(interference
      ? { interference: { narrowBandEvents: 2, impulseEvents: 3, baselineFraction: 0.4, amplitudeJy: 60 } }
      : {}),
  };
}

/** Bandpass calibrator, then gain calibrator and targets in turn, the gain calibrator last. */
function schedule(targets: number, cycles: number): ScanPlan[] {
  const scans: ScanPlan[] = [];
  let startS = 0;
  const add = (field: number, durationS: number): void => {
    scans.push({ field, startS, durationS });
    startS += durationS + 20;
  };
  add(BANDPASS_FIELD, 300);
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (let target = 0; target < targets; target++) {
      add(GAIN_FIELD, 90);
      add(FIRST_TARGET_FIELD + target, 480);
      startS += 600 / targets;
    }
  }
  add(GAIN_FIELD, 90);
  return scans;
}

function targetField(index: number, line: boolean, centreHz: number): SimulatedField {
  const turn = (index * 2 * Math.PI) / 5;
  const at = (east: number, north: number): [number, number] => [
    east * Math.cos(turn) - north * Math.sin(turn),
    east * Math.sin(turn) + north * Math.cos(turn),
  ];
  const withLine = skyComponent('L', ...at(-120.4, 96.2), 0.12);
  return {
    name: `target ${index + 1}`,
    raRad: (281.5 + 0.7 * index) * DEGREE,
    decRad: (2.4 - 0.3 * index) * DEGREE,
    sky: [
      skyComponent('P1', ...at(20.3, -15.1), 1.6),
      skyComponent('P2', ...at(155.2, 130.7), 0.5),
      skyComponent('E1', ...at(-140.5, -130.3), 0.5, { fwhmArcsec: 35 }),
      line ? { ...withLine, line: { peakJy: 0.6, centreHz, fwhmHz: 3.2 * CHANNEL_WIDTH_HZ } } : withLine,
    ],
  };
}

function instrumentErrors(seed: number, antennas: number, positionErrors: boolean): InstrumentErrors {
  const random = seededRandom(seed, 'positions');
  const offsets = Array.from({ length: antennas }, (_, antenna): Position => {
    const moved = positionErrors && antenna % 5 === 3;
    return moved ? [0.03 * random.normal(), 0.03 * random.normal(), 0.03 * random.normal()] : [0, 0, 0];
  });
  return {
    gainAmplitude: 0.15,
    phaseDriftRad: 0.5,
    phaseJitterRad: 0.2,
    jitterPeriodS: 900,
    bandpassAmplitude: 0.1,
    bandpassPhaseRad: 0.25,
    delayS: 20e-9,
    deadAntennas: [antennas - 2],
    positionOffsetsM: offsets,
  };
}
