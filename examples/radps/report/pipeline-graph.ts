import { stateTone, scoreText, scoreTone } from './stage-section.ts';
import type { Score } from './stage-section.ts';
import { escapeText, px } from './svg.ts';
import { formatNumber } from './ticks.ts';

/** One box of the picture: its column counts what comes before it, its lane keeps branches apart. */
export interface GraphBox {
  readonly id: string;
  readonly title: string;
  readonly column: number;
  readonly lane: number;
  readonly state: string;
  readonly seconds?: number;
  readonly score?: Score;
}

/** An arrow: `to` takes what `from` made; without an optional one it does without. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly optional: boolean;
}

interface Layout {
  readonly vertical: boolean;
  readonly boxWidth: number;
  readonly boxHeight: number;
  /** From one column to the next, and from one lane to the next. */
  readonly alongStep: number;
  readonly acrossStep: number;
}

const ROOMY: Layout = { vertical: false, boxWidth: 186, boxHeight: 92, alongStep: 212, acrossStep: 116 };
const NARROW: Layout = { vertical: true, boxWidth: 152, boxHeight: 108, alongStep: 138, acrossStep: 162 };

/**
 * The picture of a pipeline: boxes with the state, time and quality of each stage in words and colour, and arrows.
 * Drawn twice, from left to right for a page with room and from top to bottom for a phone; the style sheet shows one.
 */
export function drawPipeline(boxes: readonly GraphBox[], edges: readonly GraphEdge[]): string {
  const words = boxes.map(({ title, state, score }) => `${title}: ${state}, ${scoreText(score)}`).join('; ');
  return [ROOMY, NARROW].map((layout) => drawLayout(boxes, edges, layout, words)).join('');
}

function drawLayout(
  boxes: readonly GraphBox[],
  edges: readonly GraphEdge[],
  layout: Layout,
  words: string,
): string {
  const columns = Math.max(0, ...boxes.map(({ column }) => column));
  const lanes = Math.max(0, ...boxes.map(({ lane }) => lane));
  const [x, y] = cornerOf({ column: columns, lane: lanes }, layout);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const arrows = edges.map(({ from, to, optional }) => {
    const source = byId.get(from);
    const target = byId.get(to);
    return source === undefined || target === undefined ? '' : drawArrow(source, target, optional, layout);
  });
  const body = [...arrows, ...boxes.map((box) => drawBox(box, layout))].join('');
  const size = `0 0 ${x + layout.boxWidth + 4} ${y + layout.boxHeight + 4}`;
  return `<svg class="${layout.vertical ? 'narrow' : 'roomy'}" viewBox="${size}" role="img" aria-label="${escapeText(words)}">${body}</svg>`;
}

function cornerOf({ column, lane }: Pick<GraphBox, 'column' | 'lane'>, layout: Layout): [number, number] {
  const along = 4 + column * layout.alongStep;
  const across = 4 + lane * layout.acrossStep;
  return layout.vertical ? [across, along] : [along, across];
}

/** A curve from the end of one box to the start of the other; round the boxes between them where there are any. */
function drawArrow(from: GraphBox, to: GraphBox, optional: boolean, layout: Layout): string {
  const { vertical, boxWidth, boxHeight } = layout;
  const [fromX, fromY] = cornerOf(from, layout);
  const [toX, toY] = cornerOf(to, layout);
  const around = to.column - from.column > 1 && to.lane !== from.lane;
  const kind = `edge${optional ? ' optional' : ''}`;
  if (vertical) {
    const x = toX + boxWidth / 2;
    const [x0, y0] = around
      ? [fromX + boxWidth, fromY + boxHeight / 2]
      : [fromX + boxWidth / 2, fromY + boxHeight];
    const y1 = toY - 7;
    const middle = (y0 + y1) / 2;
    const path = around
      ? `M${x0} ${y0}H${x - 10}Q${x} ${y0} ${x} ${y0 + 10}V${y1}`
      : `M${x0} ${y0}C${x0} ${middle} ${x} ${middle} ${x} ${y1}`;
    return `<path class="${kind}" d="${path}"/><path class="head" d="M${x} ${toY - 1}l-5 -9h10z"/>`;
  }
  const y = toY + boxHeight / 2;
  const [x0, y0] = around
    ? [fromX + boxWidth / 2, fromY + boxHeight]
    : [fromX + boxWidth, fromY + boxHeight / 2];
  const x1 = toX - 7;
  const middle = (x0 + x1) / 2;
  const path = around
    ? `M${x0} ${y0}V${y - 10}Q${x0} ${y} ${x0 + 10} ${y}H${x1}`
    : `M${x0} ${y0}C${middle} ${y0} ${middle} ${y} ${x1} ${y}`;
  return `<path class="${kind}" d="${path}"/><path class="head" d="M${toX - 1} ${y}l-9 -5v10z"/>`;
}

/** Signs beside the words of states, for a quick look. */
const SIGNS: Readonly<Record<string, string>> = {
  completed: '✓',
  cached: '✓',
  skipped: '↷',
  failed: '✕',
  crashed: '✕',
  upstream_failed: '✕',
  cancelled: '◼',
};

function drawBox(box: GraphBox, layout: Layout): string {
  const [x, y] = cornerOf(box, layout);
  const { boxWidth: width, boxHeight: height } = layout;
  const tone = stateTone(box.state);
  const quality = box.score === 'failed' ? 'poor' : scoreTone(box.score);
  const time = box.seconds === undefined ? '' : ` · ${formatNumber(box.seconds)} s`;
  const state = `${SIGNS[box.state] ?? '–'} ${box.state.replaceAll('_', ' ')}${time}`;
  const lines = wrap(box.title, layout.vertical ? 18 : 21, layout.vertical ? 3 : 2).map(
    (line, index) =>
      `<text class="box-title" x="${x + 16}" y="${px(y + 20 + 16 * index)}">${escapeText(line)}</text>`,
  );
  // A long state is squeezed into the box.
  const squeeze = state.length > 24 ? ` textLength="${width - 26}" lengthAdjust="spacingAndGlyphs"` : '';
  return [
    `<g class="${tone}"><rect class="box ${tone === 'none' ? 'idle' : tone}" x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/></g>`,
    `<g class="${quality}"><rect class="stripe ${quality}" x="${x + 5}" y="${y + 7}" width="4" height="${height - 14}" rx="2"/></g>`,
    ...lines,
    `<g class="${tone}"><text class="box-state" x="${x + 16}" y="${y + height - 26}"${squeeze}>${escapeText(state)}</text></g>`,
    box.score === undefined
      ? ''
      : `<g class="${quality}"><text class="box-quality" x="${x + 16}" y="${y + height - 9}">QA ${escapeText(scoreText(box.score))}</text></g>`,
  ].join('');
}

/** Words in lines of about `most` letters; what is left after the last goes into it, cut off. */
function wrap(text: string, most: number, mostLines: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= mostLines) return lines;
  return [
    ...lines.slice(0, mostLines - 1),
    `${lines
      .slice(mostLines - 1)
      .join(' ')
      .slice(0, most - 1)}…`,
  ];
}
