import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BATCH_VERSION } from './batch-header.ts';
import { RECORD_SECTIONS } from './record-sections.ts';

const page = readFileSync(new URL('../format.md', import.meta.url), 'utf8');

test('the page of the format has the columns of the table, in their order', () => {
  const described = page
    .split('\n### ')
    .slice(1)
    .map((section) => {
      const [title = '', ...lines] = section.split('\n## ')[0]!.split('\n');
      const [, kind, name] = /^(\d+): `(\w+)`$/.exec(title) ?? [];
      const columns = lines.flatMap((line) => /^\| (\w+) /.exec(line)?.[1] ?? []).slice(1);
      return { name, kind: Number(kind), columns };
    });
  expect(described).toEqual(
    Object.entries(RECORD_SECTIONS).map(([name, { kind, columns }]) => ({
      name,
      kind,
      columns: Object.keys(columns),
    })),
  );
});

test('and its version', () => {
  expect(page).toContain(`# The journal's batch format, version ${BATCH_VERSION}\n`);
});
