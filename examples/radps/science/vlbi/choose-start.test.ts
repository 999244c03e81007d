import { expect, it } from 'vitest';
import { chooseStart } from './choose-start.ts';
import type { HybridCycle } from './hybrid-map.ts';

function start(phase: number, full: number, freedom: number): { cycles: HybridCycle[] } {
  const cycle = { kind: 'phase', modelFluxJy: 1 } as const;
  const early = { ...cycle, closure: { phase: 0.1, full: 0.1, freedom } };
  return { cycles: [early, { ...cycle, closure: { phase, full, freedom } }] };
}

it('keeps the start that ends with the least closure χ²', () => {
  expect(chooseStart([start(1, 3, 10), start(9, 1.2, 10), start(1, 1.3, 10)])).toBe(1);
  expect(chooseStart([start(1, 2, 10), start(1, 2, 10)])).toBe(0);
});

it('goes by the phases where there are no closure amplitudes, and never keeps what is not a number', () => {
  expect(chooseStart([start(2, 0, 0), start(1.5, 0, 0)])).toBe(1);
  expect(chooseStart([start(1, Number.NaN, 10), start(9, 7, 10)])).toBe(1);
  expect(chooseStart([{ cycles: [] }, start(9, 7, 10)])).toBe(1);
});
