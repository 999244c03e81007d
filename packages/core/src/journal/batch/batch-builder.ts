import { SiderealError } from '../../errors.ts';
import type { CollectedParts } from '../elements/element.ts';
import { ByteHeap } from '../wire/byte-heap.ts';
import { ALIGNMENT, ColumnWriter } from '../wire/column-writer.ts';
import { grown } from '../wire/grown.ts';
import { StringTable } from '../wire/string-table.ts';
import {
  assertLittleEndian,
  BATCH_HEADER_BYTES,
  ORDER_SECTION,
  SECTION_HEADER_BYTES,
  STRINGS_SECTION,
  writeBatchHeader,
  writeSectionHeader,
} from './batch-header.ts';
import { storeDeclare, storeTransition, storeValue } from './fast-records.ts';
import { RECORD_SECTIONS, type GivenRecord } from './record-sections.ts';
import { SectionCollector } from './section-collector.ts';

/** What stores can hold in one blob. */
const MAX_BATCH_BYTES = 1e9;
/** A batch larger than this gets a buffer of its own, which is not kept for the next one. */
const RETAINED_BYTES = 4 * 2 ** 20;

/**
 * Collects records in columns and encodes them. One builder per journal, reused batch after batch: it owns
 * growable typed arrays. What a record holds is copied; objects and arrays given may be used again.
 * A record with a field that its column cannot hold is refused with INVALID_RECORD and adds nothing.
 */
export interface BatchBuilder {
  /** Records waiting, and a close upper bound of the bytes that `take()` would make. */
  readonly count: number;
  readonly byteLength: number;
  name(record: GivenRecord<'name'>): void;
  declare(record: GivenRecord<'declare'>): void;
  transition(record: GivenRecord<'transition'>): void;
  value(record: GivenRecord<'value'>): void;
  entry(record: GivenRecord<'entry'>): void;
  /** The encoded batch in a buffer of its own (so that it can be transferred), or undefined if empty; resets. */
  take(): Uint8Array<ArrayBuffer> | undefined;
}

/** An empty builder; see {@link BatchBuilder}. One per journal: it is reused batch after batch. */
export function createBatchBuilder(): BatchBuilder {
  assertLittleEndian();
  return new ColumnarBatchBuilder();
}

class ColumnarBatchBuilder implements BatchBuilder, CollectedParts {
  count = 0;
  readonly strings = new StringTable();
  readonly heap = new ByteHeap();
  private scratch = new ArrayBuffer(0);
  private order = new Uint8Array(2048);
  private readonly names = new SectionCollector(RECORD_SECTIONS.name, this);
  private readonly declares = new SectionCollector(RECORD_SECTIONS.declare, this);
  private readonly transitions = new SectionCollector(RECORD_SECTIONS.transition, this);
  private readonly values = new SectionCollector(RECORD_SECTIONS.value, this);
  private readonly entries = new SectionCollector(RECORD_SECTIONS.entry, this);

  get byteLength(): number {
    const { strings } = this;
    return (
      BATCH_HEADER_BYTES +
      this.names.byteLength +
      this.declares.byteLength +
      this.transitions.byteLength +
      this.values.byteLength +
      this.entries.byteLength +
      SECTION_HEADER_BYTES +
      this.count +
      SECTION_HEADER_BYTES +
      strings.count * 4 +
      strings.heap.length +
      2 * ALIGNMENT
    );
  }

  name(record: GivenRecord<'name'>): void {
    const row = this.names.open();
    this.names.store(row, record);
    this.names.close(row);
    this.listed(RECORD_SECTIONS.name.kind);
  }

  declare(record: GivenRecord<'declare'>): void {
    storeDeclare(this.declares, record);
    this.listed(RECORD_SECTIONS.declare.kind);
  }

  transition(record: GivenRecord<'transition'>): void {
    storeTransition(this.transitions, record);
    this.listed(RECORD_SECTIONS.transition.kind);
  }

  value(record: GivenRecord<'value'>): void {
    const { length } = this.heap;
    try {
      storeValue(this.values, record);
    } catch (error) {
      this.heap.length = length; // what a refused record had put there
      throw error;
    }
    this.listed(RECORD_SECTIONS.value.kind);
  }

  entry(record: GivenRecord<'entry'>): void {
    const row = this.entries.open();
    this.entries.store(row, record);
    this.entries.close(row);
    this.listed(RECORD_SECTIONS.entry.kind);
  }

  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.count === 0) return undefined;
    const { byteLength, heap } = this;
    if (byteLength > MAX_BATCH_BYTES) throw tooLarge(byteLength);
    const buffer = this.cleanScratch(byteLength);
    const view = new DataView(buffer);
    const output = new ColumnWriter(buffer, BATCH_HEADER_BYTES);
    this.takeOrder(output, view);
    this.takeStrings(output, view);
    this.names.take(output, view);
    this.declares.take(output, view);
    this.transitions.take(output, view);
    this.values.take(output, view);
    this.entries.take(output, view);
    const columnsBytes = output.at;
    writeBatchHeader(view, { columnsBytes, heapBytes: heap.length });
    output.u8(heap.length).set(heap.data.subarray(0, heap.length));
    heap.reset();
    this.count = 0;
    return new Uint8Array(buffer.slice(0, output.at));
  }

  /** A buffer of zeros; the same one again, unless an unusually large batch needs one of its own. */
  private cleanScratch(bytes: number): ArrayBuffer {
    if (bytes > RETAINED_BYTES) return new ArrayBuffer(bytes);
    if (bytes > this.scratch.byteLength) this.scratch = new ArrayBuffer(2 * bytes);
    else new Uint8Array(this.scratch, 0, bytes).fill(0);
    return this.scratch;
  }

  /** Notes the kind of the record that was added, for the order of the batch. */
  private listed(kind: number): void {
    if (this.count === this.order.length) this.order = grown(this.order);
    this.order[this.count++] = kind;
  }

  /** One byte a record: the kind of its section. The n-th of a kind is row n of that section. */
  private takeOrder(output: ColumnWriter, view: DataView): void {
    const { count: rows } = this;
    const start = output.at;
    output.at += SECTION_HEADER_BYTES;
    output.u8(rows).set(this.order.subarray(0, rows));
    output.align(ALIGNMENT);
    const bytes = output.at - start - SECTION_HEADER_BYTES;
    writeSectionHeader(view, start, { kind: ORDER_SECTION, columns: 1, rows, bytes, wide: 0 });
  }

  /** The length of each string as u32, then the UTF-8 of all of them back to back. */
  private takeStrings(output: ColumnWriter, view: DataView): void {
    const { strings } = this;
    const { count: rows, heap } = strings;
    if (rows === 0) return;
    const start = output.at;
    output.at += SECTION_HEADER_BYTES;
    output.u32(rows).set(strings.lengths.subarray(0, rows));
    output.u8(heap.length).set(heap.data.subarray(0, heap.length));
    output.align(ALIGNMENT);
    const bytes = output.at - start - SECTION_HEADER_BYTES;
    writeSectionHeader(view, start, { kind: STRINGS_SECTION, columns: 2, rows, bytes, wide: 0 });
    strings.reset();
  }
}

function tooLarge(bytes: number): SiderealError<'BATCH_TOO_LARGE'> {
  return new SiderealError(
    'BATCH_TOO_LARGE',
    `a journal batch of ${bytes} bytes is over ${MAX_BATCH_BYTES}`,
    {
      remedy: 'This is a defect in Sidereal; report it with the message and the run id.',
    },
  );
}
