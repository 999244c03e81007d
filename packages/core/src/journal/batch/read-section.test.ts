import { describe, expect, test } from 'vitest';
import { ByteHeap } from '../wire/byte-heap.ts';
import { ColumnMemory } from '../wire/column-memory.ts';
import { ColumnReader } from '../wire/column-reader.ts';
import { ColumnWriter } from '../wire/column-writer.ts';
import { StringTable } from '../wire/string-table.ts';
import { code, lane, link, node, unsigned } from '../elements/integers.ts';
import { namedCode, reason } from '../elements/names.ts';
import { optionalDigest } from '../elements/digest.ts';
import { optionalNodeList } from '../elements/node-list.ts';
import { size, time } from '../elements/quantities.ts';
import { words } from '../elements/text.ts';
import { readSectionHeader, SECTION_HEADER_BYTES } from './batch-header.ts';
import { readSection, type EncodedSection } from './read-section.ts';
import type { Section, SectionColumns } from './section.ts';
import { SectionCollector, type FieldSource } from './section-collector.ts';

/** A section as an early version has it, and as a later one does: with a column of every element more. */
const early = { kind: 77, columns: { idx: node(), state: code('state', 9) } } as const satisfies Section;
const grown = {
  kind: 77,
  columns: {
    ...early.columns,
    attempt: unsigned('attempt'),
    parent: link('parent'),
    lane: lane(),
    kind: namedCode('kind', ['first', 'second']),
    reason: reason(),
    timeUs: time(),
    size: size(),
    message: words(),
    after: optionalNodeList('after'),
    digest: optionalDigest('digest'),
  },
} as const satisfies Section;

const row = { idx: 5, state: 3 };
const grownRow = { ...row, attempt: 2, parent: 1, kind: 'second', timeUs: 9, size: 8 };

function encode(section: Section, records: readonly FieldSource[]): EncodedSection {
  const memory = new ColumnMemory();
  const parts = { memory, strings: new StringTable(memory), heap: new ByteHeap(memory) };
  const collector = new SectionCollector(section, parts);
  for (const record of records) {
    const at = collector.open();
    collector.store(at, record);
    collector.close(at);
  }
  const buffer = new ArrayBuffer(collector.byteLength);
  const output = new ColumnWriter(buffer);
  const view = new DataView(buffer);
  collector.take(output, view);
  const body = new ColumnReader(new Uint8Array(buffer), SECTION_HEADER_BYTES, output.at, {
    strings: 0,
    heapBytes: 0,
  });
  return { header: readSectionHeader(view, 0), body };
}

describe('a section of another version', () => {
  test('with columns more is read by those that are known', () => {
    const { count, idx, state } = readSection(early, encode(grown, [grownRow, { ...grownRow, idx: 6 }]));
    expect({ count, idx: [...idx], state: [...state] }).toEqual({ count: 2, idx: [5, 6], state: [3, 3] });
  });

  test('with columns less is read with what each of them says where it is not given', () => {
    const cells = readSection(grown, encode(early, [row, row]));
    const fields = Object.entries<SectionColumns[string]>(grown.columns).map(([name, element]) => [
      name,
      element.field(Reflect.get(cells, name), 1, { text: () => '', heapBytes: () => new Uint8Array(0) }),
    ]);
    expect(Object.fromEntries(fields)).toEqual({
      ...row,
      attempt: 0,
      parent: -1,
      lane: -1,
      kind: 'first',
      reason: '',
      timeUs: 0,
      size: 0,
      message: '',
      after: [],
      digest: new Uint8Array(0),
    });
  });

  test('that is not there has no rows', () => {
    expect(readSection(grown, undefined).count).toBe(0);
  });

  test('whose bytes and columns do not agree is refused', () => {
    const { header, body } = encode(grown, [grownRow]);
    expect(() => readSection(grown, { header: { ...header, columns: 3 }, body })).toThrow('a section ends');
    expect(() => readSection(grown, { header: { ...header, columns: 0 }, body })).toThrow('no columns');
  });
});
