import { expect, it } from 'vitest';
import { averageChannels, smearingWidthHz } from './average-channels.ts';
import { emptyVisibilitySet } from './observation.ts';

it('averages the channels that are wanted, by weight, leaving out what is flagged', () => {
  const frequencyHz = Float64Array.from({ length: 6 }, (_, channel) => 1e9 + channel * 1e6);
  const set = emptyVisibilitySet(1, frequencyHz, ['XX']);
  for (let channel = 0; channel < 6; channel++) {
    set.data.set([channel, -channel], 2 * channel);
    set.weight[channel] = channel + 1;
  }
  set.flag[1] = 1;
  const ranges = [
    { from: 0, to: 1 },
    { from: 3, to: 4 },
    { from: 5, to: 5 },
  ];
  const averaged = averageChannels(set, ranges, 3e6);
  expect([...averaged.frequencyHz]).toEqual([1.0005e9, 1.004e9]);
  expect(averaged.channels).toBe(2);
  expect([...averaged.weight]).toEqual([1, 4 + 5 + 6]);
  expect([...averaged.flag]).toEqual([0, 0]);
  expect(averaged.data[0]).toBe(0);
  expect(averaged.data[2]).toBeCloseTo((3 * 4 + 4 * 5 + 5 * 6) / 15, 6);
  expect(averaged.data[3]).toBeCloseTo(-(3 * 4 + 4 * 5 + 5 * 6) / 15, 6);
  set.flag.fill(1);
  expect([...averageChannels(set, ranges, 3e6).flag]).toEqual([1, 1]);
  expect(() => averageChannels(set, [{ from: 7, to: 9 }], 1e6)).toThrow(
    expect.objectContaining({ code: 'BAD_PARAMETER' }),
  );
});

it('knows a width that does not smear', () => {
  const width = smearingWidthHz(1.4e9, 128);
  // A source at the edge, 64 pixels away, moves by this many pixels from one end of the bin to the other.
  expect((64 * width) / 1.4e9).toBeCloseTo(0.3, 6);
});
