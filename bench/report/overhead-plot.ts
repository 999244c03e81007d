import type { Finding } from './findings.ts';
import { countText, figureText } from './number-text.ts';
import { wayOf, type Look } from './palette.ts';
import { decades, drawMark, escapeText, place, powersOfTen, px, svgElement, type LogAxis } from './svg.ts';

const WIDTH = 620;
const HEIGHT = 400;
const LEFT = 84;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 54;
/** Pixels between two labels of the x axis. */
const LABEL = 64;
/** Lines of the legend, below the plot. */
const LEGEND_LINE = 22;

export interface OverheadPlot {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly looks: ReadonlyMap<string, Look>;
  /** What runs along the x axis. */
  readonly x: Readonly<{
    label: string;
    of: (finding: Finding) => number;
    format: (value: number) => string;
  }>;
}

/** Overhead in percent, both axes logarithmic: a line for each way to run each system, and the floor. */
export function drawOverhead({ title, findings, looks, x }: OverheadPlot): string {
  const shown = findings.filter(({ floor }) => floor !== undefined);
  const xs = [...new Set(shown.map(x.of))].toSorted((a, b) => a - b);
  const across = spread(xs, LEFT + 18, WIDTH - RIGHT - 18);
  const heights = shown.flatMap(({ floor, overhead }) => [
    floor?.median ?? Number.NaN,
    overhead?.lowest ?? Number.NaN,
    overhead?.highest ?? Number.NaN,
  ]);
  const up = decades(heights, HEIGHT - BOTTOM, TOP);
  const ways = [...Map.groupBy(shown, wayOf)].filter(([, group]) => group.some(({ overhead }) => overhead));
  const body = [
    drawGrid(
      xs.map((value) => [place(across, value), x.format(value)] as const),
      up,
    ),
    drawFloor(shown, (finding) => place(across, x.of(finding)), up),
    ...ways.map(([way, group]) => {
      const look = looks.get(way);
      return look === undefined ? '' : drawWay(group, look, (finding) => place(across, x.of(finding)), up);
    }),
    `<text class="label" x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeText(x.label)}</text>`,
    `<text class="label" x="14" y="${(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 14 ${(TOP + HEIGHT - BOTTOM) / 2})">overhead, %</text>`,
    drawLegend(ways.flatMap(([way]) => looks.get(way) ?? [])),
  ];
  const height = HEIGHT + LEGEND_LINE * Math.ceil((ways.length + 1) / 2) + 6;
  return svgElement(WIDTH, height, title, body.join(''));
}

/** An axis that ends at the values themselves. */
function spread(values: readonly number[], from: number, to: number): LogAxis {
  const [low = 1] = values;
  const high = values.at(-1) ?? 10;
  const isPoint = low === high;
  return { low: isPoint ? low / 2 : low, high: isPoint ? high * 2 : high, from, to };
}

function drawGrid(columns: readonly (readonly [number, string])[], up: LogAxis): string {
  const rows = powersOfTen(up).map((value) => {
    const y = px(place(up, value));
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${px(place(up, value) + 4)}" text-anchor="end">${figureText(value)}</text>`;
  });
  let labelled = -LABEL;
  const lines = columns.map(([at, text]) => {
    const line = `<line class="grid" x1="${px(at)}" x2="${px(at)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`;
    if (at - labelled < LABEL) return line;
    labelled = at;
    return `${line}<text x="${px(at)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${escapeText(text)}</text>`;
  });
  const frame = `<rect class="frame" x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - BOTTOM - TOP}"/>`;
  return [...rows, ...lines, frame].join('');
}

/** The floor as a line, and all that is below it shaded: nothing can be there. */
function drawFloor(findings: readonly Finding[], xOf: (finding: Finding) => number, up: LogAxis): string {
  const points = new Map(findings.map((finding) => [xOf(finding), place(up, finding.floor?.median ?? 1)]));
  const sorted = [...points].toSorted(([a], [b]) => a - b);
  const path = sorted.map(([x, y]) => `${px(x)} ${px(y)}`).join('L');
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return '';
  const bottom = HEIGHT - BOTTOM;
  const one = sorted.length === 1 ? `M${px(first[0] - 14)} ${px(first[1])}H${px(first[0] + 14)}` : `M${path}`;
  return `<path class="band" d="M${px(first[0])} ${bottom}L${path}L${px(last[0])} ${bottom}Z"/><path class="line floor dashed" d="${one}"/>`;
}

function drawWay(
  group: readonly Finding[],
  look: Look,
  xOf: (finding: Finding) => number,
  up: LogAxis,
): string {
  const points = group
    .flatMap(({ overhead, ...rest }) => (overhead === undefined ? [] : { ...rest, overhead }))
    .map((finding) => ({ finding, x: xOf(finding), y: place(up, finding.overhead.median) }))
    .toSorted((a, b) => a.x - b.x);
  const path = points.map(({ x, y }) => `${px(x)} ${px(y)}`).join('L');
  const dashed = look.isDashed ? ' dashed' : '';
  const marks = points.map(({ finding, x, y }) => {
    const { median, lowest, highest } = finding.overhead;
    const title = `${look.name}, n = ${countText(finding.planned.asked.n)}: ${figureText(median)} %`;
    const range =
      lowest === highest
        ? ''
        : `<line class="range ${look.style}" x1="${px(x)}" x2="${px(x)}" y1="${px(place(up, lowest))}" y2="${px(place(up, highest))}"/>`;
    return range + drawMark(look.shape, x, y, look.style, title);
  });
  return `${points.length > 1 ? `<path class="line ${look.style}${dashed}" d="M${path}"/>` : ''}${marks.join('')}`;
}

/** Two columns: the floor first. */
function drawLegend(looks: readonly Look[]): string {
  const entries = looks.map((look) => (x: number, y: number) => {
    const mark = drawMark(look.shape, x + 14, y - 4, look.style, look.name);
    return `<line class="line ${look.style}${look.isDashed ? ' dashed' : ''}" x1="${x}" x2="${x + 28}" y1="${y - 4}" y2="${y - 4}"/>${mark}<text x="${x + 36}" y="${y}">${escapeText(look.name)}</text>`;
  });
  const floor = (x: number, y: number): string =>
    `<line class="line floor dashed" x1="${x}" x2="${x + 28}" y1="${y - 4}" y2="${y - 4}"/><text x="${x + 36}" y="${y}">floor: greedy list scheduling</text>`;
  return [floor, ...entries]
    .map((draw, index) =>
      draw(LEFT + (index % 2) * ((WIDTH - LEFT) / 2), HEIGHT + 14 + LEGEND_LINE * Math.floor(index / 2)),
    )
    .join('');
}
