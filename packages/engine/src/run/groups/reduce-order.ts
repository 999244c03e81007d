import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../../identity/call-site.ts';

/**
 * Combines items in input order as a tree: the same as pairing adjacent items level by level and carrying an
 * odd one up, built as a counter in base `arity`, so that no more than (arity − 1) · log(n) partial results
 * wait at a time.
 */
export class TreeBuilder<T> {
  readonly #levels: T[][] = [];
  readonly #arity: number;
  readonly #combine: (parts: readonly T[]) => T;

  constructor(arity: number, combine: (parts: readonly T[]) => T) {
    if (!Number.isInteger(arity) || arity < 2) {
      throw new SiderealError('INVALID_REDUCE', `a reduce cannot have arity ${arity}`, {
        at: userCallSite()?.at,
        remedy: 'Give a whole number of at least 2: reduce(task, items, { arity: 2 }).',
      });
    }
    this.#arity = arity;
    this.#combine = combine;
  }

  push(item: T): void {
    let carry = item;
    for (let level = 0; ; level += 1) {
      const parts = (this.#levels[level] ??= []);
      parts.push(carry);
      if (parts.length < this.#arity) return;
      this.#levels[level] = [];
      carry = this.#combine(parts);
    }
  }

  /** The root once all items are in; undefined if there was none. */
  finish(): T | undefined {
    let carry: T[] = [];
    for (const parts of this.#levels) {
      const row = [...parts, ...carry];
      carry = row.length <= 1 ? row : [this.#combine(row)];
    }
    return carry[0];
  }
}

/** The tree over items at hand, with an asynchronous combine. Rejects `EMPTY_REDUCE` for no items. */
export async function treeOf<T>(
  items: readonly T[],
  arity: number,
  combine: (parts: readonly T[]) => Promise<T>,
): Promise<T> {
  const builder = new TreeBuilder<Promise<T>>(arity, async (parts) => combine(await Promise.all(parts)));
  for (const item of items) builder.push(Promise.resolve(item));
  const root = builder.finish();
  if (root === undefined) throw emptyReduce();
  return root;
}

export function emptyReduce(at?: string): SiderealError {
  return new SiderealError('EMPTY_REDUCE', 'reduce was given no items and no initial value', {
    at,
    remedy: 'Give { initial: value }, or make sure that there is at least one item.',
  });
}
