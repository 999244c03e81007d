/**
 * What the engine asks of a store: create or claim a run, append numbered batches under a lease, read values
 * back, hear commands. `@sidereal/store` implements it; the engine knows no more of a store than this.
 *
 * A store keeps the process alive only while something has been asked of it and not answered: a run that waits for what
 * can never come is known by nothing else being alive.
 */
import type { CodeFingerprint, FingerprintRequest } from '../code/code-fingerprint.ts';
import type { BatchSharing } from './batch/batch-cells.ts';
import type { NameRecord } from './batch/record-sections.ts';
import type { NodeLists } from './elements/node-list.ts';
import type { FlowThreadCells, HeldBy } from './flow-thread-cells.ts';
import type { RunHeader } from './run-header.ts';

/** Commands that reach a live run from outside, through the store. */
export type RunCommand = {
  readonly type: 'cancel';
  readonly by: string;
  /** Key of the one node that is to stop, with all beneath it; absent: the whole run. */
  readonly task?: string;
};

/** What the holder of a journal must know of the store's condition, as it happens. */
export type JournalEvent =
  | { readonly type: 'command'; readonly command: RunCommand }
  /** The disk is full: commits are being retried; start nothing. */
  | { readonly type: 'full'; readonly message: string }
  /** Commits succeed again. */
  | { readonly type: 'recovered' }
  /** Someone took the run over (a higher epoch): this holder's appends are refused from now on. */
  | { readonly type: 'fenced'; readonly epoch: number }
  /** The thread of the flow was held for so long, and is free again; undefined: by nobody's code. */
  | { readonly type: 'held'; readonly heldMs: number; readonly by: HeldBy | undefined }
  /** The store failed in a way that retrying cannot mend; every pending append rejects with this. */
  | { readonly type: 'failed'; readonly error: Error };

/** Nodes of an earlier attempt, as columns in idx order; row i is node i. */
export interface RecordedNodes {
  readonly count: number;
  /** 16 bytes a node. */
  readonly keys: Uint8Array;
  readonly states: Uint8Array;
  readonly attempts: Uint32Array;
  readonly kinds: Uint8Array;
  readonly nameIds: Uint32Array;
  readonly parents: Int32Array;
  readonly flags: Uint8Array;
  /** 16 bytes a node, all zero where none was recorded: see {@link digestAtOrNone}. */
  readonly argumentDigests: Uint8Array;
  /** Nodes whose values each consumed, in argument order. */
  readonly upstream: NodeLists;
  /** Nodes that each only came after. */
  readonly after: NodeLists;
  /** When each ended; NaN for one that has not, or has begun anew since. */
  readonly endedUs: Float64Array;
  /** VALUE_STORAGE code of each node. */
  readonly valueStorage: Uint8Array;
  /** Size of each value, bytes. */
  readonly valueSizes: Float64Array;
}

/** An effect or other keyed entry recorded before. */
export interface RecordedEntry {
  readonly idx: number;
  readonly key: Uint8Array;
  readonly kind: number;
  readonly body: string;
}

/** Everything a resumed run starts from. */
export interface RunSnapshot {
  readonly header: RunHeader;
  readonly state: number;
  readonly nodes: RecordedNodes;
  readonly names: readonly NameRecord[];
  /** Entries with a key, so that effects happen once. */
  readonly keyed: readonly RecordedEntry[];
  /** Last error entry (JSON of ErrorRecord) of each failed node. */
  readonly errors: ReadonlyMap<number, string>;
}

/** A node's recorded value. */
export interface StoredValue {
  readonly storage: number;
  readonly bytes: Uint8Array;
}

/**
 * An open journal: the right to append under one lease epoch. Batches are numbered by the journal itself and
 * committed in order; an append resolves once its batch is committed (`sync`: and on stable storage).
 * The holder's heartbeat comes from the store's own thread while the journal is open.
 */
export interface Journal {
  readonly runId: string;
  readonly epoch: number;
  /** What an earlier attempt recorded; undefined for a new run. */
  readonly snapshot: RunSnapshot | undefined;
  /**
   * `batch` is transferred: its buffer is empty afterwards. Bytes not yet acknowledged are in `pendingBytes`. One without
   * bytes appends nothing: it resolves once what came before is committed.
   */
  append(batch: Uint8Array<ArrayBuffer>, options: { readonly sync: boolean }): Promise<void>;
  readonly pendingBytes: number;
  /**
   * Lets the store take what the one builder of this journal's batches holds, when the thread that should append it is
   * held by somebody's code. A store that cannot see that thread's memory leaves this out: then what was recorded and
   * not appended waits until the thread is free.
   */
  share?(): BatchSharing;
  /**
   * Has the store watch the thread of this run, which is called `run` there, and say at once when somebody's code holds
   * it. A store without a thread of its own leaves this out.
   */
  watch?(thread: FlowThreadCells, run: number): void;
  /** The value recorded for a node, inline bytes or file address; undefined if none was. */
  readValue(idx: number): Promise<StoredValue | undefined>;
  /** Ends the lease. `abandon` gives up waiting for batches that cannot be committed. Idempotent. */
  close(options?: { readonly abandon?: boolean }): Promise<void>;
  /**
   * For a process that is about to end: commits what was appended and this last batch, if there is one, on stable
   * storage, and ends the lease, all before it returns, which it does after at most `patienceMs`. False: that was not
   * long enough.
   */
  closeNow(last: Uint8Array<ArrayBuffer> | undefined, patienceMs: number): boolean;
}

export interface ResumeOptions {
  /** Take the run from a holder that seems alive; that holder is fenced. */
  readonly takeOver: boolean;
}

export interface JournalStore extends AsyncDisposable {
  /** Folder for content-addressed result files and other data that never passes through the journal. */
  readonly dataFolder: string;
  createRun(header: RunHeader, onEvent: (event: JournalEvent) => void): Promise<Journal>;
  /** Throws RUN_NOT_FOUND, RUN_LIVE. */
  resumeRun(runId: string, options: ResumeOptions, onEvent: (event: JournalEvent) => void): Promise<Journal>;
  /**
   * Fingerprints the code of modules, as it is in their files now, off the thread that asks. One for each module that
   * has a file, in their order.
   */
  fingerprint(request: FingerprintRequest): Promise<readonly CodeFingerprint[]>;
  close(): Promise<void>;
}
