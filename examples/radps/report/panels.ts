import { axisPlace, escapeText, svgElement } from './svg.ts';
import type { Axis } from './svg.ts';
import { formatNumber } from './ticks.ts';

/** One small plot of a set that share their axes: points in up to six colours. */
export interface Panel {
  readonly name: string;
  readonly series: readonly { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[];
}

export interface PanelSet {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly panels: readonly Panel[];
}

const WIDTH = 200;
const HEIGHT = 120;
const FRAME = { left: 36, top: 20, width: 156, height: 78 };

/** Small multiples: as many columns as fit, every panel with the same axes, so that one that differs is seen at once. */
export function drawPanels(set: PanelSet): string {
  const drawn = set.panels.map((panel) => drawPanel(panel, set));
  return `<div class="panels">${drawn.join('')}</div><figcaption>Across: ${escapeText(set.xLabel)}. Up: ${escapeText(set.yLabel)}.</figcaption>`;
}

function drawPanel({ name, series }: Panel, { xRange, yRange }: PanelSet): string {
  const axis = ([from, to]: readonly [number, number]): Axis => ({
    from,
    to,
    ticks: [],
    format: (value) => formatNumber(value),
    label: '',
  });
  const x = axis(xRange);
  const y = axis(yRange);
  const { left, top, width, height } = FRAME;
  const dots = series.map((points, colour) => {
    // One path of dots: a tenth of the text that as many circles take.
    let path = '';
    for (let index = 0; index < points.x.length; index++) {
      const placeX = axisPlace(x, points.x[index] ?? Number.NaN);
      const placeY = axisPlace(y, points.y[index] ?? Number.NaN);
      const inside = placeX >= -0.01 && placeX <= 1.01 && placeY >= -0.01 && placeY <= 1.01;
      if (inside) path += `M${short(left + width * placeX)} ${short(top + height * (1 - placeY))}h0`;
    }
    if (path === '') return '';
    return `<path class="dots${points.x.length > 40 ? ' fine' : ''} c${colour % 6}" d="${path}"/>`;
  });
  const bottom = top + height;
  const any = dots.some((dot) => dot !== '');
  const body = [
    `<rect class="frame" x="${left}" y="${top}" width="${width}" height="${height}"/>`,
    `<text class="label" x="${left}" y="14">${escapeText(name)}</text>`,
    `<text x="${left - 4}" y="${top + 10}" text-anchor="end">${escapeText(formatNumber(yRange[1]))}</text>`,
    `<text x="${left - 4}" y="${bottom}" text-anchor="end">${escapeText(formatNumber(yRange[0]))}</text>`,
    `<text x="${left}" y="${bottom + 15}">${escapeText(formatNumber(xRange[0], 4))}</text>`,
    `<text x="${left + width}" y="${bottom + 15}" text-anchor="end">${escapeText(formatNumber(xRange[1], 4))}</text>`,
    any
      ? dots.join('')
      : `<text x="${left + width / 2}" y="${top + height / 2 + 4}" text-anchor="middle">no solution</text>`,
  ];
  return svgElement(WIDTH, HEIGHT, name, body.join(''));
}

/** A tenth of a unit is finer than a dot. */
function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
