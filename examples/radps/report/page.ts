import { STYLE } from './style.ts';
import { escapeText } from './svg.ts';

/** How good something is, as a colour: green, blue, orange, red, or grey for not known. */
export type Tone = 'good' | 'fair' | 'poor' | 'bad' | 'none';

/** A cell of a table: text, a number set to the right, a coloured word, text that may wrap, or a file beside the page. */
export type Cell =
  | string
  | { readonly number: string }
  | { readonly chip: string; readonly tone: Tone }
  | { readonly long: string }
  | { readonly file: string };

/** A piece of a section. */
export type Block =
  | { readonly kind: 'figures'; readonly figures: readonly FigureBlock[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'heading'; readonly text: string; readonly note?: string }
  /** Closed until the reader opens it. */
  | { readonly kind: 'details'; readonly summary: string; readonly blocks: readonly Block[] };

export interface FigureBlock {
  readonly title: string;
  /** Markup from `drawImage` or `drawPlot`. */
  readonly svg: string;
  readonly caption?: string;
  /** Takes the whole width of the page. */
  readonly wide?: boolean;
  /** Half as wide as others: one of several that are compared. */
  readonly small?: boolean;
}

/** One of the few numbers that matter most; a colour for what is judged. */
export type Tile = readonly [name: string, value: string, tone?: Tone];

export interface Section {
  readonly title: string;
  readonly note?: string;
  readonly blocks: readonly Block[];
}

export interface Page {
  readonly title: string;
  readonly subtitle: string;
  readonly tiles: readonly Tile[];
  readonly sections: readonly Section[];
  readonly footer: string;
}

/** One HTML file that needs nothing else: no script, no network, pictures inside. */
export function renderPage(page: Page): string {
  const anchors = page.sections.map(
    ({ title }) => [title, title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')] as const,
  );
  const sections = page.sections.map(
    ({ title, note, blocks }, index) =>
      `<section id="${anchors[index]?.[1] ?? ''}"><h2>${escapeText(title)}</h2>${note === undefined ? '' : `<p class="note">${escapeText(note)}</p>`}${blocks.map(renderBlock).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(page.title)}</title><style>${STYLE}</style></head><body><main>
<header><h1>${escapeText(page.title)}</h1><p>${escapeText(page.subtitle)}</p>
<nav>${anchors.map(([title, anchor]) => `<a href="#${anchor}">${escapeText(title)}</a>`).join('')}</nav></header>
<div class="tiles">${page.tiles.map(renderTile).join('')}</div>
${sections.join('\n')}
<section><p class="note">${escapeText(page.footer)}</p></section>
</main></body></html>
`;
}

function renderTile([name, value, tone]: Tile): string {
  const mark = tone === undefined ? '' : ` class="${tone}"`;
  return `<div class="tile"><b${mark}>${escapeText(value)}</b><span>${escapeText(name)}</span></div>`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'figures':
      return `<div class="figures${block.figures.every(({ small }) => small === true) ? ' many' : ''}">${block.figures.map(renderFigure).join('')}</div>`;
    case 'heading':
      return `<h3 class="part">${escapeText(block.text)}</h3>${block.note === undefined ? '' : `<p class="note">${escapeText(block.note)}</p>`}`;
    case 'details':
      return `<details><summary>${escapeText(block.summary)}</summary>${block.blocks.map(renderBlock).join('')}</details>`;
    case 'facts':
      return `<dl class="facts">${block.facts.map(([name, value]) => `<div><dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd></div>`).join('')}</dl>`;
    case 'table':
      return renderTable(block.columns, block.rows);
  }
}

function renderFigure({ title, svg, caption, wide }: FigureBlock): string {
  const below = caption === undefined ? '' : `<figcaption>${escapeText(caption)}</figcaption>`;
  return `<figure${wide === true ? ' class="wide"' : ''}><h3>${escapeText(title)}</h3>${svg}${below}</figure>`;
}

/** A longer table scrolls in a frame of its own, so that what comes after it is not far away. */
const MOST_ROWS = 18;

function renderTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = columns.map((_, index) => {
    return rows.slice(0, 20).some((row) => {
      const cell = row[index];
      return typeof cell === 'object' && 'number' in cell;
    });
  });
  const head = columns.map(
    (name, index) => `<th${numeric[index] === true ? ' class="n"' : ''}>${escapeText(name)}</th>`,
  );
  const body = rows.map((row) => `<tr>${row.map(renderCell).join('')}</tr>`);
  const tall = rows.length > MOST_ROWS ? ' tall' : '';
  return `<div class="scroll${tall}"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function renderCell(cell: Cell): string {
  if (typeof cell === 'string') return `<td>${escapeText(cell)}</td>`;
  if ('number' in cell) return `<td class="n">${escapeText(cell.number)}</td>`;
  if ('long' in cell) return `<td class="w">${escapeText(cell.long)}</td>`;
  if ('file' in cell)
    return `<td><a href="${escapeText(relativeLink(cell.file))}">${escapeText(cell.file)}</a></td>`;
  return `<td><span class="chip ${cell.tone}">${escapeText(cell.chip)}</span></td>`;
}

/** A link to a file below the page's own folder: never an address elsewhere, whatever the file is called. */
function relativeLink(path: string): string {
  return `./${path.split('/').map(encodeURIComponent).join('/')}`;
}
