import type { CanonicalText } from '@sidereal/core';
import type { CallSite } from '../../context/scope.ts';
import { foreignFuture } from '../calls/call-errors.ts';
import type { Intake } from '../calls/given.ts';
import type { Futures } from '../futures/futures.ts';
import { RunFuture } from '../futures/run-future.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { FollowedItems } from './followers.ts';

/** Where a map or reduce takes its items from. */
export interface ItemsInput {
  /** A map of the same run: its items are taken as they are submitted. */
  readonly map: FollowedItems | undefined;
  /** The run that gives the items, if one does: the group begins once it has ended. */
  readonly consumes: readonly RunNode[];
  /** The items, to be asked for once the group begins. */
  readonly items: () => unknown;
  /** What tells these items from others, as far as that is known at the call. */
  readonly text: CanonicalText;
}

/** Of items that are pulled one by one, or made into arguments by code: nothing is known of them before. */
export const UNKNOWN_ITEMS: CanonicalText = { text: '', isComplete: false };

/** Looks at what a map or reduce was given; lists are taken as they are now. Throws `FOREIGN_FUTURE`. */
export function itemsInput(
  parts: Readonly<{ futures: Futures; waiting: Waiting; intake: Intake }>,
  given: unknown,
  what: string,
  call: CallSite,
): ItemsInput {
  const { futures, waiting, intake } = parts;
  if (given instanceof RunFuture) {
    if (given.host !== futures) throw foreignFuture(what, call.at());
    const text = intake.textOfValue(given);
    if (isFollowable(given)) return { map: given.followed, consumes: [], items: () => given, text };
    const { node } = given;
    return {
      map: undefined,
      consumes: node === undefined ? [] : [node],
      items: async () => waiting.value(node ?? (await given.submitted)),
      text,
    };
  }
  const list = listOf(given);
  if (list === undefined) return { map: undefined, consumes: [], items: () => given, text: UNKNOWN_ITEMS };
  const { items, text } = intake.list(list, call);
  return { map: undefined, consumes: [], items: () => items, text };
}

/** The items of a collection that is all there; undefined for one that is pulled. */
function listOf(items: unknown): readonly unknown[] | undefined {
  if (Array.isArray(items)) return Array.from<unknown>(items);
  return items instanceof Set || items instanceof Map ? [...items] : undefined;
}

/** Is it the future of a map, whose items can be had one by one? */
function isFollowable(future: RunFuture): future is RunFuture & { readonly followed: FollowedItems } {
  return 'followed' in future;
}
