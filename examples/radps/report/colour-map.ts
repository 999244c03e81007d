/**
 * The colours of images: 256 steps of even lightness from deep violet through teal to yellow, computed in Oklab
 * (B. Ottosson 2020, "A perceptual color space for image processing"), so that equal steps of value look like
 * equal steps of brightness, also in grey and to the colour-blind.
 */
export const COLOUR_MAP: Uint8Array = makeMap();

function makeMap(): Uint8Array {
  const palette = new Uint8Array(256 * 4);
  for (let index = 0; index < 256; index++) {
    const place = index / 255;
    const lightness = 0.16 + 0.78 * place;
    const hue = ((310 - 205 * place) * Math.PI) / 180;
    // As colourful as sRGB allows in the middle, where teal is the tightest spot, and more towards yellow.
    const chroma = 0.088 + 0.07 * Math.max(0, (place - 0.45) / 0.55) ** 1.5;
    palette.set([...oklchToRgb(lightness, chroma, hue), 255], 4 * index);
  }
  return palette;
}

/** Oklab lightness, chroma and hue → 8-bit sRGB. */
function oklchToRgb(lightness: number, chroma: number, hue: number): [number, number, number] {
  const [red, green, blue] = oklabToLinear(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
  return [toSrgb(red), toSrgb(green), toSrgb(blue)];
}

function oklabToLinear(lightness: number, a: number, b: number): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toSrgb(linear: number): number {
  const clipped = Math.min(1, Math.max(0, linear));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(255 * encoded);
}

/** How values become places on the colour map. */
export interface ColourScale {
  readonly low: number;
  readonly high: number;
  /** `asinh` is linear near zero and logarithmic far from it, `softness` being the turn (Lupton et al. 1999, AJ 118, 1406). */
  readonly stretch: 'linear' | 'asinh';
  readonly softness?: number;
}

/** Place of a value on the scale, 0 … 1. */
export function scalePlace({ low, high, stretch, softness = 1 }: ColourScale, value: number): number {
  const bend = (x: number): number => (stretch === 'linear' ? x : Math.asinh(x / softness));
  const place = (bend(value) - bend(low)) / (bend(high) - bend(low));
  return Math.min(1, Math.max(0, place));
}

/** The value at a place 0 … 1: the inverse of {@link scalePlace}. */
export function scaleValue({ low, high, stretch, softness = 1 }: ColourScale, place: number): number {
  if (stretch === 'linear') return low + place * (high - low);
  const from = Math.asinh(low / softness);
  return softness * Math.sinh(from + place * (Math.asinh(high / softness) - from));
}
