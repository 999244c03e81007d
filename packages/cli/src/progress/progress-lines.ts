import { FIRST_ACTIVE, FIRST_ENDED, hasSucceeded, stateOf, type StateCode } from '@sidereal/core';
import { formatClock, formatCount, formatRate } from '../terminal/format.ts';
import { oneLine } from '../terminal/printable.ts';
import { makeStyle, type Colour, type Style } from '../terminal/style.ts';
import { fit, padEnd, padStart, textWidth } from '../terminal/text-width.ts';
import { drawBar, drawCounts, drawTrouble, endedOf, totalOf } from './segment.ts';
import { fitTree, type Fitted, type StageLine, type StageNode } from './stage-tree.ts';

export interface Frame {
  readonly root: StageNode;
  /** Task runs that end per second, lately. */
  readonly rate: number;
  /** What the last line says: how to stop, that it is stopping. */
  readonly hint: string;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
}

/** Narrower than this, counts in words are left out; the bar carries them. */
const NARROW = 70;
const LEAST_COLUMNS = 24;
/** Cells of a name that nesting does not take. */
const LEAST_NAME = 8;
/** For measuring. */
const PLAIN = makeStyle(false, true);

/**
 * The live display of a run: one line a stage, the flow first. No line is wider than the terminal less one
 * cell, so that none wraps, and there are never more lines than it is high less two.
 *
 *     ▶ image-cube          ██████████rrrrr░░░░░·····   41/64  0:14  12/s
 *       ✓ import            █████████████████████████     1/1  0:02  1 done
 *       ▶ grid              ██████████rrrrr░░░░░░░░░F   40/63  0:12  38 done · 2 failed · 3 running · 20 queued
 */
export function progressLines(frame: Frame, { columns, rows, style }: Screen): string[] {
  const width = Math.max(columns, LEAST_COLUMNS) - 1;
  const room = Math.max(1, rows - 3);
  const fitted = fitTree(frame.root, room);
  const layout = measure(fitted, width);
  const lines = fitted.lines.map((line) =>
    stageLine(line, layout, style, line.depth === 0 ? frame : undefined),
  );
  const rest = leftOut(fitted, style);
  if (rest !== undefined) lines.push(style.paint('dim', fit(`  ${rest}`, width)));
  if (frame.hint !== '') lines.push(style.paint('dim', fit(oneLine(frame.hint), width)));
  return lines.slice(0, Math.max(1, rows - 1));
}

interface Layout {
  readonly name: number;
  readonly bar: number;
  readonly done: number;
  /** 0: no room for it. */
  readonly clock: number;
  /** Cells for counts in words; 0: none, but for trouble in short. */
  readonly counts: number;
  readonly trouble: number;
}

function measure({ lines }: Fitted, width: number): Layout {
  const names = Math.max(...lines.map((line) => textWidth(nameOf(line)) + 2 * line.depth + 2));
  const done = Math.max(...lines.map((line) => doneOf(line).length));
  const clocks = Math.max(...lines.map((line) => formatClock(line.elapsedMs).length));
  const isNarrow = width < NARROW;
  const name = Math.min(names, Math.max(10, Math.floor(width * (isNarrow ? 0.35 : 0.28))));
  const troubles = isNarrow
    ? Math.max(...lines.map(({ totals }) => textWidth(drawTrouble(totals, PLAIN))))
    : 0;
  const trouble = troubles === 0 ? 0 : troubles + 2;
  const most = name + 1 + 1 + done + 2 + clocks + trouble;
  const clock = most > width ? 0 : clocks;
  const fixed = clock === 0 ? most - clocks - 2 : most;
  const left = Math.max(0, width - fixed);
  const bar = isNarrow ? Math.min(30, left) : Math.min(30, Math.max(10, Math.floor(left * 0.45)));
  return { name, bar, done, clock, trouble, counts: isNarrow ? 0 : Math.max(0, left - bar - 2) };
}

function stageLine(line: StageLine, layout: Layout, style: Style, frame: Frame | undefined): string {
  const indent = '  '.repeat(Math.min(line.depth, Math.max(0, Math.floor((layout.name - LEAST_NAME) / 2))));
  const { symbol, colour } = symbolOf(line.state, style);
  const name = fit(nameOf(line), layout.name - indent.length - 2, style.hasUnicode ? '…' : '~');
  const head = `${indent}${style.paint(colour, symbol)} ${frame === undefined ? name : style.paint('bold', name)}`;
  const parts = [
    padEnd(head, layout.name),
    ' ',
    drawBar(line.totals, layout.bar, style),
    ' ',
    padStart(doneOf(line), layout.done),
    ...(layout.clock === 0 ? [] : ['  ', padStart(formatClock(line.elapsedMs), layout.clock)]),
  ];
  if (layout.counts > 0) {
    const rate = frame !== undefined && frame.rate > 0 ? formatRate(frame.rate) : '';
    const room = rate === '' ? layout.counts : layout.counts - rate.length - 2;
    const counts = drawCounts(line.totals, room, style);
    parts.push('  ', rate, rate === '' || counts === '' ? '' : '  ', counts);
  } else if (layout.trouble > 0) parts.push('  ', drawTrouble(line.totals, style));
  return parts.join('').trimEnd();
}

function nameOf({ name, count }: StageLine): string {
  return count === 1 ? oneLine(name) : `${oneLine(name)} ×${formatCount(count)}`;
}

function doneOf({ totals }: StageLine): string {
  return `${formatCount(endedOf(totals))}/${formatCount(totalOf(totals))}`;
}

function leftOut({ finished, others }: Fitted, style: Style): string | undefined {
  const dots = style.hasUnicode ? '…' : '...';
  const parts = [
    ...(finished > 0 ? [`${formatCount(finished)} finished`] : []),
    ...(others > 0 ? [`${formatCount(others)} more`] : []),
  ];
  return parts.length === 0
    ? undefined
    : `${dots} ${parts.join(' and ')} ${finished + others === 1 ? 'stage' : 'stages'}`;
}

/** What stands before a stage's name: told by its shape, the colour only helps. */
export function symbolOf(
  state: StateCode,
  style: Style,
): { readonly symbol: string; readonly colour: Colour } {
  const mark = (symbol: string, ascii: string, colour: Colour): { symbol: string; colour: Colour } => ({
    symbol: style.hasUnicode ? symbol : ascii,
    colour,
  });
  if (state < FIRST_ACTIVE) return mark('○', 'o', 'dim');
  const name = stateOf(state);
  if (state < FIRST_ENDED) return name === 'cancelling' ? mark('■', '!', 'again') : mark('▶', '>', 'active');
  if (hasSucceeded(name)) return mark('✓', '+', 'done');
  switch (name) {
    case 'skipped':
    case 'removed':
    case 'rolled_back':
      return mark('–', '-', 'dim');
    case 'cancelled':
      return mark('■', '!', 'again');
    default:
      return mark('✗', 'x', 'failed');
  }
}
