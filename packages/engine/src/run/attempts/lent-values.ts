import { walkValue } from '@sidereal/core';
import type { CapturedArguments } from '../../data/captured-arguments.ts';
import { bytesDigest } from '../../data/digest.ts';
import { isShared } from '../../data/shared-values.ts';
import { ArraySnapshots, LARGE_ARRAY_BYTES } from '../../data/snapshots.ts';
import { ValueIdentity } from '../../data/value-identity.ts';
import { ValueWatch } from '../../data/value-watch.ts';
import { isThenable } from '../../future/future.ts';
import type { RunNode } from '../nodes/run-node.ts';

/**
 * Debug mode's check that what several tasks see as one stays whole: values declared with `shared()`, and large
 * arrays that a task borrows. Each is compared whenever a task is given it and when that task's code has ended.
 */
export class LentValues {
  // An identity of its own: what the run's knows of a value is what it was at its call.
  readonly #identity = new ValueIdentity(new ArraySnapshots(bytesDigest));
  readonly #watch = new ValueWatch((value) => this.#identity.currentText(value));
  readonly #lent = new Map<RunNode, readonly object[]>();
  /** How many tasks have a value now. */
  readonly #readers = new Map<object, number>();

  /** A task is given its arguments. Throws `SHARED_VALUE_CHANGED`. */
  give(node: RunNode, { args, hasLent }: CapturedArguments): void {
    if (!hasLent) return;
    const values = lentAmong(args, node.options.arrays === 'borrow');
    for (const value of values) {
      if (this.#readers.has(value)) this.#watch.join(value, node.name);
      else this.#watch.give(value, node.name);
    }
    for (const value of values) this.#readers.set(value, (this.#readers.get(value) ?? 0) + 1);
    this.#lent.set(node, values);
  }

  /** The code of a task has ended: the same check. */
  check(node: RunNode): void {
    for (const value of this.#lent.get(node) ?? []) this.#watch.check(value, node.name);
  }

  /** Nothing of the task's code counts any more. */
  release(node: RunNode): void {
    for (const value of this.#lent.get(node) ?? []) {
      const left = (this.#readers.get(value) ?? 1) - 1;
      if (left === 0) this.#readers.delete(value);
      else this.#readers.set(value, left);
    }
    this.#lent.delete(node);
  }
}

function lentAmong(args: readonly unknown[], isBorrower: boolean): readonly object[] {
  const lent: object[] = [];
  walkValue(args, {
    object(value) {
      const isBorrowed = isBorrower && ArrayBuffer.isView(value) && value.byteLength >= LARGE_ARRAY_BYTES;
      if (isBorrowed || isShared(value)) lent.push(value);
      else return !isThenable(value);
      return false;
    },
  });
  return lent;
}
