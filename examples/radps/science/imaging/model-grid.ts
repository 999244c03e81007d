import { SPEED_OF_LIGHT } from '../numeric/constants.ts';
import { fft2Forward } from '../numeric/fft.ts';
import type { VisibilitySet } from '../observation/observation.ts';
import type { ChannelVisibilities } from './channel-visibilities.ts';
import type { ImagingSetup } from './imaging-setup.ts';
import { fillKernel, griddingCorrection, KERNEL_SUPPORT } from './spheroidal.ts';
import { nMinusOneAt, WStack } from './w-stack.ts';

type Geometry = Pick<ImagingSetup, 'size' | 'cellRad' | 'wPlanes'>;

/**
 * Visibilities of a model image (Jy per pixel, [size, size]): the image, divided by the gridding correction, is
 * padded to twice its size and transformed; visibilities are interpolated with the gridding function ("degridding").
 * With more than one w-plane each plane has the image times e^(−2πi w(n − 1)) and serves the visibilities nearest.
 */
class ModelGrid {
  readonly #size: number;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #kernelU = new Float64Array(KERNEL_SUPPORT);
  readonly #kernelV = new Float64Array(KERNEL_SUPPORT);

  constructor(model: Float64Array, geometry: Geometry, w: number) {
    const { size, cellRad } = geometry;
    const full = 2 * size;
    const mask = full - 1;
    const correction = griddingCorrection(full);
    this.#size = full;
    this.#re = new Float64Array(full * full);
    this.#im = new Float64Array(full * full);
    for (let at = 0; at < model.length; at++) {
      const flux = model[at] ?? 0;
      if (flux === 0) continue;
      const east = size / 2 - (at % size);
      const north = Math.floor(at / size) - size / 2;
      const value = flux / ((correction[Math.abs(east)] ?? 1) * (correction[Math.abs(north)] ?? 1));
      const phase = w === 0 ? 0 : -2 * Math.PI * w * nMinusOneAt(east * cellRad, north * cellRad);
      const pixel = (north & mask) * full + (east & mask);
      this.#re[pixel] = value * Math.cos(phase);
      this.#im[pixel] = value * Math.sin(phase);
    }
    fft2Forward(this.#re, this.#im, full);
  }

  /** The visibility at (u, v) in grid cells; zero outside the grid. */
  read(u: number, v: number, out: Float64Array, at: number): void {
    const size = this.#size;
    let re = 0;
    let im = 0;
    if (Math.max(Math.abs(u), Math.abs(v)) < size / 2 - KERNEL_SUPPORT / 2) {
      const firstU = fillKernel(this.#kernelU, u);
      const firstV = fillKernel(this.#kernelV, v);
      for (let j = 0; j < KERNEL_SUPPORT; j++) {
        const row = ((firstV + j) & (size - 1)) * size;
        const kernelV = this.#kernelV[j] ?? 0;
        for (let i = 0; i < KERNEL_SUPPORT; i++) {
          const cell = row + ((firstU + i) & (size - 1));
          const weight = kernelV * (this.#kernelU[i] ?? 0);
          re += weight * (this.#re[cell] ?? 0);
          im += weight * (this.#im[cell] ?? 0);
        }
      }
    }
    out[at] = re;
    out[at + 1] = im;
  }
}

/** Grids of a model, one per w-plane, made when first needed. */
class ModelGrids {
  readonly #model: Float64Array;
  readonly #geometry: Geometry;
  readonly #stack: WStack;
  readonly #grids = new Map<number, ModelGrid>();

  constructor(model: Float64Array, geometry: Geometry, stack: WStack) {
    this.#model = model;
    this.#geometry = geometry;
    this.#stack = stack;
  }

  read(u: number, v: number, w: number, out: Float64Array, at: number): void {
    const plane = this.#stack.planeOf(w);
    let grid = this.#grids.get(plane);
    if (grid === undefined) {
      grid = new ModelGrid(this.#model, this.#geometry, this.#stack.wOf(plane));
      this.#grids.set(plane, grid);
    }
    const cells = 2 * this.#geometry.size * this.#geometry.cellRad;
    grid.read(u * cells, v * cells, out, at);
  }
}

/** Model visibilities of one channel, [sample, 2] Jy. */
export function predictChannel(
  model: Float64Array,
  channel: ChannelVisibilities,
  geometry: Geometry,
): Float64Array {
  const perMetre = channel.frequencyHz / SPEED_OF_LIGHT;
  const grids = new ModelGrids(model, geometry, WStack.over(channel.uvwM, perMetre, geometry.wPlanes ?? 1));
  const out = new Float64Array(2 * channel.count);
  for (let index = 0; index < channel.count; index++) {
    const u = (channel.uvwM[3 * index] ?? 0) * perMetre;
    const v = (channel.uvwM[3 * index + 1] ?? 0) * perMetre;
    grids.read(u, v, (channel.uvwM[3 * index + 2] ?? 0) * perMetre, out, 2 * index);
  }
  return out;
}

/** Model visibilities of a whole set, [row, channel, 2] Jy, for the rows of `field` (others stay zero). */
export function predictModel(
  model: Float64Array,
  set: VisibilitySet,
  geometry: Geometry,
  field?: number,
): Float64Array {
  const { rows, channels } = set;
  const highest = Math.max(...set.frequencyHz) / SPEED_OF_LIGHT;
  const grids = new ModelGrids(model, geometry, WStack.over(set.uvwM, highest, geometry.wPlanes ?? 1));
  const out = new Float64Array(2 * rows * channels);
  for (let row = 0; row < rows; row++) {
    if (field !== undefined && set.field[row] !== field) continue;
    for (let channel = 0; channel < channels; channel++) {
      const perMetre = (set.frequencyHz[channel] ?? 0) / SPEED_OF_LIGHT;
      const u = (set.uvwM[3 * row] ?? 0) * perMetre;
      const v = (set.uvwM[3 * row + 1] ?? 0) * perMetre;
      grids.read(u, v, (set.uvwM[3 * row + 2] ?? 0) * perMetre, out, 2 * (row * channels + channel));
    }
  }
  return out;
}

/** A channel without its model: what is left to be explained, for the next major cycle or for a look at it. */
export function subtractModel(
  channel: ChannelVisibilities,
  model: Float64Array,
  geometry: Geometry,
): ChannelVisibilities {
  const predicted = predictChannel(model, channel, geometry);
  return { ...channel, data: channel.data.map((value, at) => value - (predicted[at] ?? 0)) };
}
