import type { Beam, SkyDirection } from '../science/index.ts';
import { ARCSEC, robustSpread } from '../science/index.ts';
import { COLOUR_MAP, scalePlace, scaleValue } from './colour-map.ts';
import type { ColourScale } from './colour-map.ts';
import { encodePng, pngDataUri } from './png.ts';
import { hasSkyAxes, skyAxes } from './sky-axes.ts';
import { drawAxes, escapeText, px, svgElement } from './svg.ts';
import type { Axis, Frame } from './svg.ts';
import { formatNumber, niceTicks } from './ticks.ts';

/** A picture of the sky to draw: pixels [y, x], east to the left, y growing to the north. */
export interface ImageFigure {
  readonly title: string;
  readonly pixels: Float64Array;
  readonly size: number;
  readonly cellRad: number;
  /** What the colour bar measures, such as `mJy/beam`; `pixels` times `unitScale` is in this unit. */
  readonly unit: string;
  readonly unitScale: number;
  readonly beam?: Beam;
  /** Default: from the noise and the peak, bent by asinh where the peak is far above the noise. */
  readonly scale?: ColourScale;
  /** Circles around these offsets (rad), with short labels. */
  readonly marks?: readonly { l: number; m: number; label: string }[];
  /** Draw only the middle part of this many pixels. */
  readonly zoom?: number;
  /** The direction of the middle: axes are right ascension and declination then, otherwise offsets. */
  readonly centre?: SkyDirection;
}

const FRAME: Frame = { left: 74, top: 12, width: 400, height: 400 };
/** Declinations are long. */
const SKY_FRAME: Frame = { ...FRAME, left: 102 };
const HEIGHT = 466;

/** The unit in which offsets across a field read well. */
export function angleUnit(fieldRad: number): { name: string; rad: number } {
  if (fieldRad > 1200 * ARCSEC) return { name: 'arcmin', rad: 60 * ARCSEC };
  if (fieldRad > 1.5 * ARCSEC) return { name: 'arcsec', rad: ARCSEC };
  if (fieldRad > 1.5e-3 * ARCSEC) return { name: 'mas', rad: 1e-3 * ARCSEC };
  return { name: 'µas', rad: 1e-6 * ARCSEC };
}

/** A scale that shows both the noise and the brightest source. */
function defaultScale(pixels: Float64Array): ColourScale {
  const { median, sigma } = robustSpread(pixels);
  let low = Infinity;
  let high = -Infinity;
  for (const value of pixels) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high > low)) return { low: low - 1, high: high + 1, stretch: 'linear' };
  if (sigma > 0 && high > median + 40 * sigma) {
    return { low: Math.max(low, median - 5 * sigma), high, stretch: 'asinh', softness: 5 * sigma };
  }
  return { low, high, stretch: 'linear' };
}

/** Draws the picture with axes in angle, colour bar and beam. */
export function drawImage(figure: ImageFigure): string {
  const full = figure.size;
  const size = Math.min(full, figure.zoom ?? full);
  const pixels = cutMiddle(figure.pixels, full, size);
  const scale = figure.scale ?? defaultScale(pixels);
  const uri = paintedUri(pixels, size, scale);
  const { centre } = figure;
  const onSky = centre !== undefined && hasSkyAxes(size, figure.cellRad, centre);
  const frame = onSky ? SKY_FRAME : FRAME;
  const { left, top, width, height } = frame;
  const [x, y] = onSky ? skyAxes(size, figure.cellRad, centre) : offsetAxes(size, figure.cellRad);
  const body = [
    `<image href="${uri}" x="${left}" y="${top}" width="${width}" height="${height}" preserveAspectRatio="none"${size < 200 ? ' class="pixels"' : ''}/>`,
    ...(figure.marks ?? []).map(({ l, m, label }) =>
      drawMark(frame, { east: l / figure.cellRad, north: m / figure.cellRad }, size, label),
    ),
    figure.beam === undefined ? '' : drawBeam(frame, figure.beam, figure.cellRad, size),
    drawAxes(frame, x, y),
    drawColourBar(frame, scale, figure.unit, figure.unitScale),
  ];
  return svgElement(left + width + 106, HEIGHT, figure.title, body.join(''));
}

/** Offsets from the middle; pixel centres are at whole offsets: the left edge is half a pixel further out than pixel 0. */
function offsetAxes(size: number, cellRad: number): [Axis, Axis] {
  const unit = angleUnit(size * cellRad);
  const pixel = cellRad / unit.rad;
  const axis = (from: number, to: number, label: string): Axis => ({
    from,
    to,
    ticks: niceTicks(Math.min(from, to), Math.max(from, to), 5),
    format: (value) => formatNumber(value),
    label,
  });
  const half = size / 2;
  return [
    axis((half + 0.5) * pixel, (half + 0.5 - size) * pixel, `east offset [${unit.name}]`),
    axis((-half - 0.5) * pixel, (size - half - 0.5) * pixel, `north offset [${unit.name}]`),
  ];
}

/** The picture alone, one pixel a pixel, as the bytes of a PNG file. */
export function drawPng(pixels: Float64Array, size: number, scale = defaultScale(pixels)): Uint8Array {
  return encodePng({ width: size, height: size, pixels: paint(pixels, size, scale), palette: COLOUR_MAP });
}

function cutMiddle(pixels: Float64Array, full: number, size: number): Float64Array {
  if (size === full) return pixels;
  const start = full / 2 - size / 2;
  const out = new Float64Array(size * size);
  for (let y = 0; y < size; y++) {
    out.set(pixels.subarray((start + y) * full + start, (start + y) * full + start + size), y * size);
  }
  return out;
}

/** Pixels on a side of the pictures in a page: more than a reader sees only makes it heavy. */
const MOST_PIXELS = 512;

/** The pixels as a picture, shrunk where they are many. */
export function paintedUri(
  pixels: Float64Array,
  size: number,
  scale: ColourScale,
  most = MOST_PIXELS,
): string {
  const shown = shrinkImage(pixels, size, most);
  return pngDataUri({
    width: shown.size,
    height: shown.size,
    pixels: paint(shown.pixels, shown.size, scale),
    palette: COLOUR_MAP,
  });
}

/** Means of blocks of pixels, as large as it takes to have at most `most` on a side. */
export function shrinkImage(
  pixels: Float64Array,
  size: number,
  most: number,
): { readonly pixels: Float64Array; readonly size: number } {
  let block = Math.ceil(size / most);
  while (size % block !== 0) block++;
  if (block === 1) return { pixels, size };
  const small = size / block;
  const out = new Float64Array(small * small);
  for (let y = 0; y < size; y++) {
    const row = Math.floor(y / block) * small;
    for (let x = 0; x < size; x++) {
      const at = row + Math.floor(x / block);
      out[at] = (out[at] ?? 0) + (pixels[y * size + x] ?? 0) / (block * block);
    }
  }
  return { pixels: out, size: small };
}

/** Palette indices, from the top (north) down. */
function paint(pixels: Float64Array, size: number, scale: ColourScale): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, at) => {
    const value = pixels[(size - 1 - Math.floor(at / size)) * size + (at % size)] ?? 0;
    return Math.round(255 * scalePlace(scale, Number.isFinite(value) ? value : scale.low));
  });
}

/** Place in the frame of an offset in pixels to the east and north. */
function place(
  frame: Frame,
  { east, north }: Readonly<{ east: number; north: number }>,
  size: number,
): { x: number; y: number } {
  const step = frame.width / size;
  return {
    x: frame.left + (size / 2 + 0.5 - east) * step,
    y: frame.top + frame.height - (size / 2 + 0.5 + north) * step,
  };
}

function drawMark(
  frame: Frame,
  offset: Readonly<{ east: number; north: number }>,
  size: number,
  label: string,
): string {
  const { x, y } = place(frame, offset, size);
  const inside =
    x > frame.left && x < frame.left + frame.width && y > frame.top && y < frame.top + frame.height;
  if (!inside) return '';
  const side = x > frame.left + frame.width - 50 ? -1 : 1;
  return `<circle class="mark-edge" cx="${px(x)}" cy="${px(y)}" r="11"/><circle class="mark" cx="${px(x)}" cy="${px(y)}" r="11"/><text class="mark-label" x="${px(x + side * 15)}" y="${px(y + 4)}" text-anchor="${side > 0 ? 'start' : 'end'}">${escapeText(label)}</text>`;
}

/** The beam's half-power ellipse in the lower left corner; north is up and east to the left. */
function drawBeam(frame: Frame, beam: Beam, cellRad: number, size: number): string {
  const step = frame.width / size / cellRad;
  const rx = Math.max(1, (beam.majorRad * step) / 2);
  const ry = Math.max(1, (beam.minorRad * step) / 2);
  const reach = Math.max(rx + 9, 14);
  if (reach > frame.width / 2) return '';
  const cx = frame.left + reach;
  const cy = frame.top + frame.height - reach;
  const turn = -90 - (beam.positionAngleRad * 180) / Math.PI;
  const ellipse = `cx="${px(cx)}" cy="${px(cy)}" rx="${px(rx)}" ry="${px(ry)}" transform="rotate(${px(turn)} ${px(cx)} ${px(cy)})"`;
  return `<ellipse class="beam-edge" ${ellipse}/><ellipse class="beam" ${ellipse}/>`;
}

function drawColourBar(frame: Frame, scale: ColourScale, unit: string, unitScale: number): string {
  const { top, height } = frame;
  const left = frame.left + frame.width + 12;
  const uri = pngDataUri({
    width: 1,
    height: 256,
    pixels: Uint8Array.from({ length: 256 }, (_, at) => 255 - at),
    palette: COLOUR_MAP,
  });
  const parts = [
    `<image href="${uri}" x="${left}" y="${top}" width="14" height="${height}" preserveAspectRatio="none"/>`,
    `<rect class="frame" x="${left}" y="${top}" width="14" height="${height}"/>`,
  ];
  for (const value of colourBarTicks(scale, unitScale)) {
    const at = top + height * (1 - scalePlace(scale, value / unitScale));
    parts.push(`<line class="tick" x1="${left + 14}" y1="${px(at)}" x2="${left + 18}" y2="${px(at)}"/>`);
    parts.push(`<text x="${left + 21}" y="${px(at + 4)}">${escapeText(formatNumber(value))}</text>`);
  }
  parts.push(
    `<text class="label" x="${left + 50}" y="${top + height + 40}" text-anchor="end">${escapeText(unit)}</text>`,
  );
  return parts.join('');
}

/** Round values that stand at even distances along the bar, in the bar's unit. */
export function colourBarTicks(scale: ColourScale, unitScale: number): number[] {
  if (scale.stretch === 'linear') return niceTicks(scale.low * unitScale, scale.high * unitScale, 6);
  const ticks: number[] = [];
  let last = -Infinity;
  for (let step = 0; step <= 40; step++) {
    const exact = scaleValue(scale, step / 40) * unitScale;
    const power = 10 ** Math.floor(Math.log10(Math.abs(exact) || 1));
    const factor = [1, 2, 5, 10].find((value) => value * power >= Math.abs(exact) * 0.99) ?? 10;
    const value = step > 0 && exact < 0 ? 0 : Math.sign(exact) * factor * power;
    const at = scalePlace(scale, value / unitScale);
    const within = value >= scale.low * unitScale && value <= scale.high * unitScale;
    if (!within || at - last < 0.075) continue;
    ticks.push(value);
    last = at;
  }
  return ticks;
}
