/**
 * Folds batches of one run's journal into what its tables should say. Pure: no SQL, no clock.
 *
 * Between transactions it knows the little about every node that the next batch's fold needs (state, kind,
 * stage, attempt, start of the activity under way). Within a transaction it collects, per node touched, one
 * **change**: what is written to the node's row, however many records told of it. `settle()` ends the
 * transaction well, `undo()` puts everything back as it was.
 *
 * Hot path: typed arrays throughout, a slot per changed node.
 */
import {
  FIRST_ACTIVE,
  FIRST_ENDED,
  NODE_KINDS,
  RECORD_KIND_CODE,
  SiderealError,
  STATE_CODE,
  transition,
  type DecodedBatch,
} from '@sidereal/core';
import { storeError } from '../../errors/store-error.ts';
import type { IntervalCollector } from '../segments/interval-columns.ts';
import { NodeChanges } from './node-changes.ts';
import { FoldedNodes } from './folded-nodes.ts';

const PENDING = STATE_CODE.pending;
const RUNNING = STATE_CODE.running;
const RETRYING = STATE_CODE.retrying;

export interface RunFoldOptions {
  /** Put every change of state through core's `transition()`. */
  readonly validate: boolean;
}

/** Totals of a journal. */
export interface JournalTotals {
  readonly nodes: number;
  readonly records: number;
  readonly entries: number;
}

export class RunFold {
  readonly nodes: FoldedNodes;
  readonly changes = new NodeChanges();
  private readonly validate: boolean;
  private records: number;
  private entries: number;
  private settled: JournalTotals;

  constructor(options: RunFoldOptions, nodes = new FoldedNodes(), records = 0, entries = 0) {
    this.validate = options.validate;
    this.nodes = nodes;
    this.records = records;
    this.entries = entries;
    this.settled = this.totals;
  }

  get totals(): JournalTotals {
    return { nodes: this.nodes.count, records: this.records, entries: this.entries };
  }

  /**
   * Folds one batch, the `segment`-th. Throws if the batch contradicts the journal so far; it and the batches
   * before it in this transaction must then be undone. Returns the number of the batch's first entry.
   */
  add(batch: DecodedBatch, segment: number, intervals: IntervalCollector): number {
    const firstEntry = this.entries;
    let declare = 0;
    let change = 0;
    let value = 0;
    let entry = 0;
    const { rows } = batch;
    // Records of kinds that came after this version are counted, and stay in the journal for those who know them.
    for (const kind of batch.order) {
      if (kind === RECORD_KIND_CODE.transition) this.transition(batch, change++, segment, intervals);
      else if (kind === RECORD_KIND_CODE.declare) this.addNode(batch, declare++, segment);
      else if (kind === RECORD_KIND_CODE.value) this.value(batch, value++, segment);
      else if (kind === RECORD_KIND_CODE.entry) this.touch(rows.entry.idx[entry++] ?? 0, segment);
    }
    this.records += batch.count;
    this.entries += rows.entry.count;
    return firstEntry;
  }

  /** The transaction is committed. */
  settle(): void {
    this.settled = this.totals;
    this.changes.clear(this.nodes);
  }

  /** The transaction did not happen. */
  undo(): void {
    this.changes.restore(this.nodes);
    this.nodes.count = this.settled.nodes;
    this.records = this.settled.records;
    this.entries = this.settled.entries;
    this.changes.clear(this.nodes);
  }

  private addNode(batch: DecodedBatch, row: number, segment: number): void {
    const { declare } = batch.rows;
    const { nodes, changes } = this;
    const idx = declare.idx[row] ?? 0;
    if (idx !== nodes.count) {
      throw invalid(
        idx < nodes.count ? `declares node ${idx} again` : `declares node ${idx} before node ${nodes.count}`,
      );
    }
    const stage = declare.stage[row] ?? 0;
    if (stage > idx) throw invalid(`counts node ${idx} under stage ${stage}, which is not declared yet`);
    nodes.add(declare.kind[row] ?? 0, stage, declare.nameId[row] ?? 0);
    changes.declare(nodes, idx, batch, row, segment);
  }

  private transition(batch: DecodedBatch, row: number, segment: number, intervals: IntervalCollector): void {
    const { transition: rows } = batch.rows;
    const { nodes, changes } = this;
    const idx = rows.idx[row] ?? 0;
    const slot = this.touch(idx, segment);
    const before = nodes.states[idx] ?? PENDING;
    const after = rows.state[row] ?? PENDING;
    if (this.validate) this.check(idx, before, after);
    const time = rows.timeUs[row] ?? 0;
    const attempt = rows.attempt[row] ?? 0;
    const lane = rows.lane[row] ?? -1;
    nodes.states[idx] = after;
    if (nodes.attempts[idx] !== attempt) {
      nodes.attempts[idx] = attempt;
      nodes.startedUs[idx] = Number.NaN;
      nodes.lanes[idx] = -1;
    }
    if (lane >= 0) nodes.lanes[idx] = lane;
    changes.transitioned[slot] = 1;

    const wasActive = before >= FIRST_ACTIVE && before < FIRST_ENDED;
    const isActive = after >= FIRST_ACTIVE && after < FIRST_ENDED;
    if (isActive && !wasActive) nodes.activeSince[idx] = time;
    if ((after === RUNNING || after === RETRYING) && Number.isNaN(nodes.startedUs[idx])) {
      nodes.startedUs[idx] = time;
    }
    if (!isActive && (wasActive || after >= FIRST_ENDED)) {
      const since = wasActive ? (nodes.activeSince[idx] ?? time) : time;
      const drawnLane = wasActive ? (nodes.lanes[idx] ?? -1) : -1;
      const { kinds, nameIds } = nodes;
      intervals.add(idx, since, time, drawnLane, after, kinds[idx] ?? 0, nameIds[idx] ?? 0);
    }
    changes.endedUs[slot] = after >= FIRST_ENDED ? time : Number.NaN;
    const message = rows.message[row] ?? 0;
    changes.reasons[slot] = rows.reason[row] ?? 0;
    changes.messages[slot] = message === 0 ? '' : batch.text(message);
  }

  private value(batch: DecodedBatch, row: number, segment: number): void {
    const { value } = batch.rows;
    const { changes } = this;
    const slot = this.touch(value.idx[row] ?? 0, segment);
    const start = value.bytes[row] ?? 0;
    changes.valued[slot] = 1;
    changes.valueStorages[slot] = value.storage[row] ?? 0;
    changes.valueSegments[slot] = segment;
    changes.valueOffsets[slot] = start;
    changes.valueLengths[slot] = (value.bytes[row + 1] ?? start) - start;
    changes.valueSizes[slot] = value.size[row] ?? 0;
  }

  /** Slot of the change of a node, which must be declared. */
  private touch(idx: number, segment: number): number {
    if (idx >= this.nodes.count) throw invalid(`tells of node ${idx}, which is not declared`);
    return this.changes.slotOf(this.nodes, idx, segment);
  }

  private check(idx: number, before: number, after: number): void {
    try {
      transition(before, after);
    } catch (cause) {
      if (!(cause instanceof SiderealError)) throw cause;
      const kind = NODE_KINDS[this.nodes.kinds[idx] ?? 0] ?? 'node';
      throw new SiderealError(cause.code, `${kind} ${idx}: ${cause.message}`, {
        remedy: cause.remedy,
        cause,
      });
    }
  }
}

function invalid(what: string): Error {
  return storeError(
    'JOURNAL_INVALID',
    `a batch contradicts its journal: it ${what}`,
    'This is a defect in Sidereal; report it with the run id.',
  );
}
