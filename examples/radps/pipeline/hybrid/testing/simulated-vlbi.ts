import { MICROARCSEC, seededRandom, simulateObservation, skyComponent } from '../../../science/index.ts';
import type { Observation, SkyComponent, VisibilitySet } from '../../../science/index.ts';

/** A component at an offset in µas. */
function component(name: string, eastUas: number, northUas: number, fluxJy: number): SkyComponent {
  return {
    ...skyComponent(name, eastUas * 1e-6, northUas * 1e-6, fluxJy, { spectralIndex: 0 }),
    fwhmRad: 8 * MICROARCSEC,
  };
}

/** A ring of 0.6 Jy, 42 µas across and brighter in the south. */
export const simulatedRing: readonly SkyComponent[] = Array.from({ length: 24 }, (_, index) => {
  const angle = (2 * Math.PI * index) / 24;
  const flux = (0.6 / 24) * (1 - 0.4 * Math.cos(angle));
  return component(`R${index}`, 21 * Math.sin(angle), 21 * Math.cos(angle), flux);
});

/** Two sources of 0.6 Jy together, 34 µas apart. */
export const simulatedPair: readonly SkyComponent[] = [
  component('A', 0, -17, 0.4),
  component('B', 0, 17, 0.2),
];

/** East, north, up, thousands of km: nine stations over the width of the Earth, two of them at one place. */
const STATIONS_MM = [
  [0, 0, 0],
  [0.0002, 0, 0],
  [4.9, 0.8, -1],
  [-4.2, 2.6, -1],
  [1.9, -4.6, -1],
  [-2.8, -3.9, 0],
  [3.1, 4.1, 0],
  [-1.2, 1.4, 0],
  [1.1, -1.9, 0],
] as const;

/**
 * One band of a short observation at 230 GHz with that array: eight scans over six hours, unknown phases of every
 * station in every scan, amplitudes of stations wrong by up to a fifth, noise of 5 mJy.
 */
export function simulateVlbi(sky: readonly SkyComponent[], band: number): Observation {
  const { observation } = simulateObservation({
    seed: 20 + band,
    layout: {
      name: 'Earth',
      latitudeRad: 0.6,
      longitudeRad: 0,
      stationsEnuM: STATIONS_MM.map(([east, north, up]) => [1e6 * east, 1e6 * north, 1e6 * up]),
    },
    fields: [{ name: 'RING', raRad: 3.28, decRad: 0.22, sky }],
    scans: Array.from({ length: 8 }, (_, scan) => ({ field: 0, startS: 3000 * scan, durationS: 240 })),
    startHourAngleRad: -0.8,
    startMjd: 57_848,
    integrationS: 60,
    spectralWindows: [
      { name: `band ${band}`, frequencyHz: Float64Array.of(227e9 + 2e9 * band), channelWidthHz: 1.8e9 },
    ],
    correlations: ['RR', 'LL'],
    noiseJy: 0.005,
  });
  const [set] = observation.sets;
  if (set !== undefined) corrupt(set);
  return observation;
}

/** Multiplies the station gains in; the same for both correlations. */
function corrupt(set: VisibilitySet): void {
  const random = seededRandom(7);
  const amplitude = STATIONS_MM.map((_, station) => (station < 2 ? 1 : 0.8 + 0.4 * random.uniform()));
  const phases = new Map<string, number>();
  const phaseOf = (scan: number, station: number): number => {
    const key = `${scan} ${station}`;
    const known = phases.get(key) ?? 2 * Math.PI * random.uniform();
    phases.set(key, known);
    return known;
  };
  for (let row = 0; row < set.rows; row++) {
    const [first, second] = [set.antenna1[row] ?? 0, set.antenna2[row] ?? 0];
    const scan = set.scan[row] ?? 0;
    const turn = phaseOf(scan, first) - phaseOf(scan, second);
    const factor = (amplitude[first] ?? 1) * (amplitude[second] ?? 1);
    for (let sample = 2 * row; sample < 2 * row + 2; sample++) {
      const [re, im] = [set.data[2 * sample] ?? 0, set.data[2 * sample + 1] ?? 0];
      set.data[2 * sample] = factor * (re * Math.cos(turn) - im * Math.sin(turn));
      set.data[2 * sample + 1] = factor * (re * Math.sin(turn) + im * Math.cos(turn));
    }
  }
}
