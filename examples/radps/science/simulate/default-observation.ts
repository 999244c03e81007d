import { ARCSEC, DEGREE } from '../numeric/constants.ts';
import type { SpectralWindow } from '../observation/observation.ts';
import { yLayout } from './array-layout.ts';
import type { SimulationOptions } from './simulate.ts';
import type { SkyComponent } from './sky.ts';

/** Knobs of {@link defaultSimulation}. */
export interface DefaultSimulationOptions {
  readonly seed?: number;
  readonly channels?: number;
  /** Scans, spread evenly over the six hours. */
  readonly scans?: number;
  /** Integrations of 40 s in each scan. */
  readonly integrations?: number;
}

/** Evenly spaced channels, `firstHz` being the centre of the first. */
export function evenChannels(
  name: string,
  firstHz: number,
  channelWidthHz: number,
  channels: number,
): SpectralWindow {
  const frequencyHz = Float64Array.from({ length: channels }, (_, index) => firstHz + index * channelWidthHz);
  return { name, frequencyHz, channelWidthHz };
}

/** A component from offsets in arcseconds and flux in Jy at 1.4 GHz. */
export function skyComponent(
  name: string,
  eastArcsec: number,
  northArcsec: number,
  fluxJy: number,
  rest: Readonly<{ spectralIndex?: number; fwhmArcsec?: number }> = {},
): SkyComponent {
  return {
    name,
    l: eastArcsec * ARCSEC,
    m: northArcsec * ARCSEC,
    fluxJy,
    referenceHz: 1.4e9,
    spectralIndex: rest.spectralIndex ?? -0.7,
    fwhmRad: (rest.fwhmArcsec ?? 0) * ARCSEC,
  };
}

const INTEGRATION_S = 40;
const TRACK_S = 6 * 3600;

/**
 * A small observation that is done in seconds: 27 antennas in a Y of 1.6 km arms, eight
 * scans of ten minutes spread over six hours about the meridian, 16 channels of 2 MHz at 1.4 GHz, four point sources and an extended one about J1851+0035, with noise and
 * interference.
 */
export function defaultSimulation(options: DefaultSimulationOptions = {}): SimulationOptions {
  const { seed = 1, channels = 16, scans = 8, integrations = 15 } = options;
  const durationS = integrations * INTEGRATION_S;
  const spacingS = scans > 1 ? (TRACK_S - durationS) / (scans - 1) : 0;
  return {
    seed,
    layout: yLayout({ antennasPerArm: 9, armLengthM: 1600 }),
    fields: [
      {
        name: 'J1851+0035',
        raRad: (18 + 51 / 60 + 46.72 / 3600) * 15 * DEGREE,
        decRad: (35 / 60 + 32.4 / 3600) * DEGREE,
        sky: [
          skyComponent('P1', 0, 0, 1.2),
          skyComponent('P2', -172.4, 108.7, 0.45),
          skyComponent('P3', 143.1, 187.3, 0.3, { spectralIndex: -1.1 }),
          skyComponent('P4', 88.6, -216.2, 0.18, { spectralIndex: 0.3 }),
          skyComponent('E1', -196.5, -147.2, 0.6, { fwhmArcsec: 40 }),
        ],
      },
    ],
    scans: Array.from({ length: scans }, (_, scan) => ({ field: 0, startS: scan * spacingS, durationS })),
    startHourAngleRad: -3 * 15 * DEGREE,
    startMjd: 61_365,
    integrationS: INTEGRATION_S,
    spectralWindows: [evenChannels('spw 0', 1.4e9, 2e6, channels)],
    correlations: ['XX', 'YY'],
    noiseJy: 0.5,
    interference: {
      narrowBandEvents: 3,
      impulseEvents: 4,
      baselineFraction: 0.4,
      amplitudeJy: 20,
    },
  };
}
