import type { RunSnapshot } from '@sidereal/core';
import type { RunNode } from '../nodes/run-node.ts';

/** Which runs a map or reduce is made of, and in which order, as two numbers. */
export interface Structure {
  readonly count: number;
  readonly digest: number;
}

/** Adds a run to a structure. */
export function withRun({ count, digest }: Structure, idx: number): Structure {
  return { count: count + 1, digest: mixed(digest, idx) };
}

export const EMPTY_STRUCTURE: Structure = { count: 0, digest: 0x9e3779b9 };

function mixed(digest: number, idx: number): number {
  let mix = Math.imul(digest ^ (idx + 1), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
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
      this.#before.set(parent, withRun(this.#before.get(parent) ?? EMPTY_STRUCTURE, idx));
    }
  }

  /** Is the group made of what it was made of before? Remembers what it is made of now. */
  isUnchanged({ idx }: RunNode, now: Structure): boolean {
    const before = this.#before.get(idx) ?? EMPTY_STRUCTURE;
    this.#before.set(idx, now);
    return before.count === now.count && before.digest === now.digest;
  }
}
