import type {
  CodeFingerprint,
  FingerprintRequest,
  Journal,
  JournalEvent,
  JournalStore,
  ResumeOptions,
  RunHeader,
} from '@sidereal/core';

/**
 * A store whose holders can be cut off, as a kill of their process cuts them off: what was committed stays,
 * nothing more is, and the run may be gone on with by another.
 */
export class SeverableStore implements JournalStore {
  readonly #store: JournalStore;
  readonly #journals = new Set<SeverableJournal>();

  constructor(store: JournalStore) {
    this.#store = store;
  }

  get dataFolder(): string {
    return this.#store.dataFolder;
  }

  /** Cuts off whoever holds a run through this store; resolves once others may have these runs. */
  async sever(): Promise<void> {
    const journals = [...this.#journals];
    this.#journals.clear();
    await Promise.all(journals.map((journal) => journal.sever()));
  }

  async createRun(header: RunHeader, onEvent: (event: JournalEvent) => void): Promise<Journal> {
    return this.#held(await this.#store.createRun(header, onEvent), onEvent);
  }

  async resumeRun(
    runId: string,
    options: ResumeOptions,
    onEvent: (event: JournalEvent) => void,
  ): Promise<Journal> {
    return this.#held(await this.#store.resumeRun(runId, options, onEvent), onEvent);
  }

  fingerprint(request: FingerprintRequest): Promise<readonly CodeFingerprint[]> {
    return this.#store.fingerprint(request);
  }

  /** The store that it stands before stays open. */
  async close(): Promise<void> {
    await this.sever();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #held(journal: Journal, onEvent: (event: JournalEvent) => void): Journal {
    const severable = new SeverableJournal(journal, onEvent);
    this.#journals.add(severable);
    return severable;
  }
}

class SeverableJournal implements Journal {
  readonly runId: string;
  readonly epoch: number;
  readonly snapshot: Journal['snapshot'];
  readonly #journal: Journal;
  readonly #onEvent: (event: JournalEvent) => void;
  #isLost = false;

  constructor(journal: Journal, onEvent: (event: JournalEvent) => void) {
    this.runId = journal.runId;
    this.epoch = journal.epoch;
    this.snapshot = journal.snapshot;
    this.#journal = journal;
    this.#onEvent = onEvent;
  }

  get pendingBytes(): number {
    return this.#journal.pendingBytes;
  }

  async sever(): Promise<void> {
    this.#isLost = true;
    await this.#journal.close({ abandon: true });
    this.#onEvent({ type: 'failed', error: new Error('this holder was cut off from its store') });
  }

  async append(batch: Uint8Array<ArrayBuffer>, options: { readonly sync: boolean }): Promise<void> {
    // Whoever is dead hears nothing of what it asked for.
    return this.#isLost ? new Promise(() => undefined) : this.#journal.append(batch, options);
  }

  async readValue(idx: number): ReturnType<Journal['readValue']> {
    return this.#isLost ? new Promise(() => undefined) : this.#journal.readValue(idx);
  }

  async close(options?: { readonly abandon?: boolean }): Promise<void> {
    return this.#journal.close(options);
  }

  closeNow(last: Uint8Array<ArrayBuffer> | undefined, patienceMs: number): boolean {
    return !this.#isLost && this.#journal.closeNow(last, patienceMs);
  }
}
