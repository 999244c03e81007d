import { expect, it } from 'vitest';
import { exitReason } from './clean-cycle.ts';

it.each([
  ['threshold', 10, { peakJy: 3.4, noiseJy: 1 }, 0.5, 'noise'],
  ['threshold', 10, { peakJy: 3.4, noiseJy: 0.1 }, 1, 'noise'],
  ['threshold', 10, { peakJy: 5, noiseJy: 1 }, 1, undefined],
  ['iterations', 10, { peakJy: 5, noiseJy: 1 }, 1, 'max_iterations'],
  ['iterations', 10, { peakJy: 3, noiseJy: 1 }, 1, 'noise'],
  ['diverging', 10, { peakJy: 5, noiseJy: 1 }, 1, 'diverging'],
  ['threshold', 10, { peakJy: 11, noiseJy: 1 }, 1, 'diverging'],
  ['threshold', 10, { peakJy: 9.9, noiseJy: 1 }, 1, 'no_progress'],
] as const)(
  'after %s from a peak of %d to %j with thermal noise %d CLEAN exits by %s',
  (stop, peakJy, after, thermal, reason) => {
    expect(exitReason({ stop }, { peakJy }, after, thermal)).toBe(reason);
  },
);
