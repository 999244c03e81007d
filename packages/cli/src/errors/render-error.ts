import type { ErrorRecord } from '@sidereal/core';
import { homedir } from 'node:os';
import { relative } from 'node:path';
import { oneLine, printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';
import { wrap } from '../terminal/wrap.ts';
import { excerptLines, parsePlace, readSource } from './source-excerpt.ts';

export interface RenderOptions {
  readonly style: Style;
  readonly width: number;
  /** Paths under it are shown relative to it. */
  readonly cwd: string;
  /** Show whole stacks. */
  readonly debug?: boolean;
  /** Reads a source file; for tests. */
  readonly read?: (path: string) => string | undefined;
}

/** Causes that are followed. */
const MAX_CAUSES = 4;
/** Lines of one message. */
const MAX_MESSAGE_LINES = 12;

/**
 * An error as people read it: code and message, the user's own line with the source, what lies beneath, and
 * what to do.
 */
export function errorLines(error: ErrorRecord, options: RenderOptions): string[] {
  const { style, debug = false } = options;
  const lines = [
    ...headline(error, options),
    ...whereLines(error, options),
    ...causeLines(error, options, 0),
  ];
  if (error.remedy !== undefined) lines.push(...labelled('remedy', error.remedy, options));
  if (isOurs(error)) {
    lines.push(`  ${style.paint('dim', 'more  ')}  ${style.paint('code', `sidereal explain ${error.code}`)}`);
  }
  if (debug && error.stack !== undefined) {
    lines.push(
      '',
      ...printable(error.stack)
        .split('\n')
        .map((line) => style.paint('dim', `  ${line}`)),
    );
  }
  return lines;
}

/** One line: `MAP_FAILED: 3 of 8 runs of square failed (flow.ts:4:9)`. */
export function errorSummary(error: ErrorRecord, cwd: string): string {
  const where = error.at === undefined ? '' : ` (${shortPath(error.at, cwd)})`;
  return `${title(error)}: ${oneLine(firstLine(error.message))}${where}`;
}

/** A path relative to the working directory if it lies beneath it, with `~` for the home folder otherwise. */
export function shortPath(path: string, cwd: string): string {
  const beneath = relative(cwd, path);
  if (beneath !== '' && !beneath.startsWith('..')) return beneath;
  const home = homedir();
  return home.length > 1 && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

function headline(error: ErrorRecord, options: RenderOptions): string[] {
  const { style, width } = options;
  const cross = style.hasUnicode ? '✗' : 'x';
  const text = clipped(printable(error.message), MAX_MESSAGE_LINES);
  const [first = '', ...rest] = wrap(`${title(error)}  ${text}`, width - 2);
  const head = first.startsWith(title(error))
    ? style.paint('failed', title(error)) + first.slice(title(error).length)
    : first;
  return [`${style.paint('failed', cross)} ${head}`, ...rest.map((line) => `  ${line}`)];
}

function whereLines({ at }: ErrorRecord, options: RenderOptions): string[] {
  if (at === undefined) return [];
  const { style, cwd, read = readSource } = options;
  const lines = [`  ${style.paint('dim', 'at')} ${style.paint('code', shortPath(at, cwd))}`];
  const place = parsePlace(at);
  const source = place === undefined ? undefined : read(place.path);
  if (place === undefined || source === undefined) return lines;
  return [...lines, ...excerptLines(source, place, options)];
}

function causeLines(error: ErrorRecord, options: RenderOptions, depth: number): string[] {
  const { cause, errors = [] } = error;
  const lines: string[] = [];
  const places = new Set<string>();
  for (const inner of errors) {
    // Several from one line: the line is shown once.
    const isShown = inner.at !== undefined && places.has(inner.at);
    const { at: _at, ...elsewhere } = inner;
    lines.push(...bulletLines('one of them', isShown ? elsewhere : inner, options));
    if (inner.at !== undefined) places.add(inner.at);
  }
  if (cause === undefined) return lines;
  // A group without words of its own is told by its members.
  const isGroup = cause.errors !== undefined && cause.errors.length > 0 && cause.code === undefined;
  // What the error has told in its own words needs no saying again.
  const isTold = error.message.includes(cause.message) && (cause.at === undefined || cause.at === error.at);
  if (!isGroup && !isTold) lines.push(...bulletLines('caused by', cause, options));
  if (depth + 1 < MAX_CAUSES) lines.push(...causeLines(cause, options, depth + 1));
  else if (cause.cause !== undefined) lines.push('  …');
  return lines;
}

function bulletLines(label: string, error: ErrorRecord, options: RenderOptions): string[] {
  const { style, width } = options;
  const text = clipped(printable(error.message), MAX_MESSAGE_LINES);
  const [first = '', ...rest] = wrap(`${label} ${title(error)}: ${text}`, width - 4);
  const lines = [
    `  ${first.startsWith(label) ? style.paint('dim', label) + first.slice(label.length) : first}`,
    ...rest.map((line) => `    ${line}`),
  ];
  return [...lines, ...whereLines(error, { ...options, width: width - 2 }).map((line) => `  ${line}`)];
}

function labelled(label: string, text: string, { style, width }: RenderOptions): string[] {
  const lines = wrap(printable(text), width - label.length - 4);
  return lines.map((line, at) =>
    at === 0 ? `  ${style.paint('dim', label)}  ${line}` : `  ${' '.repeat(label.length)}  ${line}`,
  );
}

/** The code of errors of ours, the class of others. */
function title(error: ErrorRecord): string {
  return isOurs(error) ? error.code : error.name;
}

function isOurs(error: ErrorRecord): error is ErrorRecord & { readonly code: string } {
  return error.code !== undefined && error.remedy !== undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

function clipped(text: string, lines: number): string {
  const all = text.split('\n');
  return all.length <= lines ? text : `${all.slice(0, lines).join('\n')}\n… ${all.length - lines} more lines`;
}
