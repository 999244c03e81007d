import { expect, it } from 'vitest';
import { ARCSEC, fullSimulation, simulateObservation } from '../../science/index.ts';
import { setupFor } from './image-plan.ts';
import { selfCalStep } from './self-cal-step.ts';

it('takes pixels as asked for, and finer ones where the beam needs them', () => {
  const { sets } = simulateObservation(
    fullSimulation({ channels: 2, antennasPerArm: 3, cycles: 1 }),
  ).observation;
  const wanted = { size: 64, cellArcsec: 4, robust: 0.5 };
  const setup = setupFor(sets, wanted);
  expect(setup.cellRad).toBe(4 * ARCSEC);
  expect(setup).toMatchObject({ size: 64, weighting: { kind: 'briggs', robust: 0.5 }, wPlanes: 1 });
  const coarse = setupFor(sets, { ...wanted, cellArcsec: 60 });
  expect(coarse.cellRad / ARCSEC).toBeGreaterThan(4);
  expect(coarse.cellRad / ARCSEC).toBeLessThan(8);
  expect(setupFor(sets, { ...wanted, size: 2048, cellArcsec: 4 }).wPlanes).toBeGreaterThan(1);
  expect(() => setupFor(sets, { ...wanted, size: 100 })).toThrow(
    expect.objectContaining({ code: 'BAD_PARAMETER' }),
  );
});

it('solves for phases first, and for amplitudes from the third cycle on', () => {
  const steps = [0, 1, 2, 3, 7].map((cycle) => selfCalStep(cycle).mode);
  expect(steps).toEqual(['phase', 'phase', 'amplitude_phase', 'amplitude_phase', 'amplitude_phase']);
});
