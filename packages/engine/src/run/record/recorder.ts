import { createBatchBuilder, type BatchBuilder, type BatchSharing, type Journal } from '@sidereal/core';

/** Bytes that may wait for acknowledgement before starts are held. */
const MAX_PENDING_BYTES = 48 * 2 ** 20;
/** A batch of this size goes without waiting for the tick. */
const BATCH_BYTES = 192 * 2 ** 10;
const TICK_MS = 10;
/** How long the end of the process is held up for the last commit. */
const CLOSE_NOW_MS = 5_000;
/** Records from one look at the size of the batch to the next: a record is small, or at most a value of 64 KiB. */
const WEIGHED_EVERY = 16;

/**
 * The writing end of a run's journal: records are added to the builder and leave in numbered batches about
 * every 10 ms, or when there are many, or when somebody must know that they are durable. While this thread is held by
 * somebody's code the store takes them itself, if it can (`Journal.share`). It never waits
 * itself; when too much is unacknowledged it says so, and the run starts nothing more until it says again.
 */
export class Recorder {
  readonly records: BatchBuilder;
  readonly #journal: Journal;
  readonly #sharing: BatchSharing | undefined;
  /** When the process's clock stood at zero, milliseconds since the journal's origin. */
  readonly #clockMs: number;
  readonly #onPressure: (isHigh: boolean) => void;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  /** The append before: batches are committed in order. */
  #last: Promise<void> | undefined;
  #isHigh = false;

  constructor(
    journal: Journal,
    clock: Readonly<{ originMs: number; latestUs: number }>,
    hooks: Readonly<{ onPressure: (isHigh: boolean) => void; onError: (error: unknown) => void }>,
  ) {
    this.#journal = journal;
    this.#sharing = journal.share?.();
    this.records = createBatchBuilder(this.#sharing);
    // The times of a run never run backwards, whatever the clocks of those who execute it say.
    const { originMs, latestUs } = clock;
    this.#clockMs = Math.max(performance.timeOrigin - originMs, latestUs / 1000 - performance.now());
    this.#onPressure = hooks.onPressure;
    this.#onError = hooks.onError;
  }

  /** Microseconds since the journal's origin. */
  now(): number {
    return (this.#clockMs + performance.now()) * 1000;
  }

  /** To be called after records were added: sends a large batch at once, else within the tick. */
  touch(): void {
    const { records } = this;
    const mayBeLarge = records.count % WEIGHED_EVERY === 0;
    if (mayBeLarge && records.byteLength >= BATCH_BYTES) this.#send(false).catch(this.#onError);
    else this.#timer ??= setTimeout(this.#tick, TICK_MS);
  }

  /** Resolves once everything recorded so far is committed (`sync`: on stable storage). */
  async flush(sync: boolean): Promise<void> {
    await this.#send(sync);
  }

  /** The process ends now: commits everything recorded so far and ends the lease before it returns, if it can. */
  closeNow(): boolean {
    this.close();
    return this.#journal.closeNow(this.records.take(), CLOSE_NOW_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #tick = (): void => {
    this.#timer = undefined;
    this.#send(false).catch(this.#onError);
  };

  async #send(sync: boolean): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    const batch = this.records.take();
    if (batch === undefined && !sync) {
      await this.#last;
      await this.#sharing?.settled();
      return;
    }
    const appended = this.#journal.append(batch ?? new Uint8Array(0), { sync });
    this.#last = appended;
    this.#measurePressure();
    await appended;
    this.#measurePressure();
  }

  #measurePressure(): void {
    const pending = this.#journal.pendingBytes;
    const isHigh = this.#isHigh ? pending > MAX_PENDING_BYTES / 2 : pending > MAX_PENDING_BYTES;
    if (isHigh === this.#isHigh) return;
    this.#isHigh = isHigh;
    this.#onPressure(isHigh);
  }
}
