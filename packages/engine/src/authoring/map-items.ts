import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import { isThenable } from '../future/future.ts';
import { previewValue } from '../results/preview.ts';

/** Items to map over or to reduce: at hand, arriving, or promised. */
export type Items<Item> =
  readonly Item[] | Iterable<Item> | AsyncIterable<Item> | PromiseLike<Iterable<Item>>;

/**
 * Throws `NOT_ITERABLE`, with the user's line, for what can hold no items. A text can be gone through letter by
 * letter, and is never meant so.
 */
export function assertItems(items: unknown, what: string): void {
  if (isThenable(items)) return;
  if (
    typeof items === 'object' &&
    items !== null &&
    (Symbol.iterator in items || Symbol.asyncIterator in items)
  )
    return;
  throw new SiderealError('NOT_ITERABLE', `${what} was given ${previewValue(items)} to go through`, {
    at: userCallSite()?.at,
    remedy: 'Give an array, an iterable, an async iterable, a map future, or a future of an array.',
  });
}
