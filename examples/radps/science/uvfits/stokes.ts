import type { Correlation } from '../observation/observation.ts';

/** FITS codes of the STOKES axis (FITS standard 4.0, table 28). */
const CODES: Readonly<Record<Correlation, number>> = {
  I: 1,
  Q: 2,
  U: 3,
  V: 4,
  RR: -1,
  LL: -2,
  RL: -3,
  LR: -4,
  XX: -5,
  YY: -6,
  XY: -7,
  YX: -8,
};

const NAMES = new Map<number, Correlation>();
for (const name of ['I', 'Q', 'U', 'V', 'RR', 'LL', 'RL', 'LR', 'XX', 'YY', 'XY', 'YX'] as const) {
  NAMES.set(CODES[name], name);
}

/** The correlation of a FITS code, or undefined. */
export function stokesToCorrelation(code: number): Correlation | undefined {
  return NAMES.get(code);
}

/** The FITS code of a correlation. */
export function correlationToStokes(correlation: Correlation): number {
  return CODES[correlation];
}
