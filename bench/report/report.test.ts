import { describe, expect, it } from 'vitest';
import { exampleFindings } from '../testing/example-findings.ts';
import { csvRows } from './csv.ts';
import { microFigures, overheadFigures } from './figures.ts';
import { summarise } from './findings.ts';
import { markdownReport, markdownTable } from './markdown.ts';
import { figureText, secondsText } from './number-text.ts';
import { pageHtml } from './page.ts';
import { targetLines } from './targets.ts';
import { withBlock } from './write-docs.ts';

const findings = exampleFindings();

describe('findings', () => {
  it('are medians over the repetitions, with the floor and the excess over it', () => {
    const all = summarise(findings);
    const found = all.find(({ planned }) => planned.series.startsWith('U(0.09') && planned.asked.n === 4000);
    expect(found?.repetitions).toBe(3);
    expect(found?.overhead?.lowest).toBeLessThan(found?.overhead?.median ?? 0);
    expect(found?.excess).toBeCloseTo((found?.overhead?.median ?? 0) - (found?.floor?.median ?? 0), 12);
    expect(found?.recordedShare).toBe(1);
  });

  it('judge a target only at its own size', () => {
    const lines = targetLines(findings);
    expect(lines.map(({ isMet }) => isMet)).toEqual([false, false, true, undefined]);
    expect(lines.at(-1)?.measured).toContain('n = 1,000');
  });
});

describe('the CSV file', () => {
  const [header = '', ...rows] = csvRows(findings).trimEnd().split('\n');

  it('begins with the columns of the published results', () => {
    expect(header.split(',').slice(0, 21)).toEqual([
      'run_id',
      'framework',
      'date',
      'developer',
      'system',
      'n_tasks',
      't_min_sleep',
      't_max_sleep',
      't_workflow',
      't_sum_task_times',
      't_sum_task_times_per_unit',
      'overhead_percentage',
      'overhead_per_task_seconds',
      'threads/process',
      'processes',
      'parallelism',
      'runner',
      'database',
      'type',
      'memory',
      'return_size_mb',
    ]);
  });

  it('has a line for every measurement, quoted where needed', () => {
    expect(rows).toHaveLength(findings.measurements.length);
    expect(rows.some((row) => row.includes('"exit code 1: no database, ""none"" at all"'))).toBe(true);
  });
});

describe('the Markdown table', () => {
  it('is padded, with figures to the right and bars escaped', () => {
    const columns = [
      { name: 'what', isNumeric: false },
      { name: 'n', isNumeric: true },
    ];
    expect(markdownTable({ title: 'T', columns, rows: [['a|b', '1,000']] })).toBe(
      '**T**\n\n| what |     n |\n| ---- | ----: |\n| a\\|b | 1,000 |',
    );
  });

  it('says why something was not measured', () => {
    const text = markdownReport(findings);
    expect(text).toContain('there is no runner for processes');
    expect(text).toContain('- Sidereal: sidereal = 1.2.3. threads = 16; database = PostgreSQL 15.');
  });
});

describe('the page', () => {
  const html = pageHtml(findings);

  it('is one file that loads nothing and escapes what systems say', () => {
    expect(html).not.toMatch(/(?:src|href)=|@import|url\(/);
    expect(html).toContain('Slow &#38; steady');
    expect(html).not.toContain('Slow & steady');
    expect(html.trimEnd().endsWith('</html>')).toBe(true);
  });

  it('has no figure that is not a number', () => {
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('draws every workload that has several sizes, the sweep, and every micro row', () => {
    const titles = overheadFigures(findings).map(({ title }) => title);
    expect(titles).toContain('U(0.09, 0.11) s, 0.1 MiB, 16 threads');
    expect(titles.at(-1)).toMatch(/^Sweep over durations/);
    expect(microFigures(findings).map(({ name }) => name)).toContain('stages-16000');
  });
});

describe('the block in the documentation', () => {
  const marks = ['<!-- suite: written by npm run bench -- --docs -->', '<!-- end of suite -->'] as const;

  it('replaces what stands between the marks and nothing else', () => {
    const page = `before\n\n${marks[0]}\n\nold\n\n${marks[1]}\n\nafter\n`;
    expect(withBlock(page, 'new')).toBe(`before\n\n${marks[0]}\n\nnew\n\n${marks[1]}\n\nafter\n`);
    expect(() => withBlock('no marks', 'new')).toThrow('has no lines');
  });
});

describe('numbers as text', () => {
  it('have three digits that count, and a unit that suits them', () => {
    expect([0.012345, 12.345, 1234.5, -0.5].map((value) => figureText(value))).toEqual([
      '0.0123',
      '12.3',
      '1,235',
      '−0.5',
    ]);
    expect([2, 0.0123, 1.2e-6, 0].map((value) => secondsText(value))).toEqual([
      '2 s',
      '12.3 ms',
      '1.2 µs',
      '0 s',
    ]);
    expect(figureText(undefined)).toBe('–');
  });
});
