import { describe, expect, it } from 'vitest';
import { fullSimulation } from '../simulate/full-observation.ts';
import { simulateWindow } from '../simulate/simulate.ts';
import { predictSky } from '../simulate/sky.ts';
import { clipResiduals } from './clip-residuals.ts';
import { rankReferenceAntennas } from './reference-antenna.ts';

const options = fullSimulation({ channels: 8, spectralWindows: 1, cycles: 1, antennasPerArm: 3 });
const dead = options.errors!.deadAntennas[0]!;

describe('residuals', () => {
  const { errors: _errors, interference: _interference, ...perfect } = options;
  const { set } = simulateWindow(perfect, 0);
  const model = new Float64Array(set.rows * set.channels * 2);
  for (const [field, { sky }] of options.fields.entries()) {
    const part = predictSky(set, sky, field);
    for (const [at, value] of part.entries()) model[at] = (model[at] ?? 0) + value;
  }

  it('of noise are noise, and are left alone', () => {
    const { clipped, reducedChiSquare } = clipResiduals(set, model, 5);
    expect(clipped).toBe(0);
    expect(reducedChiSquare).toBeCloseTo(1, 1);
  });

  it('of interference are clipped, and nothing else is', () => {
    const data = set.data.slice();
    data[2 * 77] = 50;
    const { flag, clipped } = clipResiduals({ ...set, data }, model, 5);
    expect(clipped).toBe(1);
    expect(flag[77]).toBe(1);
  });
});

describe('reference antenna', () => {
  it('is never one that delivers noise', () => {
    const ranked = rankReferenceAntennas(simulateWindow(options, 0).set, 9);
    expect(ranked).toHaveLength(9);
    expect(ranked.at(-1)).toBe(dead);
  });
});
