import type { Journal, JournalEvent, JournalStore, ResumeOptions, RunHeader } from '@sidereal/core';

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

  /** Cuts off whoever holds a run through this store; `runId`: only the holder of this one. */
  sever(runId?: string): void {
    for (const journal of this.#journals) {
      if (runId !== undefined && journal.runId !== runId) continue;
      journal.sever();
      this.#journals.delete(journal);
    }
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

  /** The store that it stands before stays open. */
  async close(): Promise<void> {
    this.sever();
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
  #lost: Error | undefined;

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

  sever(): void {
    this.#lost = new Error('this holder was cut off from its store');
    this.#onEvent({ type: 'failed', error: this.#lost });
  }

  async append(batch: Uint8Array<ArrayBuffer>, options: { readonly sync: boolean }): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    return this.#journal.append(batch, options);
  }

  async readValue(idx: number): ReturnType<Journal['readValue']> {
    if (this.#lost !== undefined) throw this.#lost;
    return this.#journal.readValue(idx);
  }

  async close(options?: { readonly abandon?: boolean }): Promise<void> {
    return this.#journal.close(options);
  }
}
