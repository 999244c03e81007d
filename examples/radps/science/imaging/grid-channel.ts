import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { fft2Backward } from '../numeric/fft.ts';
import type { ChannelVisibilities } from './channel-visibilities.ts';
import type { DirtyPlane } from './dirty-plane.ts';
import { checkSetup } from './imaging-setup.ts';
import type { ImagingSetup } from './imaging-setup.ts';
import { fillKernel, griddingCorrection, KERNEL_SUPPORT } from './spheroidal.ts';
import { nMinusOneAt, WStack } from './w-stack.ts';
import { addDensities, channelDensity, imagingWeight } from './weighting.ts';
import type { WeightDensity } from './weighting.ts';

/**
 * Images one channel: convolves its visibilities onto a regular grid of twice the image's size with the
 * spheroidal function, transforms, and divides by the function's transform. Dirty image and point-spread
 * function come from one complex transform, for both are real: one as its real, one as its imaginary part.
 * With several w-planes the dirty image is the sum of the planes' images (`w-stack.ts`).
 *
 * A function of plain data, for a thread. With `density` (the sum over all channels of an image) the weights
 * are those of the whole image, without it those of the channel alone.
 */
export function gridChannel(
  channel: ChannelVisibilities,
  setup: ImagingSetup,
  density?: WeightDensity,
): DirtyPlane {
  return gridChannels([channel], setup, density);
}

/**
 * The plane of several channels, as {@link gridChannel} and `combinePlanes` would give it but for rounding, with one
 * transform for all of them. Without `density` the weights are those of these channels together.
 */
export function gridChannels(
  channels: readonly ChannelVisibilities[],
  setup: ImagingSetup,
  density?: WeightDensity,
): DirtyPlane {
  checkSetup(setup);
  const stack = stackOver(channels, setup);
  const grid = new HalfGrid(2 * setup.size);
  const layers = stack.planes === 1 ? undefined : new Map<number, HalfGrid>();
  const sums = { weight: 0, weightedFrequency: 0, noise: 0, outside: 0, count: 0 };
  for (const { count } of channels) sums.count += count;
  if (sums.count > 0) {
    const weights = density ?? channels.map((channel) => channelDensity(channel, setup)).reduce(addDensities);
    const weightOf = imagingWeight(setup.weighting, weights, setup);
    const cellsPerWavelength = grid.size * setup.cellRad;
    for (const channel of channels) {
      const perMetre = channel.frequencyHz / SPEED_OF_LIGHT;
      for (let index = 0; index < channel.count; index++) {
        const u = (channel.uvwM[3 * index] ?? 0) * perMetre;
        const v = (channel.uvwM[3 * index + 1] ?? 0) * perMetre;
        const natural = channel.weight[index] ?? 0;
        const weight = weightOf(u, v, natural);
        const re = channel.data[2 * index] ?? 0;
        const im = channel.data[2 * index + 1] ?? 0;
        if (weight === 0 || !grid.add(u * cellsPerWavelength, v * cellsPerWavelength, re, im, weight)) {
          sums.outside++;
          continue;
        }
        if (layers !== undefined) {
          const plane = stack.planeOf((channel.uvwM[3 * index + 2] ?? 0) * perMetre);
          const layer = layers.get(plane) ?? new HalfGrid(grid.size);
          layers.set(plane, layer);
          layer.add(u * cellsPerWavelength, v * cellsPerWavelength, re, im, weight);
        }
        sums.weight += weight;
        sums.weightedFrequency += weight * channel.frequencyHz;
        sums.noise += (weight * weight) / natural;
      }
    }
  }
  const { dirty, psf } = grid.transform(setup.size);
  return {
    size: setup.size,
    cellRad: setup.cellRad,
    dirty: layers === undefined ? dirty : sumLayers(layers, stack, setup),
    psf,
    weightSum: sums.weight,
    weightedFrequencySum: sums.weightedFrequency,
    noiseSum: sums.noise,
    visibilities: sums.count - sums.outside,
    outside: sums.outside,
  };
}

/** w-planes for the channel of the highest frequency, and so for all. */
function stackOver(channels: readonly ChannelVisibilities[], setup: ImagingSetup): WStack {
  const [first] = channels;
  if (first === undefined) return WStack.over(new Float64Array(0), 1, 1);
  const highest = channels.reduce(
    (best, channel) => (channel.frequencyHz > best.frequencyHz ? channel : best),
    first,
  );
  return WStack.over(highest.uvwM, highest.frequencyHz / SPEED_OF_LIGHT, setup.wPlanes ?? 1);
}

/** The real part of Σ over w-planes of e^(2πi w(n − 1)) times the plane's image. */
function sumLayers(layers: ReadonlyMap<number, HalfGrid>, stack: WStack, setup: ImagingSetup): Float64Array {
  const { size, cellRad } = setup;
  const image = new Float64Array(size * size);
  for (const [plane, layer] of layers) {
    const { re, im } = layer.transformComplex(size);
    const w = stack.wOf(plane);
    for (let at = 0; at < image.length; at++) {
      const l = (size / 2 - (at % size)) * cellRad;
      const m = (Math.floor(at / size) - size / 2) * cellRad;
      const phase = 2 * Math.PI * w * nMinusOneAt(l, m);
      image[at] = (image[at] ?? 0) + (re[at] ?? 0) * Math.cos(phase) - (im[at] ?? 0) * Math.sin(phase);
    }
  }
  return image;
}

/**
 * A u, v grid that visibilities are convolved onto, without their conjugates; those are added before the
 * transform. Cell (0, 0) is the origin and negative indices wrap around, as the transform wants it.
 */
class HalfGrid {
  readonly size: number;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #weight: Float64Array;
  readonly #kernelU = new Float64Array(KERNEL_SUPPORT);
  readonly #kernelV = new Float64Array(KERNEL_SUPPORT);

  constructor(size: number) {
    this.size = size;
    this.#re = new Float64Array(size * size);
    this.#im = new Float64Array(size * size);
    this.#weight = new Float64Array(size * size);
  }

  /** Adds a visibility at (u, v), in cells; false (and nothing added) when it does not fit on the grid. */
  add(u: number, v: number, re: number, im: number, weight: number): boolean {
    const { size } = this;
    const reach = KERNEL_SUPPORT / 2;
    if (Math.max(Math.abs(u), Math.abs(v)) >= size / 2 - reach) return false;
    const firstU = fillKernel(this.#kernelU, u);
    const firstV = fillKernel(this.#kernelV, v);
    const mask = size - 1;
    for (let j = 0; j < KERNEL_SUPPORT; j++) {
      const row = ((firstV + j) & mask) * size;
      const rowWeight = weight * (this.#kernelV[j] ?? 0);
      for (let i = 0; i < KERNEL_SUPPORT; i++) {
        const at = row + ((firstU + i) & mask);
        const value = rowWeight * (this.#kernelU[i] ?? 0);
        this.#re[at] = (this.#re[at] ?? 0) + value * re;
        this.#im[at] = (this.#im[at] ?? 0) + value * im;
        this.#weight[at] = (this.#weight[at] ?? 0) + value;
      }
    }
    return true;
  }

  /** Complex image of `imageSize` of the visibilities alone, without their conjugates. */
  transformComplex(imageSize: number): { re: Float64Array; im: Float64Array } {
    const { size } = this;
    fft2Backward(this.#re, this.#im, size);
    const correction = griddingCorrection(size);
    return {
      re: cutOut(this.#re, size, imageSize, correction),
      im: cutOut(this.#im, size, imageSize, correction),
    };
  }

  /** Dirty image of `imageSize` and point-spread function of the grid's size, both sums over visibilities. */
  transform(imageSize: number): { dirty: Float64Array; psf: Float64Array } {
    const { size } = this;
    const re = this.#re;
    const im = this.#im;
    const weight = this.#weight;
    // Z(k) = [G(k) + G*(−k)] + i [P(k) + P(−k)], each cell with its twin.
    for (let row = 0; row < size; row++) {
      const twinRow = (size - row) & (size - 1);
      for (let column = 0; column < size; column++) {
        const twinColumn = (size - column) & (size - 1);
        const at = row * size + column;
        const twin = twinRow * size + twinColumn;
        if (twin < at) continue;
        const sumRe = ((re[at] ?? 0) + (re[twin] ?? 0)) / 2;
        const difIm = ((im[at] ?? 0) - (im[twin] ?? 0)) / 2;
        const sumWeight = ((weight[at] ?? 0) + (weight[twin] ?? 0)) / 2;
        re[at] = sumRe;
        re[twin] = sumRe;
        im[at] = difIm + sumWeight;
        im[twin] = -difIm + sumWeight;
      }
    }
    fft2Backward(re, im, size);
    const correction = griddingCorrection(size);
    return { dirty: cutOut(re, size, imageSize, correction), psf: cutOut(im, size, size, correction) };
  }
}

/**
 * The middle `imageSize` pixels of a transformed grid, east to the left (l = (imageSize/2 − x) · cell), north
 * up in the sense of growing y, each divided by the gridding correction.
 */
function cutOut(
  plane: Float64Array,
  size: number,
  imageSize: number,
  correction: Float64Array,
): Float64Array {
  const image = new Float64Array(imageSize * imageSize);
  const half = imageSize / 2;
  const mask = size - 1;
  for (let y = 0; y < imageSize; y++) {
    const row = ((y - half) & mask) * size;
    const rowCorrection = correction[Math.abs(y - half)] ?? 1;
    for (let x = 0; x < imageSize; x++) {
      const value = plane[row + ((half - x) & mask)] ?? 0;
      image[y * imageSize + x] = value / (rowCorrection * (correction[Math.abs(half - x)] ?? 1));
    }
  }
  return image;
}
