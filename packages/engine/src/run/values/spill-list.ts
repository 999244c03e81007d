/** Length up to which the list is not looked through. */
const SHORT = 1024;

/**
 * What may be moved out of memory when room is needed: kept as it comes, so that a spill looks at nothing else.
 * What has left memory otherwise stays listed for a while; the list is never much longer than twice what is in
 * memory.
 */
export class SpillList<Item> {
  readonly #isThere: (item: Item) => boolean;
  #items: Item[] = [];
  #room = SHORT;

  /** `isThere`: is the item still in memory, and may it go? */
  constructor(isThere: (item: Item) => boolean) {
    this.#isThere = isThere;
  }

  get length(): number {
    return this.#items.length;
  }

  /** The item is in memory from now on. */
  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length <= this.#room) return;
    this.#items = [...new Set(this.#items.filter(this.#isThere))];
    this.#room = Math.max(SHORT, 2 * this.#items.length);
  }

  /** All that may go, for the last time: it is listed again when it is in memory again. */
  take(): Item[] {
    const items = this.#items.filter(this.#isThere);
    this.#items = [];
    this.#room = SHORT;
    return items;
  }
}
