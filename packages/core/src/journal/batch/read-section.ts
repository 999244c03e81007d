import type { ColumnReader } from '../wire/column-reader.ts';
import { corrupt } from '../wire/journal-errors.ts';
import type { SectionHeader } from './batch-header.ts';
import type { Section, SectionCells, SectionColumns } from './section.ts';

/** A section as it lies in a batch: its header, and its bytes to be read column after column. */
export interface EncodedSection {
  readonly header: SectionHeader;
  readonly body: ColumnReader;
}

/**
 * The rows of a section as columns; none if the batch has no such section. Columns that its writer did not
 * know hold their defaults; columns that this version does not know are passed over.
 */
export function readSection<Columns extends SectionColumns>(
  section: Section<Columns>,
  encoded: EncodedSection | undefined,
): SectionCells<Columns> {
  const rows = encoded?.header.rows ?? 0;
  const written = encoded?.header.columns ?? 0;
  const wide = encoded?.header.wide ?? 0;
  if (encoded !== undefined && written === 0) throw corrupt(`its section ${section.kind} has no columns`);
  const cells = Object.entries(section.columns).map(([name, element], i) => [
    name,
    encoded === undefined || i >= written
      ? element.absent(rows)
      : element.read(encoded.body, rows, ((wide >>> i) & 1) === 1),
  ]);
  if (encoded !== undefined && written <= cells.length) encoded.body.assertEnd();
  // A table of columns is read column by column; that the result has the table's shape, no type can follow.
  return { ...Object.fromEntries(cells), count: rows } as SectionCells<Columns>;
}
