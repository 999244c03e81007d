import type { Style } from './terminal/style.ts';
import type { Output } from './terminal/output.ts';

/** What a command knows of the world: its outputs, its surroundings and the time. */
export interface Context {
  /** Data. */
  readonly out: Output;
  /** Narration: progress, summaries, errors. */
  readonly err: Output;
  readonly outStyle: Style;
  readonly errStyle: Style;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Show whole stacks of errors. */
  readonly debug: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Writes one JSON document: the whole of what a command with `--json` writes to stdout. */
export function writeJson({ out }: Context, document: Readonly<Record<string, unknown>>): void {
  out.write(`${JSON.stringify(document, undefined, out.isTerminal ? 2 : undefined)}\n`);
}

/** Writes lines to stdout. */
export function writeLines({ out }: Context, lines: readonly string[]): void {
  if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
}
