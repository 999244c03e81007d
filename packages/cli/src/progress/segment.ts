import { STATE_CODE, STATES, type State, type StateKind } from '@sidereal/core';
import { formatCount } from '../terminal/format.ts';
import type { Colour, Style } from '../terminal/style.ts';

/**
 * How task runs are counted for people: states that mean the same to somebody who watches are one segment.
 * Each has a mark of its own, so that bars read without colour: blocks for what has a value or waits, letters
 * for what executes or went wrong.
 */
export interface Segment {
  readonly name: string;
  readonly states: readonly State[];
  /** One cell of a bar; `ascii` where the locale has no others. */
  readonly mark: string;
  readonly ascii: string;
  readonly colour: Colour;
  readonly kind: StateKind;
  /** Must be seen however few they are. */
  readonly isTrouble?: boolean;
}

/** In the order in which bars and counts show them. */
const SEGMENTS: readonly Segment[] = [
  { name: 'done', states: ['completed'], mark: '█', ascii: '#', colour: 'done', kind: 'ended' },
  { name: 'cached', states: ['cached'], mark: '▓', ascii: '=', colour: 'cached', kind: 'ended' },
  { name: 'skipped', states: ['skipped'], mark: 's', ascii: 's', colour: 'dim', kind: 'ended' },
  { name: 'removed', states: ['removed'], mark: 'x', ascii: 'x', colour: 'dim', kind: 'ended' },
  { name: 'rolled back', states: ['rolled_back'], mark: 'b', ascii: 'b', colour: 'dim', kind: 'ended' },
  {
    name: 'failed',
    states: ['failed'],
    mark: 'F',
    ascii: 'F',
    colour: 'failed',
    kind: 'ended',
    isTrouble: true,
  },
  {
    name: 'crashed',
    states: ['crashed'],
    mark: 'X',
    ascii: 'X',
    colour: 'failed',
    kind: 'ended',
    isTrouble: true,
  },
  {
    name: 'upstream failed',
    states: ['upstream_failed'],
    mark: 'u',
    ascii: 'u',
    colour: 'failed',
    kind: 'ended',
  },
  { name: 'cancelled', states: ['cancelled'], mark: 'c', ascii: 'c', colour: 'again', kind: 'ended' },
  { name: 'running', states: ['running'], mark: 'r', ascii: 'r', colour: 'active', kind: 'active' },
  { name: 'retrying', states: ['retrying'], mark: 'R', ascii: 'R', colour: 'again', kind: 'active' },
  { name: 'waiting', states: ['waiting'], mark: '▒', ascii: '~', colour: 'active', kind: 'active' },
  { name: 'stopping', states: ['cancelling'], mark: 'C', ascii: 'C', colour: 'again', kind: 'active' },
  { name: 'to retry', states: ['awaiting_retry'], mark: 'w', ascii: 'w', colour: 'again', kind: 'idle' },
  {
    name: 'paused',
    states: ['paused', 'suspended'],
    mark: 'p',
    ascii: 'p',
    colour: 'again',
    kind: 'idle',
  },
  {
    name: 'deferred',
    states: ['deferred', 'scheduled', 'late'],
    mark: 'd',
    ascii: 'd',
    colour: 'dim',
    kind: 'idle',
  },
  { name: 'queued', states: ['queued'], mark: '░', ascii: '-', colour: 'dim', kind: 'idle' },
  { name: 'pending', states: ['pending'], mark: '·', ascii: '.', colour: 'dim', kind: 'idle' },
];

const SEGMENT_OF: Int8Array = (() => {
  const table = new Int8Array(STATES.length);
  for (const [at, { states }] of SEGMENTS.entries())
    for (const state of states) table[STATE_CODE[state]] = at;
  return table;
})();

/** Number of each segment, in the order of {@link SEGMENTS}, from numbers by state code. */
export function segmentCounts(byState: ArrayLike<number>): number[] {
  const counts = SEGMENTS.map(() => 0);
  for (let code = 0; code < byState.length; code += 1) {
    const at = SEGMENT_OF[code] ?? 0;
    counts[at] = (counts[at] ?? 0) + (byState[code] ?? 0);
  }
  return counts;
}

/** The segment that a state belongs to. */
export function segmentOf(state: State): Segment {
  const segment = SEGMENTS[SEGMENT_OF[STATE_CODE[state]] ?? 0];
  if (segment === undefined) throw new RangeError(`no segment shows the state ${state}`);
  return segment;
}

export function totalOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

export function endedOf(counts: readonly number[]): number {
  return counts.reduce((sum, count, at) => (SEGMENTS[at]?.kind === 'ended' ? sum + count : sum), 0);
}

/**
 * A bar of `cells` cells: each segment gets its share (largest remainders), and trouble and what is executed
 * at least one cell however little there is of it.
 */
export function drawBar(counts: readonly number[], cells: number, style: Style): string {
  const shares = shareCells(counts, cells);
  let bar = '';
  for (const [at, segment] of SEGMENTS.entries()) {
    const share = shares[at] ?? 0;
    if (share > 0)
      bar += style.paint(segment.colour, (style.hasUnicode ? segment.mark : segment.ascii).repeat(share));
  }
  return bar + ' '.repeat(Math.max(0, cells - totalOf(shares)));
}

function shareCells(counts: readonly number[], cells: number): number[] {
  const total = totalOf(counts);
  if (total === 0) return counts.map(() => 0);
  const exact = counts.map((count) => (count * cells) / total);
  const shares = exact.map(Math.floor);
  const order = exact
    .map((share, at) => ({ at, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  let left = cells - totalOf(shares);
  for (const { at } of order) {
    if (left <= 0) break;
    shares[at] = (shares[at] ?? 0) + 1;
    left -= 1;
  }
  for (const [at, segment] of SEGMENTS.entries()) {
    const mustShow = segment.isTrouble === true || segment.kind === 'active';
    if (!mustShow || (counts[at] ?? 0) === 0 || (shares[at] ?? 0) > 0) continue;
    const largest = shares.indexOf(Math.max(...shares));
    if ((shares[largest] ?? 0) < 2) continue;
    shares[largest] = (shares[largest] ?? 0) - 1;
    shares[at] = 1;
  }
  return shares;
}

/**
 * Counts in words, `38 done · 3 running · 22 queued`, as many as fit into `cells`; trouble comes first when
 * not all do.
 */
export function drawCounts(counts: readonly number[], cells: number, style: Style): string {
  const parts = SEGMENTS.map((segment, at) => ({
    segment,
    at,
    text: `${formatCount(counts[at] ?? 0)} ${segment.name}`,
  })).filter(({ at }) => (counts[at] ?? 0) > 0);
  const separator = style.hasUnicode ? ' · ' : ', ';
  const kept = new Set<number>();
  let room = cells + separator.length;
  for (const part of parts.toSorted((a, b) => rank(a.segment) - rank(b.segment))) {
    const needs = part.text.length + separator.length;
    if (needs > room) continue;
    room -= needs;
    kept.add(part.at);
  }
  return parts
    .filter(({ at }) => kept.has(at))
    .map(({ segment, text }) => style.paint(segment.colour, text))
    .join(separator);
}

/** What went wrong, in short: `2F 1X`. */
export function drawTrouble(counts: readonly number[], style: Style): string {
  return SEGMENTS.map((segment, at) => ({ segment, count: counts[at] ?? 0 }))
    .filter(({ segment, count }) => segment.isTrouble === true && count > 0)
    .map(({ segment, count }) => style.paint(segment.colour, `${formatCount(count)}${segment.mark}`))
    .join(' ');
}

function rank(segment: Segment): number {
  if (segment.isTrouble === true) return 0;
  return segment.kind === 'active' ? 1 : segment.kind === 'idle' ? 3 : 2;
}
