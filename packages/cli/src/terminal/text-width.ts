import { stripVTControlCharacters } from 'node:util';

/** Characters that take two cells of a terminal: East Asian wide and fullwidth forms, and pictures. */
const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;
/** Characters that take none: combining marks, joiners, variation selectors. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Cells that a text takes on a terminal, without its colours. */
export function textWidth(text: string): number {
  // Printable ASCII is the rule; everything else is looked at.
  if (/^[\x20-\x7E]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += cellsOf(character);
  return width;
}

/** The text, cut to so many cells; `…` (or `~`) shows that something is missing. The text holds no colours. */
export function fit(text: string, cells: number, ellipsis = '…'): string {
  if (textWidth(text) <= cells) return text;
  if (cells <= 0) return '';
  let cut = '';
  let width = 0;
  for (const character of text) {
    const next = cellsOf(character);
    if (width + next > cells - 1) break;
    width += next;
    cut += character;
  }
  return `${cut}${ellipsis}`;
}

/** The text with spaces up to so many cells. */
export function padEnd(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - textWidth(text)));
}

export function padStart(text: string, cells: number): string {
  return ' '.repeat(Math.max(0, cells - textWidth(text))) + text;
}

function cellsOf(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
