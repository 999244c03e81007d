/** The components of a CLEAN model that has few: pixels [y · size + x], rising, and their flux densities, Jy. */
export interface CleanComponents {
  readonly pixel: Int32Array;
  readonly fluxJy: Float64Array;
}

export const NO_COMPONENTS: CleanComponents = { pixel: new Int32Array(0), fluxJy: new Float64Array(0) };

/** The pixels of a model that are not zero. */
export function componentsOf(model: Float64Array): CleanComponents {
  const pixels: number[] = [];
  for (const [at, flux] of model.entries()) if (flux !== 0) pixels.push(at);
  return { pixel: Int32Array.from(pixels), fluxJy: Float64Array.from(pixels, (at) => model[at] ?? 0) };
}

/** The model again, [size, size] Jy per pixel. */
export function modelOf({ pixel, fluxJy }: CleanComponents, size: number): Float64Array {
  const model = new Float64Array(size * size);
  for (const [index, at] of pixel.entries()) model[at] = fluxJy[index] ?? 0;
  return model;
}
