/**
 * The gridding function: the prolate spheroidal wave function of support m = 6 cells and exponent α = 1 in the
 * rational approximation of F. R. Schwab (1984, "Optimal gridding of visibility data in radio interferometry",
 * in Indirect Imaging, ed. Roberts, Cambridge Univ. Press, p. 333; coefficients from his VLA Scientific
 * Memorandum 132). It concentrates the most of its transform inside the image, so what lies outside aliases least.
 */

/** Support of the gridding function, cells. */
export const KERNEL_SUPPORT = 6;

interface Rational {
  readonly end: number;
  readonly top: readonly number[];
  readonly bottom: readonly number[];
}

const INNER: Rational = {
  end: 0.75,
  top: [8.203343e-2, -3.644705e-1, 6.27866e-1, -5.335581e-1, 2.312756e-1],
  bottom: [1, 8.212018e-1, 2.078043e-1],
};
const OUTER: Rational = {
  end: 1,
  top: [4.028559e-3, -3.697768e-2, 1.021332e-1, -1.201436e-1, 6.412774e-2],
  bottom: [1, 9.599102e-1, 2.918724e-1],
};

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);

/** ψ(η), |η| ≤ 1 (0 outside): the taper that gridding puts over the image, η = 1 at the edge of the grid's field. */
export function spheroidal(eta: number): number {
  const size = Math.abs(eta);
  if (size > 1) return 0;
  const part = size <= INNER.end ? INNER : OUTER;
  const x = size * size - part.end * part.end;
  return polynomial(part.top, x) / polynomial(part.bottom, x);
}

/** The gridding function (1 − ν²) ψ(ν) at `distance` cells from the visibility. */
export function griddingKernel(distance: number): number {
  const nu = (2 * distance) / KERNEL_SUPPORT;
  return Math.abs(nu) >= 1 ? 0 : (1 - nu * nu) * spheroidal(nu);
}

/** Samples of the kernel table per cell. */
const OVERSAMPLING = 512;

let table: Float64Array | undefined;

/** The kernel from 0 to m/2 cells in steps of 1/512 cell, and one more for interpolation; made once. */
function kernelTable(): { values: Float64Array; perCell: number } {
  table ??= Float64Array.from({ length: (OVERSAMPLING * KERNEL_SUPPORT) / 2 + 2 }, (_, index) =>
    griddingKernel(index / OVERSAMPLING),
  );
  return { values: table, perCell: OVERSAMPLING };
}

/**
 * The transform of the gridding function at image offsets 0 … size/2 pixels: what an image made on a grid of
 * `size` has to be divided by along each axis. By numerical integration of the very kernel that gridding uses.
 */
export function griddingCorrection(size: number): Float64Array {
  const steps = 600;
  const width = KERNEL_SUPPORT / 2 / steps;
  return Float64Array.from({ length: size / 2 + 1 }, (_, offset) => {
    // Simpson's rule over half of the even kernel.
    let sum = griddingKernel(0);
    for (let step = 1; step <= steps; step++) {
      const distance = step * width;
      const weight = step === steps ? 1 : step % 2 === 1 ? 4 : 2;
      sum += weight * griddingKernel(distance) * Math.cos((2 * Math.PI * distance * offset) / size);
    }
    return (2 * sum * width) / 3;
  });
}

/** Kernel values on the cells about `position`; returns the first cell. */
export function fillKernel(kernel: Float64Array, position: number): number {
  const { values, perCell } = kernelTable();
  const first = Math.ceil(position - KERNEL_SUPPORT / 2);
  for (let index = 0; index < KERNEL_SUPPORT; index++) {
    const place = Math.abs(first + index - position) * perCell;
    const below = Math.floor(place);
    const low = values[below] ?? 0;
    kernel[index] = low + (place - below) * ((values[below + 1] ?? 0) - low);
  }
  return first;
}
