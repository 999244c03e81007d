import { mapFailed } from '../nodes/node-errors.ts';

/** Errors kept to tell why a map failed. */
const MAX_ERRORS = 1000;

/** The items of a map that have failed. */
export class MapFailures {
  readonly #errors: { readonly place: number; readonly error: unknown }[] = [];
  #count = 0;

  /** `place`: of the item. */
  add(place: number, error: unknown): void {
    this.#count += 1;
    if (this.#errors.length < MAX_ERRORS) this.#errors.push({ place, error });
  }

  /** Why a map of so many items fails; undefined if none has failed. */
  error(name: string, total: number): Error | undefined {
    if (this.#count === 0) return undefined;
    const inOrder = this.#errors.toSorted((one, other) => one.place - other.place);
    return mapFailed(
      name,
      inOrder.map(({ error }) => error),
      this.#count,
      total,
    );
  }
}
