import type { Colour, Style } from './style.ts';
import { fit, padEnd, textWidth } from './text-width.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** What this column gives up first when the terminal is narrow: the higher, the sooner; 0 (default): nothing. */
  readonly shrink?: number;
  /** Left out where the terminal is too narrow for all columns; the last of these first. */
  readonly optional?: boolean;
}

export interface Cell {
  readonly text: string;
  readonly colour?: Colour;
}

const GAP = 2;
const LEAST = 8;

/**
 * A table as lines, two spaces between columns, no wider than `width` as far as columns may shrink or be left
 * out. Cells are plain text on one line. Trailing blanks are left out.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { style, width }: Readonly<{ style: Style; width: number }>,
): string[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(textWidth(title), ...rows.map((row) => textWidth(row[at]?.text ?? ''))),
  );
  const dropped = leaveOut(columns, widths, width);
  if (dropped !== undefined) {
    const rest = <T>(cells: readonly T[]): T[] => cells.filter((_, at) => at !== dropped);
    return tableLines(rest(columns), rows.map(rest), { style, width });
  }
  shrink(columns, widths, width);
  const line = (cells: readonly Cell[]): string => {
    let text = '';
    let blank = 0;
    for (const [at, column] of columns.entries()) {
      const cell = cells[at] ?? { text: '' };
      const room = widths[at] ?? 0;
      const content = fit(cell.text, room, style.hasUnicode ? '…' : '~');
      const lead = column.align === 'right' ? room - textWidth(content) : 0;
      if (content !== '') {
        text += ' '.repeat(blank + lead) + style.paint(cell.colour ?? 'plain', content);
        blank = 0;
      } else blank += lead;
      blank += room - lead - textWidth(content) + GAP;
    }
    return text;
  };
  return [line(columns.map(({ title }) => ({ text: title, colour: 'dim' }))), ...rows.map(line)];
}

/** The column to leave out, if all of them are too wide even when they give up what they can. */
function leaveOut(columns: readonly Column[], widths: readonly number[], width: number): number | undefined {
  const least = widths.map((full, at) => ((columns[at]?.shrink ?? 0) > 0 ? Math.min(full, LEAST) : full));
  const total = least.reduce((sum, next) => sum + next, GAP * (least.length - 1));
  if (total <= width) return undefined;
  const found = columns.findLastIndex(({ optional }) => optional === true);
  return found < 0 ? undefined : found;
}

function shrink(columns: readonly Column[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, next) => sum + next, GAP * (widths.length - 1)) - width;
  const order = columns
    .map((column, at) => ({ at, shrink: column.shrink ?? 0 }))
    .filter((column) => column.shrink > 0)
    .sort((a, b) => b.shrink - a.shrink);
  for (const { at } of order) {
    if (excess <= 0) return;
    const now = widths[at] ?? 0;
    const less = Math.min(excess, Math.max(0, now - LEAST));
    widths[at] = now - less;
    excess -= less;
  }
}

/** Two columns without titles: names and what they mean, as help texts and headers have them. */
export function pairLines(
  pairs: readonly (readonly [name: string, text: string])[],
  {
    indent = 2,
    nameColour = 'plain',
    style,
  }: Readonly<{ indent?: number; nameColour?: Colour; style: Style }>,
): string[] {
  const room = Math.max(0, ...pairs.map(([name]) => textWidth(name)));
  return pairs.map(([name, text]) =>
    `${' '.repeat(indent)}${style.paint(nameColour, padEnd(name, room))}  ${text}`.trimEnd(),
  );
}
