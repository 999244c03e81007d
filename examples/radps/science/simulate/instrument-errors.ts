import { tableIndex, unitTable } from '../calibrate/calibration-table.ts';
import type { CalibrationTable } from '../calibrate/calibration-table.ts';
import type { Position } from '../numeric/coordinates.ts';
import { seededRandom } from '../numeric/random.ts';
import type { VisibilitySet } from '../observation/observation.ts';

/** What is wrong with the simulated instrument. */
export interface InstrumentErrors {
  /** Spread of antenna gain amplitudes about one, and their slow drift. */
  readonly gainAmplitude: number;
  /** Slow phase drift over hours, rad (standard deviation over time). */
  readonly phaseDriftRad: number;
  /** Fast phase fluctuation over some minutes, rad: what only self-calibration can take out. */
  readonly phaseJitterRad: number;
  /** Period scale of the fast fluctuation, s. */
  readonly jitterPeriodS: number;
  /** Ripple of the bandpass amplitude, and of its phase (rad). */
  readonly bandpassAmplitude: number;
  readonly bandpassPhaseRad: number;
  /** Standard deviation of antenna delays, s. */
  readonly delayS: number;
  /** Antennas that deliver noise only. */
  readonly deadAntennas: readonly number[];
  /** How far antennas stand from where the table has them, m: [antenna], or none. */
  readonly positionOffsetsM?: readonly Position[];
}

/** The true factors of a simulation: multiply a time's gain and a channel's bandpass. */
export interface InstrumentTruth {
  /** At every integration time of the set. */
  readonly gain: CalibrationTable;
  /** Including the delay. */
  readonly bandpass: CalibrationTable;
  /** [antenna, feed] s */
  readonly delayS: Float64Array;
}

const TURN = 2 * Math.PI;

/** Draws the errors of an instrument for one spectral window; gains are the same in every window of a seed. */
export function drawErrors(
  set: Pick<VisibilitySet, 'timeS' | 'frequencyHz'>,
  shape: Readonly<{ antennas: number; feeds: readonly string[] }>,
  errors: InstrumentErrors,
  seed: number,
  window: number,
): InstrumentTruth {
  const timeS = Float64Array.from(new Set(set.timeS)).sort();
  const start = timeS[0] ?? 0;
  const common = { ...shape, referenceAntenna: 0 };
  const gain = unitTable('gain', { ...common, timeS, frequencyHz: Float64Array.of(set.frequencyHz[0] ?? 0) });
  const bandpass = unitTable('bandpass', {
    ...common,
    timeS: Float64Array.of(start),
    frequencyHz: set.frequencyHz,
  });
  const delayS = new Float64Array(shape.antennas * shape.feeds.length);
  const channels = set.frequencyHz.length;
  const middle = ((set.frequencyHz[0] ?? 0) + (set.frequencyHz[channels - 1] ?? 0)) / 2;
  for (let antenna = 0; antenna < shape.antennas; antenna++) {
    // The atmosphere is common to both feeds, electronics are not.
    const air = seededRandom(seed, `air ${antenna}`);
    const drift = wander(air, errors.phaseDriftRad, 2.5 * 3600);
    const jitter = wander(air, errors.phaseJitterRad, errors.jitterPeriodS);
    for (let feed = 0; feed < shape.feeds.length; feed++) {
      const random = seededRandom(seed, `feed ${antenna} ${feed}`);
      const level = 1 + errors.gainAmplitude * random.normal();
      const fade = wander(random, errors.gainAmplitude / 4, 3 * 3600);
      const offset = errors.phaseDriftRad > 0 ? TURN * random.uniform() : 0;
      for (const [solution, time] of timeS.entries()) {
        const at = 2 * tableIndex(gain, solution, antenna, feed);
        const amplitude = errors.deadAntennas.includes(antenna)
          ? 0
          : Math.max(0.1, level + fade(time - start));
        const phase = offset + drift(time - start) + jitter(time - start);
        gain.value[at] = amplitude * Math.cos(phase);
        gain.value[at + 1] = amplitude * Math.sin(phase);
      }
      const spectral = seededRandom(seed, `bandpass ${window} ${antenna} ${feed}`);
      const delay = errors.delayS * spectral.normal();
      delayS[antenna * shape.feeds.length + feed] = delay;
      const ripple = wander(spectral, errors.bandpassAmplitude, channels);
      const bend = wander(spectral, errors.bandpassPhaseRad, channels);
      for (let channel = 0; channel < channels; channel++) {
        const at = 2 * tableIndex(bandpass, 0, antenna, feed, channel);
        const phase = bend(channel) + TURN * delay * ((set.frequencyHz[channel] ?? 0) - middle);
        bandpass.value[at] = (1 + ripple(channel)) * Math.cos(phase);
        bandpass.value[at + 1] = (1 + ripple(channel)) * Math.sin(phase);
      }
    }
  }
  return { gain, bandpass, delayS };
}

/** A smooth random function: three sinusoids of random phase and of periods about `period`. */
function wander(
  random: ReturnType<typeof seededRandom>,
  deviation: number,
  period: number,
): (x: number) => number {
  const waves = [1, 0.71, 0.53].map((factor) => ({
    rate: TURN / (period * factor * (0.8 + 0.4 * random.uniform())),
    phase: TURN * random.uniform(),
  }));
  const scale = deviation * Math.sqrt(2 / waves.length);
  return (x) => scale * waves.reduce((sum, { rate, phase }) => sum + Math.sin(rate * x + phase), 0);
}
