import type { Beam } from '../science/index.ts';
import { COLOUR_MAP, scalePlace } from './colour-map.ts';
import type { ColourScale } from './colour-map.ts';
import { angleUnit, colourBarTicks, paintedUri } from './image-figure.ts';
import { pngDataUri } from './png.ts';
import { escapeText, px, svgElement } from './svg.ts';
import { formatNumber } from './ticks.ts';

/** Images of the same part of the sky in the same colours: channels of a cube, spectral windows. */
export interface ImageGrid {
  readonly panels: readonly {
    readonly name: string;
    readonly note?: string;
    readonly pixels: Float64Array;
  }[];
  readonly size: number;
  readonly cellRad: number;
  readonly beam?: Beam;
  readonly scale: ColourScale;
  /** What the colour bar measures; values times `unitScale` are in this unit. */
  readonly unit: string;
  readonly unitScale: number;
}

const SIDE = 200;
const TOP = 20;
const MOST_PIXELS = 160;

/** Small multiples with one colour bar; as many columns as fit. North is up, east to the left. */
export function drawImageGrid(grid: ImageGrid): string {
  const panels = grid.panels.map((panel, index) => drawPanel(panel, grid, index === 0));
  return `<div class="panels">${panels.join('')}</div>${drawBar(grid)}`;
}

function drawPanel(
  { name, note, pixels }: ImageGrid['panels'][number],
  { size, cellRad, beam, scale }: ImageGrid,
  isFirst: boolean,
): string {
  const uri = paintedUri(pixels, size, scale, MOST_PIXELS);
  const body = [
    `<text class="label" x="1" y="14">${escapeText(name)}</text>`,
    note === undefined ? '' : `<text x="${SIDE}" y="14" text-anchor="end">${escapeText(note)}</text>`,
    `<image class="pixels" href="${uri}" x="1" y="${TOP}" width="${SIDE}" height="${SIDE}" preserveAspectRatio="none"/>`,
    `<rect class="frame" x="1" y="${TOP}" width="${SIDE}" height="${SIDE}"/>`,
    isFirst ? drawScaleBar(size * cellRad) : '',
    beam === undefined ? '' : drawBeam(beam, size * cellRad),
  ];
  return svgElement(SIDE + 2, TOP + SIDE + 2, note === undefined ? name : `${name}, ${note}`, body.join(''));
}

function drawBeam({ majorRad, minorRad, positionAngleRad }: Beam, fieldRad: number): string {
  const step = SIDE / fieldRad;
  const rx = Math.max(0.8, (majorRad * step) / 2);
  const ry = Math.max(0.8, (minorRad * step) / 2);
  const at = { x: 6 + rx, y: TOP + SIDE - 6 - rx };
  const turn = -90 - (positionAngleRad * 180) / Math.PI;
  const ellipse = `cx="${px(at.x)}" cy="${px(at.y)}" rx="${px(rx)}" ry="${px(ry)}" transform="rotate(${px(turn)} ${px(at.x)} ${px(at.y)})"`;
  return `<ellipse class="beam-edge" ${ellipse}/><ellipse class="beam" ${ellipse}/>`;
}

/** A length of a round number of minutes or seconds of arc, about a third of the field. */
function drawScaleBar(fieldRad: number): string {
  const unit = angleUnit(fieldRad);
  const third = fieldRad / unit.rad / 3;
  const power = 10 ** Math.floor(Math.log10(third));
  const length = ([5, 2, 1].find((factor) => factor * power <= third) ?? 1) * power;
  const width = ((length * unit.rad) / fieldRad) * SIDE;
  const right = SIDE - 8;
  const y = TOP + SIDE - 10;
  const line = `M${px(right - width)} ${y}H${right}`;
  return `<path class="mark-edge" d="${line}"/><path class="mark" d="${line}"/><text class="mark-label" x="${right}" y="${y - 6}" text-anchor="end">${escapeText(`${formatNumber(length)} ${unit.name}`)}</text>`;
}

/** A colour bar across. */
function drawBar({ scale, unit, unitScale }: ImageGrid): string {
  const width = 480;
  const left = 14;
  const uri = pngDataUri({
    width: 256,
    height: 1,
    pixels: Uint8Array.from({ length: 256 }, (_, at) => at),
    palette: COLOUR_MAP,
  });
  const ticks = colourBarTicks(scale, unitScale).map((value) => {
    const x = px(left + width * scalePlace(scale, value / unitScale));
    return `<line class="tick" x1="${x}" x2="${x}" y1="18" y2="22"/><text x="${x}" y="36" text-anchor="middle">${escapeText(formatNumber(value))}</text>`;
  });
  const body = [
    `<image href="${uri}" x="${left}" y="4" width="${width}" height="14" preserveAspectRatio="none"/>`,
    `<rect class="frame" x="${left}" y="4" width="${width}" height="14"/>`,
    ...ticks,
    `<text class="label" x="${left + width + 12}" y="16">${escapeText(unit)}</text>`,
  ];
  return `<div class="bar">${svgElement(600, 40, `colour bar in ${unit}`, body.join(''))}</div>`;
}
