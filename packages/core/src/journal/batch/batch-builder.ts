import { SiderealError } from '../../errors.ts';
import type { CollectedParts } from '../elements/element.ts';
import { ByteHeap } from '../wire/byte-heap.ts';
import { ColumnMemory, ReceivedColumns, type RecordColumn } from '../wire/column-memory.ts';
import { ALIGNMENT, ColumnWriter } from '../wire/column-writer.ts';
import { StringTable } from '../wire/string-table.ts';
import type { BatchSharing } from './batch-cells.ts';
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
/** Records that a batch has room for at first. */
const FIRST_RECORDS = 2048;

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
  /**
   * The encoded batch in a buffer of its own (so that it can be transferred), or undefined if it is empty or was taken
   * by who shares it; resets.
   */
  take(): Uint8Array<ArrayBuffer> | undefined;
}

/** An empty builder; see {@link BatchBuilder}. One per journal; `sharing` lets a store take records by itself. */
export function createBatchBuilder(sharing?: BatchSharing): BatchBuilder {
  assertLittleEndian();
  return new ColumnarBatchBuilder(new ColumnMemory(sharing !== undefined), sharing);
}

/** Records that another thread collects in columns that both see. */
export interface ReceivedBatch {
  /** Encodes the first `count` records, which refer to the first `strings` strings at most. */
  encode(count: number, strings: number): Uint8Array<ArrayBuffer>;
}

/** The batch that a shared builder collects in these columns. */
export function batchOf(columns: readonly RecordColumn[]): ReceivedBatch {
  return new ColumnarBatchBuilder(new ReceivedColumns(columns), undefined);
}

class ColumnarBatchBuilder implements BatchBuilder, ReceivedBatch, CollectedParts {
  count = 0;
  readonly memory: ColumnMemory;
  readonly strings: StringTable;
  readonly heap: ByteHeap;
  private readonly sharing: BatchSharing | undefined;
  /** Version of the columns that the taker knows. */
  private shared = 0;
  private scratch = new ArrayBuffer(0);
  private order: Uint8Array;
  private readonly names: SectionCollector<(typeof RECORD_SECTIONS)['name']['columns']>;
  private readonly declares: SectionCollector<(typeof RECORD_SECTIONS)['declare']['columns']>;
  private readonly transitions: SectionCollector<(typeof RECORD_SECTIONS)['transition']['columns']>;
  private readonly values: SectionCollector<(typeof RECORD_SECTIONS)['value']['columns']>;
  private readonly entries: SectionCollector<(typeof RECORD_SECTIONS)['entry']['columns']>;

  /** Columns are asked for in one order, here and in the thread that takes what is shared. */
  constructor(memory: ColumnMemory, sharing: BatchSharing | undefined) {
    this.memory = memory;
    this.sharing = sharing;
    this.strings = new StringTable(memory);
    this.heap = new ByteHeap(memory);
    this.order = memory.u8(FIRST_RECORDS);
    this.names = new SectionCollector(RECORD_SECTIONS.name, this);
    this.declares = new SectionCollector(RECORD_SECTIONS.declare, this);
    this.transitions = new SectionCollector(RECORD_SECTIONS.transition, this);
    this.values = new SectionCollector(RECORD_SECTIONS.value, this);
    this.entries = new SectionCollector(RECORD_SECTIONS.entry, this);
  }

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
    if (!this.listed(RECORD_SECTIONS.name.kind)) this.name(record);
  }

  declare(record: GivenRecord<'declare'>): void {
    storeDeclare(this.declares, record);
    if (!this.listed(RECORD_SECTIONS.declare.kind)) this.declare(record);
  }

  transition(record: GivenRecord<'transition'>): void {
    storeTransition(this.transitions, record);
    if (!this.listed(RECORD_SECTIONS.transition.kind)) this.transition(record);
  }

  value(record: GivenRecord<'value'>): void {
    const { length } = this.heap;
    try {
      storeValue(this.values, record);
    } catch (error) {
      this.heap.length = length; // what a refused record had put there
      throw error;
    }
    if (!this.listed(RECORD_SECTIONS.value.kind)) this.value(record);
  }

  entry(record: GivenRecord<'entry'>): void {
    const row = this.entries.open();
    this.entries.store(row, record);
    this.entries.close(row);
    if (!this.listed(RECORD_SECTIONS.entry.kind)) this.entry(record);
  }

  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.count === 0) return undefined;
    const { sharing } = this;
    if (sharing === undefined) return this.encoded();
    if (!sharing.cells.beginWriting()) {
      this.startOver(sharing);
      return undefined;
    }
    try {
      const batch = this.encoded();
      sharing.cells.restart();
      return batch;
    } finally {
      sharing.cells.endWriting();
    }
  }

  encode(count: number, strings: number): Uint8Array<ArrayBuffer> {
    this.count = count;
    for (const section of this.sections()) section.count = 0;
    for (let i = 0; i < count; i++) {
      const section = this.sectionOf(this.order[i] ?? 0);
      section.count += 1;
    }
    this.strings.received(strings);
    this.heap.length = this.values.columns.bytes.extraBytes?.(this.values.count) ?? 0;
    return this.encoded();
  }

  private encoded(): Uint8Array<ArrayBuffer> {
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

  /**
   * Notes the kind of the record that was added, for the order of the batch, and publishes it. False if those before
   * it were taken: then it is to be added again, as the first of the next batch.
   */
  private listed(kind: number): boolean {
    const { sharing, count } = this;
    if (count === this.order.length) this.order = this.memory.grown(this.order);
    this.order[count] = kind;
    this.count = count + 1;
    if (sharing === undefined) return true;
    const isKnown = this.shared === this.memory.version || this.shareColumns(sharing);
    if (isKnown && sharing.cells.publish(count, this.strings.count)) return true;
    this.startOver(sharing);
    return false;
  }

  /** Tells the taker where records lie now. False if it has taken them meanwhile. */
  private shareColumns(sharing: BatchSharing): boolean {
    const { memory } = this;
    if (!sharing.cells.beginWriting()) return false;
    this.shared = memory.version;
    sharing.columns(memory.version, memory.columns);
    sharing.cells.setVersion(memory.version);
    sharing.cells.endWriting();
    return true;
  }

  /** What was published has been taken: the next batch begins. */
  private startOver(sharing: BatchSharing): void {
    for (const section of this.sections()) section.count = 0;
    this.strings.reset();
    this.heap.reset();
    this.count = 0;
    sharing.cells.setNumber(sharing.taken());
    sharing.cells.restart();
  }

  private sections(): readonly { count: number }[] {
    return [this.names, this.declares, this.transitions, this.values, this.entries];
  }

  private sectionOf(kind: number): { count: number } {
    switch (kind) {
      case RECORD_SECTIONS.name.kind:
        return this.names;
      case RECORD_SECTIONS.declare.kind:
        return this.declares;
      case RECORD_SECTIONS.transition.kind:
        return this.transitions;
      case RECORD_SECTIONS.value.kind:
        return this.values;
      default:
        return this.entries;
    }
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
