/** How the spectral windows are solved for phases. */
export interface SolveChoice {
  readonly kind: 'per_spw' | 'best_spw' | 'combined';
  /** Indices of the windows that are solved together, group by group. */
  readonly groups: readonly (readonly number[])[];
  /** Which group's solution a window takes. */
  groupOf(window: number): number;
}

/**
 * By the signal-to-noise of a phase solution in each window: each window on its own if it is high in all; mapped
 * from the best window if it is high in any; all windows combined if it is high in none.
 */
export function chooseSolve(snr: readonly number[], threshold: number): SolveChoice {
  const high = snr.filter((value) => value >= threshold).length;
  if (high === snr.length && high > 0)
    return { kind: 'per_spw', groups: snr.map((_, window) => [window]), groupOf: (window) => window };
  if (high > 0) {
    const best = snr.reduce((top, value, window) => (value > (snr[top] ?? 0) ? window : top), 0);
    return { kind: 'best_spw', groups: [[best]], groupOf: () => 0 };
  }
  return { kind: 'combined', groups: [snr.map((_, window) => window)], groupOf: () => 0 };
}
