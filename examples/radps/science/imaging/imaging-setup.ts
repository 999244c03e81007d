import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { requireParameter } from '../science-error.ts';

/** How visibilities are weighted. */
export type Weighting =
  /** 1/σ²: the least noise. */
  | { readonly kind: 'natural' }
  /** The same weight for every cell of the u, v plane: the finest beam. */
  | { readonly kind: 'uniform' }
  /** Between the two (D. S. Briggs 1995, PhD thesis, New Mexico Tech): robust −2 nearly uniform, +2 nearly natural. */
  | { readonly kind: 'briggs'; readonly robust: number };

/** The geometry of an image, and how it is made. */
export interface ImagingSetup {
  /** Pixels on a side, a power of two. The phase centre is pixel (size/2, size/2), counted from 0. */
  readonly size: number;
  /** Side of a pixel, rad. */
  readonly cellRad: number;
  readonly weighting: Weighting;
  /** Planes of w, see `w-stack.ts`; default 1, which ignores the w-term. */
  readonly wPlanes?: number;
}

/** Throws `BAD_PARAMETER` for a setup that cannot be imaged. */
export function checkSetup(setup: ImagingSetup): void {
  requireParameter(
    Number.isInteger(setup.size) && setup.size >= 16 && (setup.size & (setup.size - 1)) === 0,
    `an image of ${setup.size} pixels cannot be made`,
    'Choose a power of two of at least 16, such as 256.',
  );
  requireParameter(
    setup.cellRad > 0 && setup.cellRad * setup.size < 1,
    `pixels of ${setup.cellRad} rad make no image of ${setup.size}`,
    'Choose a pixel about a fifth of the beam; the field must be well under a radian.',
  );
}

/** A pixel a fifth of the beam that the longest baseline (m) gives at a frequency (Hz), rad. */
export function suggestedCellRad(longestM: number, frequencyHz: number): number {
  return SPEED_OF_LIGHT / frequencyHz / longestM / 5;
}
