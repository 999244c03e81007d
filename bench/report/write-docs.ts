import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvRows } from './csv.ts';
import { microFigures, overheadFigures, type Figure } from './figures.ts';
import type { Findings } from './findings.ts';
import { markdownReport } from './markdown.ts';
import { PALETTE_CSS, PLOT_CSS } from './palette.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const BEGIN = '<!-- suite: written by npm run bench -- --docs -->';
const END = '<!-- end of suite -->';

/** Puts the tables between the marks of `docs/benchmarks.md`, and plots and data into `docs/benchmarks/`. */
export function writeDocs(findings: Findings): void {
  const page = join(ROOT, 'docs', 'benchmarks.md');
  const folder = join(ROOT, 'docs', 'benchmarks');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.csv'), csvRows(findings));
  const figures = [...overheadFigures(findings), ...microFigures(findings)];
  for (const { name, svg } of figures) writeFileSync(join(folder, `${name}.svg`), standaloneSvg(svg));
  const block = [markdownReport(findings), ...figures.map(imageText)].join('\n');
  writeFileSync(page, withBlock(readFileSync(page, 'utf8'), block));
  const prettier = join(ROOT, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  spawnSync(process.execPath, [prettier, '--write', '--log-level', 'warn', page], { stdio: 'inherit' });
}

/** A page with what stands between the marks replaced. Throws if it has no marks. */
export function withBlock(page: string, block: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no lines ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${block.trim()}\n\n${page.slice(to)}`;
}

/** A plot as a file of its own, which follows the reader's preference for light or dark too. */
function standaloneSvg(svg: string): string {
  return svg.replace('>', `><style>${PALETTE_CSS}${PLOT_CSS} svg { background: var(--card); }</style>`);
}

function imageText({ name, title, caption }: Figure): string {
  return `**${title}**${caption === '' ? '' : ` ${caption}`}\n\n![${title}](benchmarks/${name}.svg)\n`;
}
