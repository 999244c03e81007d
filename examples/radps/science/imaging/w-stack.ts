import { requireParameter } from '../science-error.ts';
import type { ImagingSetup } from './imaging-setup.ts';

/** n − 1 of the direction (l, m, n), without the loss of digits near the phase centre. */
export function nMinusOneAt(l: number, m: number): number {
  const square = l * l + m * m;
  return -square / (1 + Math.sqrt(Math.max(0, 1 - square)));
}

/**
 * Planes of constant w, evenly spaced: a visibility belongs to the nearest. Images of the planes, each multiplied
 * by e^(2πi w(n − 1)), add up to an image without the distortion of the w-term (w-stacking: Offringa et al. 2014,
 * MNRAS 444, 606; the same correction as w-projection, Cornwell, Golap & Bhatnagar 2008, IEEE JSTSP 2, 647, done
 * after the transform instead of in the kernel).
 */
export class WStack {
  readonly planes: number;
  readonly #lowest: number;
  readonly #step: number;

  private constructor(planes: number, lowest: number, step: number) {
    this.planes = planes;
    this.#lowest = lowest;
    this.#step = step;
  }

  /** Planes over the range of w in [sample, 3] u, v, w metres, at so many wavelengths per metre. */
  static over(uvwM: Float64Array, perMetre: number, planes: number): WStack {
    requireParameter(
      Number.isInteger(planes) && planes >= 1 && planes <= 4096,
      `${planes} w-planes`,
      'Use one plane for a small field, or as many as suggestedWPlanes says.',
    );
    let lowest = Infinity;
    let highest = -Infinity;
    for (let at = 2; at < uvwM.length; at += 3) {
      const w = (uvwM[at] ?? 0) * perMetre;
      if (w < lowest) lowest = w;
      if (w > highest) highest = w;
    }
    if (planes === 1 || !(highest > lowest)) return new WStack(1, 0, 1);
    return new WStack(planes, lowest, (highest - lowest) / (planes - 1));
  }

  /** The plane of a w, wavelengths. */
  planeOf(w: number): number {
    if (this.planes === 1) return 0;
    const plane = Math.round((w - this.#lowest) / this.#step);
    return Math.min(this.planes - 1, Math.max(0, plane));
  }

  /** w of a plane; of a single plane 0: no correction. */
  wOf(plane: number): number {
    return this.planes === 1 ? 0 : this.#lowest + plane * this.#step;
  }
}

/** So many w-planes that no phase is wrong by more than 0.2 rad at the corner of the image; 1 when w does not matter. */
export function suggestedWPlanes(
  setup: Pick<ImagingSetup, 'size' | 'cellRad'>,
  uvwM: Float64Array,
  wavelengthM: number,
): number {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = 2; at < uvwM.length; at += 3) {
    lowest = Math.min(lowest, uvwM[at] ?? 0);
    highest = Math.max(highest, uvwM[at] ?? 0);
  }
  if (!(highest >= lowest)) return 1;
  const edge = (setup.size / 2) * setup.cellRad;
  const perWavelength = 2 * Math.PI * Math.abs(nMinusOneAt(edge, edge));
  const largest = Math.max(Math.abs(lowest), Math.abs(highest)) / wavelengthM;
  if (largest * perWavelength <= 0.2) return 1;
  return Math.max(2, Math.ceil(((highest - lowest) / wavelengthM / 2) * (perWavelength / 0.2)) + 1);
}
