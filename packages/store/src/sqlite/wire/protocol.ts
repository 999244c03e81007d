/** Messages between the main side of the store and its thread. Every request is answered by one reply; notices are not. */
import type {
  CodeFingerprint,
  RecordColumn,
  FingerprintRequest,
  JournalEvent,
  RunHeader,
  RunSnapshot,
  StoredValue,
} from '@sidereal/core';
import type { WireError } from './wire-error.ts';

/** What the thread is started with. */
export interface ThreadOptions {
  readonly folder: string;
  readonly validate: boolean;
  /** Upper bound of the database in pages, for tests of a full disk. */
  readonly maxPages: number | undefined;
}

export type Request =
  | { readonly type: 'open'; readonly request: number }
  | {
      readonly type: 'create-run';
      readonly request: number;
      readonly handle: number;
      readonly header: RunHeader;
    }
  | {
      readonly type: 'resume-run';
      readonly request: number;
      readonly handle: number;
      readonly runId: string;
      readonly takeOver: boolean;
    }
  | {
      readonly type: 'append';
      readonly request: number;
      readonly handle: number;
      readonly epoch: number;
      readonly number: number;
      readonly sync: boolean;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'read-value'; readonly request: number; readonly handle: number; readonly idx: number }
  | {
      readonly type: 'close-journal';
      readonly request: number;
      readonly handle: number;
      readonly abandon: boolean;
      /** Set to 1, and notified, once it is done: for who blocks until then. */
      readonly done?: Int32Array;
    }
  | {
      readonly type: 'fingerprint';
      readonly request: number;
      readonly code: FingerprintRequest;
    }
  | { readonly type: 'close'; readonly request: number };

/** Records of a journal lie in these columns from this version on: see core's `batch-cells.ts`. */
export interface SharedColumns {
  readonly type: 'columns';
  readonly handle: number;
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly version: number;
  readonly columns: readonly RecordColumn[];
}

/** The thread of a run, called `run` there, is to be watched. */
export interface WatchedRun {
  readonly type: 'watch';
  readonly handle: number;
  readonly cells: Int32Array<SharedArrayBuffer>;
  readonly run: number;
}

/** What is not answered. */
export type Notice = SharedColumns | WatchedRun;

/** What an opened journal starts from. */
export interface OpenedJournal {
  readonly epoch: number;
  readonly lastBatch: number;
  readonly snapshot: RunSnapshot | undefined;
}

export type ReplyValue = OpenedJournal | StoredValue | readonly CodeFingerprint[] | undefined;

export type Reply =
  | { readonly request: number; readonly value: ReplyValue }
  | { readonly request: number; readonly error: WireError };

/** {@link JournalEvent} as it travels. */
export type WireEvent =
  Exclude<JournalEvent, { type: 'failed' }> | { readonly type: 'failed'; readonly error: WireError };

export type FromThread =
  | { readonly type: 'replies'; readonly replies: readonly Reply[] }
  | { readonly type: 'event'; readonly handle: number; readonly event: WireEvent };
