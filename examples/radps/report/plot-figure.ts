import { pngDataUri } from './png.ts';
import { axisPlace, drawAxes, escapeText, px, svgElement } from './svg.ts';
import type { Axis, Frame } from './svg.ts';
import { formatNumber, logTicks, niceTicks, tickFormat } from './ticks.ts';

/** Many points, drawn as a raster of how many fall where, so that a million cost no more than a thousand. */
export interface PointCloud {
  readonly kind: 'cloud';
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** A curve, or separate points with error bars, one of six colours. */
export interface Series {
  readonly kind: 'line' | 'points' | 'steps';
  readonly name?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly error?: ArrayLike<number>;
  /** One of the six colours, 0 … 5; default: the next. */
  readonly colour?: number;
}

export interface PlotFigure {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly layers: readonly (PointCloud | Series)[];
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  /** Only whole numbers on the x axis, as for cycles. */
  readonly xWhole?: boolean;
  /** Same scale on both axes, as for u, v coverage. */
  readonly square?: boolean;
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
  /** Shaded stretches of the x axis. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly name: string }[];
  /** Dashed lines across, such as a threshold. */
  readonly levels?: readonly { readonly y: number; readonly name: string }[];
}

const WIDTH = 580;

/** Draws the plot. */
export function drawPlot(figure: PlotFigure): string {
  const { x, y } = plotAxes(figure);
  // Long numbers push the frame to the right; a digit is about seven units wide.
  const longest = Math.max(0, ...y.ticks.map((tick) => y.format(tick).length));
  const left = Math.max(74, 32 + 7 * longest);
  const frame: Frame =
    figure.square === true
      ? { left, top: 12, width: 400, height: 400 }
      : { left, top: 12, width: WIDTH - 16 - left, height: 290 };
  const named = figure.layers.flatMap((layer) =>
    layer.kind !== 'cloud' && layer.name !== undefined ? [layer.name] : [],
  );
  let colour = 0;
  const body = [
    ...(figure.bands ?? []).map(({ from, to, name }) => drawBand(frame, x, from, to, name)),
    drawAxes(frame, x, y, { grid: true }),
    ...figure.layers.map((layer) =>
      layer.kind === 'cloud'
        ? drawCloud(frame, x, y, layer)
        : drawSeries(frame, x, y, layer, (layer.colour ?? colour++) % 6),
    ),
    ...(figure.levels ?? []).map((level) => drawLevel(frame, y, level)),
    ...(named.length > 1 ? [drawLegend(frame, named)] : []),
  ];
  return svgElement(WIDTH, frame.top + frame.height + 54, figure.title, body.join(''));
}

function plotAxes(figure: PlotFigure): { x: Axis; y: Axis } {
  const xRange =
    figure.xRange ??
    dataRange(
      figure.layers.map((layer) => layer.x),
      figure.xLog === true,
    );
  const yRange =
    figure.yRange ??
    dataRange(
      [...figure.layers.map((layer) => layer.y), (figure.levels ?? []).map((level) => level.y)],
      figure.yLog === true,
    );
  const axis = ([low, high]: readonly [number, number], label: string, log: boolean, whole = false): Axis => {
    const ticks = log
      ? logTicks(low, high)
      : niceTicks(low, high).filter((tick) => !whole || Number.isInteger(tick));
    const format = log ? (value: number): string => formatNumber(value) : tickFormat(ticks);
    return { from: low, to: high, log, ticks, format, label };
  };
  if (figure.square === true) {
    const reach = Math.max(...xRange.map(Math.abs), ...yRange.map(Math.abs));
    return {
      x: { ...axis([-reach, reach], figure.xLabel, false), from: reach, to: -reach },
      y: axis([-reach, reach], figure.yLabel, false),
    };
  }
  return {
    x: axis(xRange, figure.xLabel, figure.xLog === true, figure.xWhole === true),
    y: axis(yRange, figure.yLabel, figure.yLog === true),
  };
}

/** Lowest and highest value of all arrays with a little room; logarithmic axes ignore what is not positive. */
function dataRange(arrays: readonly ArrayLike<number>[], log: boolean): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const array of arrays) {
    for (let index = 0; index < array.length; index++) {
      const value = array[index] ?? Number.NaN;
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return log ? [1, 10] : [0, 1];
  if (log)
    return low === high ? [low / 2, high * 2] : [low / (high / low) ** 0.04, high * (high / low) ** 0.04];
  if (low === high)
    return [low - Math.max(0.5, Math.abs(low) / 10), high + Math.max(0.5, Math.abs(high) / 10)];
  const room = (high - low) * 0.04;
  return [low >= 0 && low < high / 4 ? 0 : low - room, high + room];
}

function drawBand(frame: Frame, x: Axis, from: number, to: number, name: string): string {
  const start = frame.left + frame.width * Math.max(0, axisPlace(x, from));
  const end = frame.left + frame.width * Math.min(1, axisPlace(x, to));
  return `<rect class="band" x="${px(start)}" y="${frame.top}" width="${px(Math.max(0, end - start))}" height="${frame.height}"><title>${escapeText(name)}</title></rect>`;
}

function drawLevel(frame: Frame, y: Axis, level: { readonly y: number; readonly name: string }): string {
  const place = axisPlace(y, level.y);
  if (!(place >= 0 && place <= 1)) return '';
  const top = frame.top + frame.height * (1 - place);
  const right = frame.left + frame.width;
  // Above the line, or below it where it is at the top.
  const text = top < frame.top + 24 ? top + 16 : top - 6;
  return `<line class="level" x1="${frame.left}" x2="${right}" y1="${px(top)}" y2="${px(top)}"/><text class="level-label" x="${right - 8}" y="${px(text)}" text-anchor="end">${escapeText(level.name)}</text>`;
}

/** Cells of the raster per unit of the figure. */
const FINENESS = 2;

function drawCloud(frame: Frame, x: Axis, y: Axis, cloud: PointCloud): string {
  const width = frame.width * FINENESS;
  const height = frame.height * FINENESS;
  const counts = new Float64Array(width * height);
  let most = 0;
  const few = cloud.x.length < 5000;
  for (let index = 0; index < cloud.x.length; index++) {
    const column = Math.floor(axisPlace(x, cloud.x[index] ?? Number.NaN) * width);
    const row = Math.floor((1 - axisPlace(y, cloud.y[index] ?? Number.NaN)) * height);
    if (!(column >= 1 && column < width - 1 && row >= 1 && row < height - 1)) continue;
    // A point is a small cross when there are few, so that it can be seen.
    const cells = [0, 1, -1, width, -width, ...(few ? [width + 1, width - 1, -width + 1, -width - 1] : [])];
    for (const step of cells) {
      const at = row * width + column + step;
      const count = (counts[at] ?? 0) + 1;
      counts[at] = count;
      if (count > most) most = count;
    }
  }
  const palette = new Uint8Array(256 * 4);
  for (let level = 1; level < 256; level++)
    palette.set([56, 132, 200, 110 + Math.round((145 * level) / 255)], 4 * level);
  const pixels = Uint8Array.from(counts, (count) =>
    count === 0 ? 0 : Math.max(1, Math.round((255 * Math.log1p(count)) / Math.log1p(most))),
  );
  const uri = pngDataUri({ width, height, pixels, palette });
  return `<image href="${uri}" x="${frame.left}" y="${frame.top}" width="${frame.width}" height="${frame.height}"/>`;
}

function drawSeries(frame: Frame, x: Axis, y: Axis, series: Series, colour: number): string {
  const at = (index: number): [number, number] => [
    frame.left + frame.width * axisPlace(x, series.x[index] ?? Number.NaN),
    frame.top + frame.height * (1 - axisPlace(y, series.y[index] ?? Number.NaN)),
  ];
  const visible = Array.from({ length: series.x.length }, (_, index) => index).filter((index) => {
    const [left, top] = at(index);
    return (
      Number.isFinite(left) &&
      Number.isFinite(top) &&
      top > frame.top - 400 &&
      top < frame.top + frame.height + 400
    );
  });
  if (series.kind !== 'points') {
    let path = '';
    for (const [order, index] of visible.entries()) {
      const [left, top] = at(index);
      const steps = series.kind === 'steps' && order > 0 ? `H${px(left)}` : '';
      path += `${order === 0 ? 'M' : `${steps}L`}${px(left)} ${px(clampTo(frame, top))}`;
    }
    return `<path class="line c${colour}" d="${path}"/>`;
  }
  return visible
    .map((index) => {
      const [left, top] = at(index);
      const error = series.error?.[index];
      const bar =
        error === undefined || y.log === true
          ? ''
          : `<line class="line thin c${colour}" x1="${px(left)}" x2="${px(left)}" y1="${px(clampTo(frame, top - (error * frame.height) / (y.to - y.from)))}" y2="${px(clampTo(frame, top + (error * frame.height) / (y.to - y.from)))}"/>`;
      return `${bar}<circle class="dot c${colour}" cx="${px(left)}" cy="${px(clampTo(frame, top))}" r="${visible.length > 200 ? 1.6 : 3}"/>`;
    })
    .join('');
}

const clampTo = (frame: Frame, top: number): number =>
  Math.min(frame.top + frame.height, Math.max(frame.top, top));

function drawLegend(frame: Frame, names: readonly string[]): string {
  const rows = names.map((name, index) => {
    const top = frame.top + 16 + index * 18;
    const right = frame.left + frame.width - 10;
    return `<circle class="dot c${index % 6}" cx="${right}" cy="${top - 4}" r="4"/><text x="${right - 10}" y="${top}" text-anchor="end">${escapeText(name)}</text>`;
  });
  return rows.join('');
}
