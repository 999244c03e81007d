/**
 * The fenced block that follows the comment `<!-- MARKER -->` in a Markdown text. The README marks the
 * pipeline that the packaging test runs with `<!-- flow.ts -->`, and what it prints with
 * `<!-- flow.ts prints -->`.
 */
export function readmeBlock(markdown: string, marker: string): string {
  const start = markdown.indexOf(`<!-- ${marker} -->`);
  if (start === -1) throw new Error(`README.md has no comment <!-- ${marker} -->`);
  const block = /^```\w*\n([\s\S]*?)^```$/m.exec(markdown.slice(start))?.[1];
  if (block === undefined) throw new Error(`README.md has no fenced block after <!-- ${marker} -->`);
  return block;
}
