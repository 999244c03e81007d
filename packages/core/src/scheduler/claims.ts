/**
 * What nodes hold of named resources: gpus, licences, cores. Which of them a node needs is a set of claims, and a
 * set is a small number: nodes that need the same share it, and those that need nothing have the set 0, which
 * costs nothing. A node takes all of its set at once, together with its slot, and gives it back with that.
 *
 * While those who wait are gone through in order, what one of them needs may be kept for it: whoever comes after
 * passes with what is left beyond that. Nothing is kept in between: it follows anew each time from who waits.
 */

/** So much of a resource. */
export interface Claim {
  readonly resource: number;
  /** Whole, above 0. */
  readonly amount: number;
}

/** What there is of something, and who holds of it. */
export interface Resource {
  readonly name: string;
  /** May grow. */
  capacity: number;
  used: number;
  /** For those who come first, while those who wait are gone through. */
  kept: number;
  /** Nodes that hold of it, in the order in which they got it. */
  readonly holders: Set<number>;
}

export class Claims {
  readonly resources: Resource[] = [];
  readonly #sets: (readonly Claim[])[] = [[]];
  readonly #byText = new Map<string, number>([['', 0]]);
  readonly #keeping: Resource[] = [];

  addResource(name: string, capacity: number): number {
    this.resources.push({ name, capacity, used: 0, kept: 0, holders: new Set() });
    return this.resources.length - 1;
  }

  /** The set of these claims, each of another resource. */
  setOf(claims: readonly Claim[]): number {
    const sorted = claims.toSorted((a, b) => a.resource - b.resource);
    const text = sorted.map(({ resource, amount }) => `${resource}:${amount}`).join(' ');
    let set = this.#byText.get(text);
    if (set === undefined) {
      set = this.#sets.push(sorted) - 1;
      this.#byText.set(text, set);
    }
    return set;
  }

  of(set: number): readonly Claim[] {
    return this.#sets[set] ?? [];
  }

  /** The first resource of which too little is left, beyond what is kept; -1 if there is enough of all. */
  lacking(set: number): number {
    for (const { resource, amount } of this.of(set)) {
      const { capacity, used, kept } = this.resources[resource] ?? NOTHING;
      if (used + kept + amount > capacity) return resource;
    }
    return -1;
  }

  take(set: number, id: number): void {
    for (const { resource, amount } of this.of(set)) {
      const found = this.resources[resource];
      if (found === undefined) continue;
      found.used += amount;
      found.holders.add(id);
    }
  }

  giveBack(set: number, id: number): void {
    for (const { resource, amount } of this.of(set)) {
      const found = this.resources[resource];
      if (found === undefined) continue;
      found.used -= amount;
      found.holders.delete(id);
    }
  }

  /** Keeps this for who waits for it, until `keepNothing`. */
  keep(set: number): void {
    for (const { resource, amount } of this.of(set)) {
      const found = this.resources[resource];
      if (found === undefined) continue;
      found.kept += amount;
      this.#keeping.push(found);
    }
  }

  keepNothing(): void {
    for (const resource of this.#keeping) resource.kept = 0;
    this.#keeping.length = 0;
  }
}

const NOTHING: Readonly<Pick<Resource, 'capacity' | 'used' | 'kept'>> = { capacity: 0, used: 0, kept: 0 };
