import type { DeclareRecord, EntryRecord, NameRecord, TransitionRecord, ValueRecord } from './record.ts';

/** Order of record kinds in a batch's `kinds` column. Codes are part of the journal format. */
export const RECORD_KINDS = ['name', 'declare', 'transition', 'value', 'entry'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * Collects records in columns and encodes them. One builder per journal, reused batch after batch: it owns
 * growable typed arrays, so that adding a record is a few stores.
 */
export interface BatchBuilder {
  /** Records waiting, and a close upper bound of the bytes that `take()` would make. */
  readonly count: number;
  readonly byteLength: number;
  name(record: NameRecord): void;
  /** Positional for the hot path; see {@link DeclareRecord}. `key` is copied. */
  declare(
    idx: number,
    key: Uint8Array,
    parent: number,
    group: number,
    stage: number,
    kind: number,
    nameId: number,
    timeUs: number,
    flags: number,
    upstream: ArrayLike<number>,
    inputs: string,
  ): void;
  /** Positional for the hot path; see {@link TransitionRecord}. */
  transition(
    idx: number,
    state: number,
    attempt: number,
    timeUs: number,
    lane: number,
    reason: string,
    message: string,
  ): void;
  value(record: ValueRecord): void;
  entry(record: EntryRecord): void;
  /** The encoded batch in a buffer of its own (so that it can be transferred), or undefined if empty; resets. */
  take(): Uint8Array<ArrayBuffer> | undefined;
}

/** One decoded record, in the order in which it was added. */
export type JournalRecord =
  | ({ readonly type: 'name' } & NameRecord)
  | ({ readonly type: 'declare' } & DeclareRecord)
  | ({ readonly type: 'transition' } & TransitionRecord)
  | ({ readonly type: 'value' } & ValueRecord)
  | ({ readonly type: 'entry' } & EntryRecord);
