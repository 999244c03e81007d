/** Tasks that make and use arrays of 128 KiB, also on threads. */
import { task } from '../../src/index.ts';

const ELEMENTS = 2 ** 14;

/** A new array, of a number or from an array. */
export const fill = task({ name: 'fill' }, (from: number | Float64Array, factor: number) =>
  typeof from === 'number'
    ? new Float64Array(ELEMENTS).fill(from * factor)
    : from.map((value) => value * factor),
);

export const size = task({ name: 'size' }, (array: Float64Array, _gate = 0) => array.length);

export const countUp = task({ name: 'count-up' }, (a: number, b: number) => a + b);
