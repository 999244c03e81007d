import type { Journal, JournalEvent, JournalStore } from '@sidereal/core';
import type { Counter, Discrepancy, RunCheck } from '../../reader/reader-types.ts';
import { sampleHeader } from '../sample-run.ts';
import { ignore } from './batches.ts';

/** One store, empty at first, as tests reach it. */
export interface StoreHarness extends AsyncDisposable {
  /** Another handle on the store, as another process would have. Checks transitions. Closed by the harness. */
  open(): Promise<JournalStore>;
  /** Appends a batch under a given number and epoch, as a remote holder delivers it. */
  deliver(journal: Journal, batch: DeliveredBatch): Promise<void>;
  requestCancel(runId: string, by: string, task?: number): void | Promise<void>;
  counters(runId: string): readonly Counter[] | Promise<readonly Counter[]>;
  /** Folds the journal again and compares. */
  verify(runId: string): RunCheck | Promise<RunCheck>;
}

export interface DeliveredBatch {
  readonly epoch: number;
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly sync: boolean;
}

/** What one test works with: a fresh store behind a harness. */
export class ContractBench {
  private opened: { readonly harness: StoreHarness; readonly store: JournalStore } | undefined;
  private runs = 0;

  async open(harness: StoreHarness): Promise<void> {
    this.opened = { harness, store: await harness.open() };
  }

  async close(): Promise<void> {
    await this.opened?.harness[Symbol.asyncDispose]();
    this.opened = undefined;
  }

  get harness(): StoreHarness {
    return this.current.harness;
  }

  get store(): JournalStore {
    return this.current.store;
  }

  async newRun(onEvent: (event: JournalEvent) => void = ignore): Promise<Journal> {
    this.runs += 1;
    return await this.store.createRun(sampleHeader(`run-${this.runs}`), onEvent);
  }

  /** Where the tables do not say what the journal says. */
  async discrepancies(runId: string): Promise<readonly Discrepancy[]> {
    const { discrepancies } = await this.harness.verify(runId);
    return discrepancies;
  }

  private get current() {
    if (this.opened === undefined) throw new Error('no store is open');
    return this.opened;
  }
}
