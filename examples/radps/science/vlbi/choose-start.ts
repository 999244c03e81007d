import type { HybridCycle } from './hybrid-map.ts';

/**
 * Index of the start whose final model agrees best with the closure quantities: closure phases and amplitudes
 * together, or, of arrays of three stations, which have no closure amplitudes, the phases. What cannot be compared
 * (no cycle, not finite) is chosen last; of equals the first.
 */
export function chooseStart(starts: readonly { readonly cycles: readonly HybridCycle[] }[]): number {
  let best = 0;
  let lowest = Infinity;
  for (const [index, { cycles }] of starts.entries()) {
    const closure = cycles.at(-1)?.closure;
    const value = closure === undefined ? Number.NaN : closure.freedom > 0 ? closure.full : closure.phase;
    if (value < lowest) [best, lowest] = [index, value];
  }
  return best;
}
