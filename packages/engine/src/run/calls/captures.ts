import { passedOn } from '@sidereal/core';
import type { RunNode } from '../nodes/run-node.ts';
import type { ResumeIndex } from '../record/resume-index.ts';

/**
 * What nodes in a stage, or in a task that calls tasks, consume from outside of it, without its having been given that:
 * its code has captured a future. If what that gave is made anew, whatever captured it is stale.
 */
export class Captures {
  readonly #resume: ResumeIndex | undefined;
  /** Journal numbers of what was captured in an earlier execution, by that of what captured it. */
  #recorded: ReadonlyMap<number, readonly number[]> | undefined;
  /** The same of this process, where it may be asked for. */
  readonly #captured = new Map<number, Set<number>>();
  /** What was made anew in this process; infinity for a container that is open. */
  readonly #made = new Map<number, { readonly name: string; readonly number: number }>();

  constructor(resume: ResumeIndex | undefined) {
    this.#resume = resume;
  }

  /** A child of `parent`, whose code may execute again, consumes these. */
  consumed(parent: RunNode, inputs: readonly RunNode[]): void {
    for (const input of inputs) {
      // A settled future stands for the run that it is about.
      if (input.idx < 0) this.consumed(parent, input.upstream);
      else if (input.parent !== parent) this.#capture(parent, input);
    }
  }

  /** The value of a node that had ended is made anew, or, with infinity, may be: it is a container that is opened again. 0: it was not. */
  made({ idx, name }: RunNode, number: number): void {
    if (number === 0) this.#made.delete(idx);
    else this.#made.set(idx, { name, number });
  }

  /** Name of something that was captured in this node and was made anew after this number. */
  madeAfter(idx: number, number: number): string | undefined {
    if (this.#resume !== undefined) this.#recorded ??= passedOn(this.#resume.snapshot.nodes);
    return (
      this.#firstAfter(this.#captured.get(idx), number) ?? this.#firstAfter(this.#recorded?.get(idx), number)
    );
  }

  #firstAfter(inputs: Iterable<number> | undefined, number: number): string | undefined {
    for (const input of inputs ?? []) {
      const made = this.#made.get(input);
      if (made !== undefined && made.number > number) return made.name;
      if (made === undefined && (this.#resume?.makingOf(input)?.madeUs ?? 0) > number)
        return this.#resume?.nameOf(input);
    }
    return undefined;
  }

  #capture(parent: RunNode, input: RunNode): void {
    for (let up: RunNode | undefined = parent; up !== undefined && !liesIn(input, up); up = up.parent) {
      if (up.work.type === 'container') continue;
      const known = this.#captured.get(up.idx);
      if (known === undefined) this.#captured.set(up.idx, new Set([input.idx]));
      else known.add(input.idx);
    }
  }
}

function liesIn(node: RunNode, holder: RunNode): boolean {
  for (let up = node.parent; up !== undefined; up = up.parent) if (up.idx === holder.idx) return true;
  return false;
}
