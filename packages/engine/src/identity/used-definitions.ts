import type { Definition } from './definition.ts';

/**
 * The definitions that a run has called, one line for each identity: two that share one could take each other's
 * values.
 */
export class UsedDefinitions {
  readonly #byId = new Map<string, Definition>();
  readonly #known = new WeakSet<Definition>();

  /** Notes that one is called. Gives the other one if it has the same identity and stands at another line. */
  use(definition: Definition, id: string): Definition | undefined {
    if (this.#known.has(definition)) return undefined;
    const first = this.#byId.get(id);
    if (first === undefined) this.#byId.set(id, definition);
    else if (first.kind !== definition.kind || siteOf(first) !== siteOf(definition)) return first;
    this.#known.add(definition);
    return undefined;
  }
}

/** The position in the code that runs, where it is known: two lines of one may be shown as the same line. */
export function siteOf({ origin, at }: Definition): string {
  return origin?.site ?? at;
}
