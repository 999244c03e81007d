/**
 * Steps that are taken one after another, in order, though some of them wait. A step that need not wait is
 * taken at once if none is before it.
 */
export class StepQueue {
  readonly #failed: (error: unknown) => void;
  #last: Promise<void> | undefined;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  add(step: () => void | Promise<void>): void {
    if (this.#last !== undefined) {
      this.#follow(this.#last.then(step));
      return;
    }
    try {
      const waiting = step();
      if (waiting !== undefined) this.#follow(waiting);
    } catch (error) {
      this.#failed(error);
    }
  }

  #follow(waiting: Promise<void>): void {
    const last = waiting.catch(this.#failed).then(() => {
      if (this.#last === last) this.#last = undefined;
    });
    this.#last = last;
  }
}
