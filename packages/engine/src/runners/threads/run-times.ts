/** A job below this is short: to send it by itself costs about as much as to run it. */
const SHORT_MS = 1;
/** Short runs in a row after which the next is expected to be short too. */
const STREAK = 16;

/** What is known of how long runs take: of one task, or of all. One long run, and they count as long. */
export class RunTimes {
  #shortInARow = 0;

  add(ms: number): void {
    this.#shortInARow = ms < SHORT_MS ? this.#shortInARow + 1 : 0;
  }

  get areShort(): boolean {
    return this.#shortInARow >= STREAK;
  }
}
