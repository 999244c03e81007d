import { readFileSync, statSync } from 'node:fs';
import type { Style } from '../terminal/style.ts';
import { printable } from '../terminal/printable.ts';
import { fit } from '../terminal/text-width.ts';

/** A place in a file. Line and column count from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Files larger than this are not opened to show one line of them. */
const MAX_BYTES = 4 * 2 ** 20;

/** Reads `file:line:column`. */
export function parsePlace(at: string): Place | undefined {
  const match = /^(.+):(\d+):(\d+)$/.exec(at);
  if (match === null) return undefined;
  return { path: match[1] ?? '', line: Number(match[2]), column: Number(match[3]) };
}

/** The text of a source file, or undefined if it cannot be read (any more). */
export function readSource(path: string): string | undefined {
  try {
    return statSync(path).size <= MAX_BYTES ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The line of the source and a caret beneath the column:
 *
 *       12 │   const image = await grid(vis);
 *          │                       ^
 */
export function excerptLines(
  source: string,
  { line, column }: Place,
  { style, width }: Readonly<{ style: Style; width: number }>,
): string[] {
  const text = source.split('\n')[line - 1];
  if (text === undefined || text.trim() === '') return [];
  const bar = style.hasUnicode ? '│' : '|';
  const number = String(line);
  const room = Math.max(10, width - number.length - 8);
  const before = printable(text.slice(0, column - 1)).replaceAll('\t', '  ');
  const whole = printable(text.trimEnd()).replaceAll('\t', '  ');
  const indent = whole.length - whole.trimStart().length;
  // Keep two columns of the indentation, so that the excerpt reads as code; and the caret within the width.
  let start = Math.max(0, indent - 2);
  if (before.length - start >= room) start = before.length - Math.floor(room / 2);
  const shown = fit(whole.slice(start), room, style.hasUnicode ? '…' : '~');
  const pad = ' '.repeat(number.length);
  return [
    `    ${style.paint('dim', `${number} ${bar}`)} ${shown}`,
    `    ${style.paint('dim', `${pad} ${bar}`)} ${' '.repeat(Math.max(0, before.length - start))}${style.paint('failed', '^')}`,
  ];
}
