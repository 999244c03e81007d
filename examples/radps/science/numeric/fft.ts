import { requireParameter } from '../science-error.ts';

/**
 * Discrete Fourier transforms of power-of-two length, over split real and imaginary Float64Arrays.
 *
 * Method: Stockham's self-sorting algorithm with radix-4 passes and one radix-2 pass where the length asks
 * for it (Stockham 1966, AFIPS 28, 229; Van Loan 1992, "Computational Frameworks for the FFT", §1.7).
 * `forward` has the kernel e^(−2πi jk/n), `backward` e^(+2πi jk/n); neither is normalised.
 *
 * The innermost loops are the hot path of imaging: typed arrays, no allocation, plan kept per length.
 */
export interface FftPlan {
  readonly length: number;
  /** Transforms `length` samples that start at `offset`, in place. */
  forward(re: Float64Array, im: Float64Array, offset?: number): void;
  backward(re: Float64Array, im: Float64Array, offset?: number): void;
}

const plans = new Map<number, FftPlan>();

/** The plan for `length`, a power of two; plans are kept, for there are few lengths in one process. */
export function fftPlan(length: number): FftPlan {
  const known = plans.get(length);
  if (known !== undefined) return known;
  requireParameter(
    Number.isInteger(length) && length >= 1 && (length & (length - 1)) === 0,
    `cannot transform ${length} samples: the length is not a power of two`,
    'Choose a size that is a power of two, such as 256 or 512.',
  );
  const plan = makePlan(length);
  plans.set(length, plan);
  return plan;
}

function makePlan(length: number): FftPlan {
  const cosine = new Float64Array(length);
  const sine = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    cosine[index] = Math.cos((2 * Math.PI * index) / length);
    sine[index] = -Math.sin((2 * Math.PI * index) / length);
  }
  const workRe = [new Float64Array(length), new Float64Array(length)] as const;
  const workIm = [new Float64Array(length), new Float64Array(length)] as const;

  const forward = (re: Float64Array, im: Float64Array, offset = 0): void => {
    let from = 0;
    workRe[0].set(re.subarray(offset, offset + length));
    workIm[0].set(im.subarray(offset, offset + length));
    let size = length;
    let stride = 1;
    while (size >= 4) {
      const to = 1 - from;
      radix4Pass(
        size,
        stride,
        cosine,
        sine,
        workRe[from === 0 ? 0 : 1],
        workIm[from === 0 ? 0 : 1],
        workRe[to === 0 ? 0 : 1],
        workIm[to === 0 ? 0 : 1],
      );
      from = to;
      size >>= 2;
      stride <<= 2;
    }
    const endRe = workRe[from === 0 ? 0 : 1];
    const endIm = workIm[from === 0 ? 0 : 1];
    if (size === 2) radix2Pass(stride, endRe, endIm, re, im, offset);
    else {
      re.set(endRe, offset);
      im.set(endIm, offset);
    }
  };
  return { length, forward, backward: (re, im, offset) => forward(im, re, offset) };
}

/** One radix-4 step: `size` points in `stride` interleaved sequences, from x to y. */
function radix4Pass(
  size: number,
  stride: number,
  cosine: Float64Array,
  sine: Float64Array,
  xr: Float64Array,
  xi: Float64Array,
  yr: Float64Array,
  yi: Float64Array,
): void {
  const quarter = size >> 2;
  const span = stride * quarter;
  for (let p = 0; p < quarter; p++) {
    const w1r = cosine[p * stride] ?? 0;
    const w1i = sine[p * stride] ?? 0;
    const w2r = cosine[2 * p * stride] ?? 0;
    const w2i = sine[2 * p * stride] ?? 0;
    const w3r = cosine[3 * p * stride] ?? 0;
    const w3i = sine[3 * p * stride] ?? 0;
    const source = stride * p;
    const target = 4 * stride * p;
    for (let q = 0; q < stride; q++) {
      const i0 = source + q;
      const ar = xr[i0] ?? 0;
      const ai = xi[i0] ?? 0;
      const br = xr[i0 + span] ?? 0;
      const bi = xi[i0 + span] ?? 0;
      const cr = xr[i0 + 2 * span] ?? 0;
      const ci = xi[i0 + 2 * span] ?? 0;
      const dr = xr[i0 + 3 * span] ?? 0;
      const di = xi[i0 + 3 * span] ?? 0;
      const sumAcR = ar + cr;
      const sumAcI = ai + ci;
      const difAcR = ar - cr;
      const difAcI = ai - ci;
      const sumBdR = br + dr;
      const sumBdI = bi + di;
      // −i (b − d)
      const turnR = bi - di;
      const turnI = dr - br;
      const o0 = target + q;
      yr[o0] = sumAcR + sumBdR;
      yi[o0] = sumAcI + sumBdI;
      const t1r = difAcR + turnR;
      const t1i = difAcI + turnI;
      yr[o0 + stride] = t1r * w1r - t1i * w1i;
      yi[o0 + stride] = t1r * w1i + t1i * w1r;
      const t2r = sumAcR - sumBdR;
      const t2i = sumAcI - sumBdI;
      yr[o0 + 2 * stride] = t2r * w2r - t2i * w2i;
      yi[o0 + 2 * stride] = t2r * w2i + t2i * w2r;
      const t3r = difAcR - turnR;
      const t3i = difAcI - turnI;
      yr[o0 + 3 * stride] = t3r * w3r - t3i * w3i;
      yi[o0 + 3 * stride] = t3r * w3i + t3i * w3r;
    }
  }
}

/** The last step when the length is an odd power of two: pairs `stride` apart, from x into place. */
function radix2Pass(
  stride: number,
  xr: Float64Array,
  xi: Float64Array,
  re: Float64Array,
  im: Float64Array,
  offset: number,
): void {
  for (let q = 0; q < stride; q++) {
    const ar = xr[q] ?? 0;
    const ai = xi[q] ?? 0;
    const br = xr[q + stride] ?? 0;
    const bi = xi[q + stride] ?? 0;
    re[offset + q] = ar + br;
    im[offset + q] = ai + bi;
    re[offset + q + stride] = ar - br;
    im[offset + q + stride] = ai - bi;
  }
}

/** Two-dimensional transform of a `size` × `size` plane in place, kernel e^(−2πi …), not normalised. */
export function fft2Forward(re: Float64Array, im: Float64Array, size: number): void {
  const plan = fftPlan(size);
  for (let pass = 0; pass < 2; pass++) {
    for (let row = 0; row < size; row++) plan.forward(re, im, row * size);
    transposeSquare(re, size);
    transposeSquare(im, size);
  }
}

/** Two-dimensional transform of a `size` × `size` plane in place, kernel e^(+2πi …), not normalised. */
export function fft2Backward(re: Float64Array, im: Float64Array, size: number): void {
  fft2Forward(im, re, size);
}

const BLOCK = 16;

/** Transposes a square plane in place, block by block so that both sides stay in the cache. */
function transposeSquare(plane: Float64Array, size: number): void {
  for (let blockRow = 0; blockRow < size; blockRow += BLOCK) {
    for (let blockColumn = blockRow; blockColumn < size; blockColumn += BLOCK) {
      const rowEnd = Math.min(blockRow + BLOCK, size);
      const columnEnd = Math.min(blockColumn + BLOCK, size);
      for (let row = blockRow; row < rowEnd; row++) {
        for (let column = Math.max(blockColumn, row + 1); column < columnEnd; column++) {
          const upper = row * size + column;
          const lower = column * size + row;
          const swap = plane[upper] ?? 0;
          plane[upper] = plane[lower] ?? 0;
          plane[lower] = swap;
        }
      }
    }
  }
}
