import type { OpenJournal } from './open-journal.ts';

/** From one look to the next, ms. A holder whose thread is not held sends what it records within about ten. */
const LOOK_MS = 50;

/**
 * Takes what the holders of journals have recorded and do not send, because their thread is held by somebody's code:
 * a batch that was there at one look and still is at the next. So what has ended is in the record, whatever the
 * thread that would send it does.
 */
export class HeldBatches {
  /** The batches that had records at the last look. */
  private readonly seen = new Map<OpenJournal, number>();
  private readonly take: (journal: OpenJournal, batch: Uint8Array) => void;
  private timer: NodeJS.Timeout | undefined;

  constructor(take: (journal: OpenJournal, batch: Uint8Array) => void) {
    this.take = take;
  }

  add(journal: OpenJournal): void {
    this.seen.set(journal, 0);
    this.timer ??= setInterval(this.look, LOOK_MS).unref();
  }

  remove(journal: OpenJournal): void {
    this.seen.delete(journal);
    if (this.seen.size === 0) this.close();
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  readonly look = (): void => {
    for (const [journal, seen] of this.seen) {
      const { taker, lastBatch } = journal;
      if (taker === undefined || journal.fenced || journal.failure !== undefined) continue;
      const number = taker.published > 0 ? lastBatch + 1 : 0;
      this.seen.set(journal, number);
      if (number === 0 || number !== seen) continue;
      const batch = taker.take(number);
      if (batch !== undefined) this.take(journal, batch);
    }
  };
}
