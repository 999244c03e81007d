import { beamForm } from './beam.ts';
import type { Beam } from './beam.ts';

/**
 * The restored image, Jy/beam: the model (Jy per pixel, [size, size]) convolved with the beam, plus the
 * residual. Convolution stamps the Gaussian onto every pixel that has flux, out to where it is below 10⁻⁷.
 */
export function restoreImage(
  model: Float64Array,
  residual: Float64Array,
  size: number,
  cellRad: number,
  beam: Beam,
): Float64Array {
  const image = residual.slice();
  const { a, b, c } = beamForm(beam);
  const reach = Math.ceil((2.5 * beam.majorRad) / cellRad);
  const width = 2 * reach + 1;
  const stamp = new Float64Array(width * width);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const l = -dx * cellRad;
      const m = dy * cellRad;
      stamp[(dy + reach) * width + dx + reach] = Math.exp(-(a * l * l + b * l * m + c * m * m));
    }
  }
  for (let at = 0; at < model.length; at++) {
    const flux = model[at] ?? 0;
    if (flux === 0) continue;
    const x0 = at % size;
    const y0 = (at - x0) / size;
    for (let y = Math.max(0, y0 - reach); y <= Math.min(size - 1, y0 + reach); y++) {
      const stampRow = (y - y0 + reach) * width + reach - x0;
      for (let x = Math.max(0, x0 - reach); x <= Math.min(size - 1, x0 + reach); x++) {
        image[y * size + x] = (image[y * size + x] ?? 0) + flux * (stamp[stampRow + x] ?? 0);
      }
    }
  }
  return image;
}
