import { expect, it } from 'vitest';
import { unitTable } from '../calibrate/calibration-table.ts';
import { amplitudeProduct } from './self-calibrate.ts';

it('multiplies the amplitudes of tables, and leaves out what is flagged', () => {
  const shape = {
    antennas: 2,
    feeds: ['I'],
    timeS: Float64Array.of(0, 60),
    frequencyHz: Float64Array.of(230e9),
    referenceAntenna: 0,
  };
  const first = unitTable('gain', shape);
  const second = unitTable('gain', shape);
  first.value.set([0, 2], 2);
  second.value.set([3, 0], 2);
  second.value.set([5, 0], 4);
  second.flag[2] = 1;
  expect(amplitudeProduct([first, second], 2)).toEqual(Float64Array.of(1, 6, 1, 1));
  expect(amplitudeProduct([], 2)).toEqual(Float64Array.of(1, 1));
});
