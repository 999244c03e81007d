/**
 * Adding the records that every task run has. `SectionCollector.store` can add any record, column by column; but
 * a loop over columns of many classes costs about ten nanoseconds a field, and a no-op task run has forty. Here
 * the columns that there were when this was written are stored by name, which costs nothing beside the store
 * itself (`bench/batch-builder.ts`); all that are added to a table later go through the loop, so that nothing
 * need be added here.
 */
import type { GivenRecord, RECORD_SECTIONS } from './record-sections.ts';
import type { SectionCollector } from './section-collector.ts';

type CollectorOf<Kind extends keyof typeof RECORD_SECTIONS> = SectionCollector<
  (typeof RECORD_SECTIONS)[Kind]['columns']
>;

export function storeDeclare(section: CollectorOf<'declare'>, record: GivenRecord<'declare'>): void {
  const row = section.open();
  const { columns } = section;
  columns.idx.store(row, record.idx);
  columns.key.store(row, record.key);
  columns.parent.store(row, record.parent);
  columns.group.store(row, record.group);
  columns.stage.store(row, record.stage);
  columns.kind.store(row, record.kind);
  columns.nameId.store(row, record.nameId);
  columns.timeUs.store(row, record.timeUs);
  columns.flags.store(row, record.flags);
  columns.upstream.store(row, record.upstream);
  columns.after.store(row, record.after);
  columns.inputs.store(row, record.inputs);
  columns.argumentDigest.store(row, record.argumentDigest);
  section.store(row, record, 13);
  section.close(row);
}

export function storeTransition(section: CollectorOf<'transition'>, record: GivenRecord<'transition'>): void {
  const row = section.open();
  const { columns } = section;
  columns.idx.store(row, record.idx);
  columns.state.store(row, record.state);
  columns.attempt.store(row, record.attempt);
  columns.timeUs.store(row, record.timeUs);
  columns.lane.store(row, record.lane);
  columns.reason.store(row, record.reason);
  columns.message.store(row, record.message);
  section.store(row, record, 7);
  section.close(row);
}

export function storeValue(section: CollectorOf<'value'>, record: GivenRecord<'value'>): void {
  const row = section.open();
  const { columns } = section;
  columns.idx.store(row, record.idx);
  columns.attempt.store(row, record.attempt);
  columns.storage.store(row, record.storage);
  columns.bytes.store(row, record.bytes);
  columns.size.store(row, record.size);
  section.store(row, record, 5);
  section.close(row);
}
