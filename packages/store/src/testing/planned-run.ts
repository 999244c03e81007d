import { RandomJournal, seededRandom } from './random-journal.ts';

/** The batches of a made-up run, the same ones in every process: batch n of a seed is always the same bytes. */
export class PlannedRun {
  private readonly journal: RandomJournal;
  private readonly random: () => number;
  /** Number of the batch that {@link next} gave last. */
  number = 0;

  constructor(seed: number) {
    this.journal = new RandomJournal(seed);
    this.random = seededRandom(seed + 1);
  }

  next(): Uint8Array<ArrayBuffer> {
    this.number += 1;
    return this.journal.batch(1 + Math.floor(this.random() * 300));
  }

  /** Passes over batches that were committed before. */
  skipTo(number: number): void {
    while (this.number < number) this.next();
  }
}
