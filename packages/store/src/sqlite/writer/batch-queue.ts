import type { QueuedBatch } from './commit-group.ts';
import type { OpenJournal } from './open-journal.ts';

/** What one transaction takes at most, so that acknowledgements are not late and the lock is not held long. */
const GROUP_BYTES = 8 * 2 ** 20;
const GROUP_BATCHES = 64;

/** Batches in the order in which they came. Its length is bounded by what the holders send unacknowledged. */
export class BatchQueue {
  private items: QueuedBatch[] = [];

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  push(item: QueuedBatch): void {
    this.items.push(item);
  }

  /** The batches for the next transaction, from the front. They stay queued until they are dropped. */
  group(): readonly QueuedBatch[] {
    let bytes = 0;
    let count = 0;
    for (const item of this.items) {
      bytes += item.bytes.length;
      if (count > 0 && (bytes > GROUP_BYTES || count === GROUP_BATCHES)) break;
      count += 1;
    }
    return this.items.slice(0, count);
  }

  /** Takes the first `count` batches off. */
  drop(count: number): void {
    this.items.splice(0, count);
  }

  /** Takes off and gives all batches, or those of one journal. */
  remove(journal?: OpenJournal): readonly QueuedBatch[] {
    const isWanted = (item: QueuedBatch): boolean => journal === undefined || item.journal === journal;
    const removed = this.items.filter(isWanted);
    this.items = this.items.filter((item) => !isWanted(item));
    return removed;
  }

  /** The batch of this journal that came last. */
  lastOf(journal: OpenJournal): QueuedBatch | undefined {
    return this.items.findLast((item) => item.journal === journal);
  }

  has(item: QueuedBatch): boolean {
    return this.items.includes(item);
  }
}
