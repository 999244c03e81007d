import type { SourceFile } from './source-files.ts';

/** Lines of a file as an editor counts them: blank ones and comments too. */
export function linesOf({ text }: SourceFile): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** The size that nine of ten do not exceed. */
export function ninetiethPercentile(sizes: readonly number[]): number {
  const sorted = sizes.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
}
