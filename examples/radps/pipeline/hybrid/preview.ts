/** Pixels of the preview for one of the image. */
const FINENESS = 6;

/**
 * The middle of an image ([size, size]), enlarged with bilinear interpolation: what there is to see of a source of
 * tens of pixels. `middle` is the side of what is cut out, pixels.
 */
export function enlargeMiddle(
  pixels: Float64Array,
  size: number,
  middle: number,
): { pixels: Float64Array; size: number } {
  const side = FINENESS * middle;
  const out = new Float64Array(side * side);
  for (let at = 0; at < out.length; at++) {
    const x = size / 2 + ((at % side) - side / 2) / FINENESS;
    const y = size / 2 + (Math.floor(at / side) - side / 2) / FINENESS;
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const pixel = (dx: number, dy: number): number => {
      const column = Math.min(size - 1, x0 + dx);
      return pixels[Math.min(size - 1, y0 + dy) * size + column] ?? 0;
    };
    const [fx, fy] = [x - x0, y - y0];
    out[at] =
      (1 - fy) * ((1 - fx) * pixel(0, 0) + fx * pixel(1, 0)) +
      fy * ((1 - fx) * pixel(0, 1) + fx * pixel(1, 1));
  }
  return { pixels: out, size: side };
}
