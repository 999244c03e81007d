import type { Findings } from './findings.ts';
import { systemNotes, type SystemNote } from './systems.ts';
import { microTable, targetTable, treeTable, type Table } from './tables.ts';

/** The tables as Markdown, with the machine, the date and the versions. */
export function markdownReport(findings: Findings): string {
  const { machine, began, isOver } = findings;
  const parts = [
    `${machine}; ${began.slice(0, 10)}${isOver ? '' : '; not all of it is measured yet'}.`,
    ...[treeTable(findings), microTable(findings), targetTable(findings)]
      .filter(({ rows }) => rows.length > 0)
      .map(markdownTable),
    '**Versions and settings**',
    systemNotes(findings).map(systemText).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** A system in one item of a list. */
function systemText({ title, versions, settings }: SystemNote): string {
  const said = [...versions, ...settings].map((text) => text.replaceAll('\n', ' '));
  return `- ${title}: ${said.length === 0 ? 'nothing measured' : said.join('. ')}.`;
}

/** One table, padded like a formatter would. */
export function markdownTable({ title, columns, rows }: Table): string {
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')));
  const widths = columns.map(({ name }, index) =>
    Math.max(3, name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.isNumeric === true)).join(' | ')} |`;
  const rule = columns.map(({ isNumeric }, index) => {
    const width = widths[index] ?? 3;
    return isNumeric ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
  });
  const header = line(columns.map(({ name }) => name));
  return [`**${title}**`, '', header, line(rule), ...cells.map(line)].join('\n');
}

function pad(text: string, width: number, toTheRight: boolean): string {
  return toTheRight ? text.padStart(width) : text.padEnd(width);
}
