import { wayOf, type Look } from './palette.ts';
import type { Finding } from './findings.ts';
import { secondsText } from './number-text.ts';
import { decades, escapeText, place, powersOfTen, px, svgElement } from './svg.ts';
import { wordsOf } from './tables.ts';

const WIDTH = 620;
const LEFT = 210;
const RIGHT = 90;
const TOP = 8;
const BAR = 20;
const GAP = 8;
const AXIS = 26;
/** Letters of the words that stand in place of a bar. */
const WORDS = 40;

export interface BarPlot {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly looks: ReadonlyMap<string, Look>;
  /** Seconds. */
  readonly figure: (finding: Finding) => number | undefined;
}

/** A bar for each way to run each system, logarithmic; what cannot do the row says so in its place. */
export function drawBars({ title, findings, looks, figure }: BarPlot): string {
  const values = findings.flatMap((finding) => figure(finding) ?? []);
  const along = decades(values, LEFT, WIDTH - RIGHT);
  const bottom = TOP + findings.length * (BAR + GAP);
  const grid = powersOfTen(along).map((value) => {
    const x = px(place(along, value));
    return `<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${bottom}"/><text x="${x}" y="${bottom + 20}" text-anchor="middle">${secondsText(value)}</text>`;
  });
  const bars = findings.map((finding, index) => {
    const look = looks.get(wayOf(finding));
    const y = TOP + index * (BAR + GAP) + GAP / 2;
    const name = `<text class="label" x="${LEFT - 8}" y="${y + 15}" text-anchor="end">${escapeText(look?.name ?? '')}</text>`;
    const value = figure(finding);
    if (value === undefined) {
      const words = `${finding.result.kind}: ${wordsOf(finding)}`;
      const short = words.length > WORDS ? `${words.slice(0, WORDS)}…` : words;
      return `${name}<text x="${LEFT + 6}" y="${y + 15}">${escapeText(short)}<title>${escapeText(words)}</title></text>`;
    }
    const end = Math.max(LEFT + 2, place(along, value));
    const bar = `<rect class="bar ${look?.style ?? ''}" x="${LEFT}" y="${y}" width="${px(end - LEFT)}" height="${BAR}" rx="2"/>`;
    return `${name}${bar}<text class="label" x="${px(end + 6)}" y="${y + 15}">${secondsText(value)}</text>`;
  });
  return svgElement(WIDTH, bottom + AXIS, title, [...grid, ...bars].join(''));
}
