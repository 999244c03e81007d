import { microFigures, overheadFigures, type Figure } from './figures.ts';
import type { Findings } from './findings.ts';
import { PALETTE_CSS, PLOT_CSS } from './palette.ts';
import { escapeText } from './svg.ts';
import { microTable, targetTable, treeTable, type Column, type Table } from './tables.ts';
import { systemNotes } from './systems.ts';

/** The report as one file that opens from disk. */
export function pageHtml(findings: Findings): string {
  const { machine, began, isOver } = findings;
  const unfinished = isOver
    ? ''
    : '<p class="warn">The suite was interrupted: not all of it is measured yet.</p>';
  const sections = [
    section('What is asked of Sidereal', TARGETS, tableHtml(targetTable(findings))),
    section(
      'Overhead of a tree of sleeping leaves',
      OVERHEAD,
      figuresHtml(overheadFigures(findings)) + tableHtml(treeTable(findings)),
    ),
    section('Micro rows', MICRO, figuresHtml(microFigures(findings)) + tableHtml(microTable(findings))),
    section('Systems, versions and settings', SYSTEMS, systemsHtml(findings)),
    section(
      'How it is measured',
      '',
      `<ul class="note">${METHOD.map((line) => `<li>${line}</li>`).join('')}</ul>`,
    ),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>What a task costs</title><style>${PALETTE_CSS}${PAGE_CSS}${PLOT_CSS}</style></head>
<body><main><header><h1>What a task costs</h1><p>${escapeText(machine)} · ${escapeText(began.slice(0, 16).replace('T', ' '))} UTC</p>${unfinished}</header>
${sections.join('\n')}
</main></body></html>
`;
}

const TARGETS = 'On two cores. Where the size asked for was not measured, the nearest smaller one stands in.';
const OVERHEAD =
  'n leaves sleep and return an array, n − 1 tasks add adjacent pairs. Overhead is 100 · (T − S/P) / (S/P): T the wall time, S the sum of the times measured inside the tasks, P the slots. Nobody can be below the dashed line; bars on a mark span the repetitions.';
const MICRO =
  'Seconds of one task, from the first call to the reported end, divided by the tasks. The axis is logarithmic.';
const SYSTEMS = 'Each as its own documentation recommends. Sidereal records every task run, always.';
const METHOD = [
  'One case at a time, each in a fresh process, all systems by turns; the clock runs after threads, processes and clusters are warm, from the first submission until the result is in the caller’s hands and the run is reported ended.',
  'Floor: greedy list scheduling of n draws over the slots, in the order of submission, at no cost; reducers take no time in it; the median of five sets of draws.',
  'Slot idle per leaf is (T − S/P) / (n/P). Submit: until the last task was handed over.',
  'Peak memory: largest sum of proportional set sizes of all processes of the case, sampled; CPU: all of them, set-up and warm-up included; services that were there before count with what they grew by. Both only on Linux.',
  'Recorded at the end: rows of task runs in an ended state, read by somebody else at the moment the run is reported ended. B / task: growth of the record on disk.',
];

function section(title: string, note: string, body: string): string {
  const said = note === '' ? '' : `<p class="note">${escapeText(note)}</p>`;
  return `<section><h2>${escapeText(title)}</h2>${said}${body}</section>`;
}

function figuresHtml(figures: readonly Figure[]): string {
  const each = figures.map(({ title, caption, svg }) => {
    const words = caption === '' ? '' : `<figcaption>${escapeText(caption)}</figcaption>`;
    return `<figure><h3>${escapeText(title)}</h3>${svg}${words}</figure>`;
  });
  return `<div class="figures">${each.join('')}</div>`;
}

function tableHtml({ columns, rows }: Table): string {
  if (rows.length === 0) return '';
  const cell = (tag: string, text: string, index: number): string =>
    `<${tag}${classOf(columns[index], text)}>${escapeText(text)}</${tag}>`;
  const head = columns.map(({ name }, index) => cell('th', name, index)).join('');
  const body = rows.map((row) => `<tr>${row.map((text, index) => cell('td', text, index)).join('')}</tr>`);
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function classOf(column: Column | undefined, text: string): string {
  if (column?.isNumeric === true) return ' class="n"';
  return text.length > LONG ? ' class="w"' : '';
}

/** Letters of a cell that may be broken into lines. */
const LONG = 60;

function systemsHtml(findings: Findings): string {
  return systemNotes(findings)
    .map(({ title, about, variants, versions, settings, services, refusals }) => {
      const lines = [
        ...variants.map((variant) => `<b>${escapeText(variant.name)}</b>: ${escapeText(variant.about)}`),
        ...versions.map((text) => `versions: ${escapeText(text)}`),
        ...settings.map((text) => `settings: ${escapeText(text)}`),
        ...(services.length > 0 ? [`services that count: ${escapeText(services.join(', '))}`] : []),
        ...refusals.map(escapeText),
      ];
      return `<h3>${escapeText(title)}</h3><p class="note">${escapeText(about)}</p><ul class="note">${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
    })
    .join('');
}

const PAGE_CSS = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1320px; margin: 0 auto; padding: 24px clamp(12px, 3vw, 32px) 64px; }
h1 { font-size: clamp(22px, 3.4vw, 30px); line-height: 1.2; margin: 0 0 4px; } header p { margin: 0; color: var(--muted); }
header p.warn { color: var(--k1); margin-top: 6px; }
section { margin-top: 36px; } h2 { font-size: 19px; margin: 0 0 4px; } h3 { font-size: 15px; margin: 0 0 6px; }
section > h3 { margin-top: 18px; }
.note { color: var(--muted); margin: 0 0 12px; max-width: 84ch; overflow-wrap: anywhere; } ul.note { padding-left: 18px; } .note b { color: var(--fg); font-weight: 500; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); gap: 16px; align-items: start; margin-bottom: 16px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
figcaption { color: var(--muted); font-size: 13px; margin-top: 8px; } svg { display: block; width: 100%; height: auto; }
.scroll { overflow: auto; max-height: 80vh; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 12px; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; } th { color: var(--muted); font-weight: 500; position: sticky; top: 0; background: var(--card); } td.w { white-space: normal; min-width: 36ch; } td.n, th.n { text-align: right; }
@media print { body { background: #fff; } .scroll { max-height: none; } figure, .scroll { break-inside: avoid; } }
`;
