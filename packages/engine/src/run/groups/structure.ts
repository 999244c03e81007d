import type { RunSnapshot } from '@sidereal/core';
import type { RunNode } from '../nodes/run-node.ts';

/** Which runs a map or reduce is made of, and in which order, as two numbers. */
export class Structure {
  #count = 0;
  #digest = 0x1e3779b9;

  get count(): number {
    return this.#count;
  }

  /** It is made of one more run. */
  add(idx: number): void {
    let mix = Math.imul(this.#digest ^ (idx + 1), 0x85ebca6b);
    mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
    this.#count += 1;
    this.#digest = mix ^ (mix >>> 16);
  }

  equals(other: Structure): boolean {
    return this.#count === other.#count && this.#digest === other.#digest;
  }
}

/**
 * What the maps and reduces of a run were made of before: in an earlier attempt of this process, or in the record.
 * One that is made of the same runs, none of which ran again, gives what it gave.
 */
export class Structures {
  readonly #before = new Map<number, Structure>();

  constructor(snapshot: RunSnapshot | undefined) {
    if (snapshot === undefined) return;
    const { count, parents } = snapshot.nodes;
    // The order of their numbers is that in which they were submitted.
    for (let idx = 1; idx < count; idx += 1) {
      const parent = parents[idx] ?? -1;
      let structure = this.#before.get(parent);
      if (structure === undefined) this.#before.set(parent, (structure = new Structure()));
      structure.add(idx);
    }
  }

  /** Is the group made of what it was made of before? Remembers what it is made of now. */
  isUnchanged({ idx }: RunNode, now: Structure): boolean {
    const before = this.#before.get(idx) ?? new Structure();
    this.#before.set(idx, now);
    return before.equals(now);
  }
}
