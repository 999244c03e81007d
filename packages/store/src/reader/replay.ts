/**
 * Folds a journal record by record into plain objects: what its tables should say, told a second time by
 * other code than the one that wrote them. Slow and simple on purpose.
 */
import {
  ENTRY_KIND_CODE,
  NODE_KIND_CODE,
  STATE_CODE,
  stateOf,
  kindOf,
  reasonCode,
  type DecodedBatch,
  type JournalRecord,
} from '@sidereal/core';
import { levelOf } from '../sqlite/segments/log-level.ts';

/** A node's row, by the names of its columns. */
export type ReplayedNode = Record<string, number | string | null>;

/** What ended: idx, start, duration, lane, state, kind, name id. */
export type ReplayedInterval = readonly number[];

export class Replay {
  readonly nodes: ReplayedNode[] = [];
  readonly names = new Map<number, readonly string[]>();
  /** idx, attempt, kind, level, time, key, segment, row. */
  readonly entries: (readonly (number | string | null)[])[] = [];
  readonly intervals = new Map<number, ReplayedInterval[]>();
  records = 0;
  private segment = 0;
  private heapOffset = 0;
  private entryRow = 0;

  /** The next batch's records. */
  batch(segment: number, batch: DecodedBatch): void {
    this.segment = segment;
    this.records += batch.count;
    this.heapOffset = 0;
    this.entryRow = 0;
    for (const record of batch) this.apply(record);
  }

  /** Nodes per `stage/kind/state`. */
  counters(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const node of this.nodes) {
      const cell = `${node['stage']}/${node['kind']}/${node['state']}`;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    return counts;
  }

  private apply(record: JournalRecord): void {
    switch (record.type) {
      case 'name':
        this.names.set(record.id, [record.name, record.module, record.runner, record.tags.join('\n')]);
        return;
      case 'declare':
        this.nodes[record.idx] = {
          key: hex(record.key),
          parent: record.parent,
          grp: record.group,
          stage: record.stage,
          kind: NODE_KIND_CODE[record.kind],
          name: record.nameId,
          flags: record.flags,
          created_us: record.timeUs,
          upstream: packed(record.upstream),
          comes_after: packed(record.after),
          argument_digest: record.argumentDigest.length === 0 ? null : hex(record.argumentDigest),
          first_segment: this.segment,
          last_segment: this.segment,
          state: STATE_CODE.pending,
          attempt: 0,
          started_us: null,
          active_us: null,
          ended_us: null,
          lane: null,
          reason: null,
          message: null,
          value_storage: null,
          value_segment: null,
          value_offset: null,
          value_length: null,
          value_size: null,
        };
        return;
      case 'transition':
        this.transition(record);
        return;
      case 'value':
        Object.assign(this.mentioned(record.idx), {
          value_storage: record.storage,
          value_segment: this.segment,
          value_offset: this.heapOffset,
          value_length: record.bytes.length,
          value_size: record.size,
        });
        this.heapOffset += record.bytes.length;
        return;
      case 'entry':
        this.mentioned(record.idx);
        this.entries.push([
          record.idx,
          record.attempt,
          ENTRY_KIND_CODE[record.kind],
          record.kind === 'log' ? (levelOf(record.body) ?? null) : null,
          record.timeUs,
          record.key.length === 0 ? null : hex(record.key),
          this.segment,
          this.entryRow++,
        ]);
    }
  }

  private transition(record: JournalRecord & { readonly type: 'transition' }): void {
    const { timeUs, attempt } = record;
    const node = this.mentioned(record.idx);
    const before = kindOf(stateOf(Number(node['state'])));
    const state = stateOf(record.state);
    const after = kindOf(state);
    if (attempt !== node['attempt']) Object.assign(node, { started_us: null, lane: null });
    if (record.lane >= 0) node['lane'] = record.lane;
    if (state === 'running' || state === 'retrying') node['started_us'] ??= timeUs;
    if (after !== 'active' && (before === 'active' || after === 'ended')) {
      const start = before === 'active' ? Number(node['active_us']) : timeUs;
      const lane = before === 'active' ? Number(node['lane'] ?? -1) : -1;
      const list = this.intervals.get(this.segment) ?? [];
      this.intervals.set(this.segment, list);
      const duration = Math.max(0, timeUs - start);
      list.push([
        record.idx,
        start,
        duration,
        lane,
        record.state,
        Number(node['kind']),
        Number(node['name']),
      ]);
    }
    node['active_us'] =
      after !== 'active' ? null : before === 'active' ? (node['active_us'] ?? null) : timeUs;
    node['ended_us'] = after === 'ended' ? timeUs : null;
    node['state'] = record.state;
    node['attempt'] = attempt;
    node['reason'] = record.reason === '' ? null : (reasonCode(record.reason) ?? null);
    node['message'] = record.message || null;
  }

  private mentioned(idx: number): ReplayedNode {
    const node = this.nodes[idx];
    if (node === undefined) throw new RangeError(`the journal tells of node ${idx} before declaring it`);
    node['last_segment'] = this.segment;
    return node;
  }
}

/** Nodes as the table keeps them, u32 little-endian. */
function packed(nodes: readonly number[]): string | null {
  if (nodes.length === 0) return null;
  const bytes = Buffer.alloc(4 * nodes.length);
  for (const [i, node] of nodes.entries()) bytes.writeUInt32LE(node, 4 * i);
  return hex(bytes);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
