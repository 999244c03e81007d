import { mapFailed } from '../nodes/node-errors.ts';

/** Errors kept to tell why a map failed. */
const MAX_ERRORS = 1000;

/** The items of a map that have failed. */
export class MapFailures {
  readonly #errors: unknown[] = [];
  #count = 0;

  add(error: unknown): void {
    this.#count += 1;
    if (this.#errors.length < MAX_ERRORS) this.#errors.push(error);
  }

  /** Why a map of so many items fails; undefined if none has failed. */
  error(name: string, total: number): Error | undefined {
    return this.#count === 0 ? undefined : mapFailed(name, this.#errors, this.#count, total);
  }
}
