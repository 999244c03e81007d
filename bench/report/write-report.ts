import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { csvRows } from './csv.ts';
import type { Findings } from './findings.ts';
import { markdownReport } from './markdown.ts';
import { pageHtml } from './page.ts';

/** Writes everything that a suite tells into its folder, and gives the tables as Markdown. */
export function writeReport(folder: string, findings: Findings): string {
  const markdown = markdownReport(findings);
  writeFileSync(join(folder, 'results.csv'), csvRows(findings));
  writeFileSync(join(folder, 'table.md'), markdown);
  writeFileSync(join(folder, 'report.html'), pageHtml(findings));
  return markdown;
}
