import type { Random } from '../numeric/random.ts';
import type { VisibilitySet } from '../observation/observation.ts';

/** Terrestrial signals to put into a simulation. */
export interface InterferenceOptions {
  /** Transmitters on one channel, each on for part of the time. */
  readonly narrowBandEvents: number;
  /** Sparks: one integration (at times two), every channel. */
  readonly impulseEvents: number;
  /** Fraction of baselines that an event reaches, 0 … 1. */
  readonly baselineFraction: number;
  /** Typical amplitude of an event, Jy. */
  readonly amplitudeJy: number;
}

/**
 * Adds interference to `set.data` in place and returns the truth: a mask in the shape of `set.flag`, 1 where
 * a sample was hit. Each event has its own strength (× 0.5 … 1.5) and, on each baseline, its own phase and a
 * slow fringe.
 */
export function addInterference(
  set: VisibilitySet,
  options: InterferenceOptions,
  random: Random,
): Uint8Array {
  const { rows, channels, correlations } = set;
  const mask = new Uint8Array(set.flag.length);
  const times = [...new Set(set.timeS)];
  const slot = new Map(times.map((time, index) => [time, index]));
  const slotOfRow = Int32Array.from(set.timeS, (time) => slot.get(time) ?? 0);
  const baselineOfRow = Int32Array.from({ length: rows }, (_, row) => {
    return (set.antenna1[row] ?? 0) * 65_536 + (set.antenna2[row] ?? 0);
  });

  const hit = (fromSlot: number, toSlot: number, fromChannel: number, toChannel: number): void => {
    const amplitude = options.amplitudeJy * (0.5 + random.uniform());
    const salt = random.integer(0x7fff_ffff);
    for (let row = 0; row < rows; row++) {
      const at = slotOfRow[row] ?? 0;
      if (at < fromSlot || at > toSlot) continue;
      const [chance, turn] = hashPair((baselineOfRow[row] ?? 0) ^ salt);
      if (chance >= options.baselineFraction) continue;
      const phase = 2 * Math.PI * turn + 0.3 * (at - fromSlot) * (turn - 0.5);
      for (let channel = fromChannel; channel <= toChannel; channel++) {
        for (let correlation = 0; correlation < correlations.length; correlation++) {
          const sample = (row * channels + channel) * correlations.length + correlation;
          mask[sample] = 1;
          set.data[2 * sample] = (set.data[2 * sample] ?? 0) + amplitude * Math.cos(phase);
          set.data[2 * sample + 1] = (set.data[2 * sample + 1] ?? 0) + amplitude * Math.sin(phase);
        }
      }
    }
  };

  for (let event = 0; event < options.narrowBandEvents; event++) {
    const channel = random.integer(channels);
    const length = Math.max(1, Math.round(times.length * (0.1 + 0.5 * random.uniform())));
    const start = random.integer(Math.max(1, times.length - length));
    hit(start, start + length - 1, channel, channel);
  }
  for (let event = 0; event < options.impulseEvents; event++) {
    const start = random.integer(times.length);
    hit(start, Math.min(times.length - 1, start + random.integer(2)), 0, channels - 1);
  }
  return mask;
}

/** Two numbers in [0, 1) from a key: each event treats a baseline the same way at all its times. */
function hashPair(key: number): [number, number] {
  let z = Math.imul(key ^ (key >>> 16), 0x45d9f3b);
  z = Math.imul(z ^ (z >>> 16), 0x45d9f3b);
  const first = (z ^ (z >>> 16)) >>> 0;
  z = Math.imul(first ^ 0x9e3779b9, 0x85ebca6b);
  const second = (z ^ (z >>> 13)) >>> 0;
  return [first / 0x1_0000_0000, second / 0x1_0000_0000];
}
