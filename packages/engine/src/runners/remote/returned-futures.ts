import { findFutures, replaceFutures } from '../../data/futures-in-values.ts';
import { findHiddenFuture, futureHidden } from '../../data/obstacles.ts';
import { isThenable } from '../../future/future.ts';
import { RemoteFuture } from './remote-future.ts';

/**
 * What code away from the flow has returned, each future and promise in it replaced by its value. Waits for all of
 * them, then rejects as the first in order did. Throws `FUTURE_HIDDEN`; `root` is what the value is called.
 */
export async function withoutFutures(
  returned: unknown,
  root: string,
  at: string | undefined,
): Promise<unknown> {
  const values = new Map<object, unknown>();
  let value = returned;
  for (;;) {
    const hidden = findHiddenFuture(value, root, (part) => part instanceof RemoteFuture);
    if (hidden !== undefined) throw futureHidden(hidden, at);
    const futures = findFutures(value).filter(isThenable);
    if (futures.length === 0) return value;
    const unknown = futures.filter((future) => !values.has(future));
    if (unknown.length === 0)
      throw new RangeError(`a promise in the ${root} comes to what holds that promise`);
    const outcomes = await Promise.allSettled(unknown);
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'rejected') throw outcome.reason;
      const future = unknown[index];
      if (future !== undefined) values.set(future, outcome.value);
    }
    // What a promise came to may hold others.
    value = replaceFutures(value, (future) => values.get(future));
  }
}
