import type { CallSite } from '../../context/scope.ts';
import { foreignFuture } from '../calls/call-errors.ts';
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
}

/** Looks at what a map or reduce was given. Throws `FOREIGN_FUTURE`. */
export function itemsInput(
  { futures, waiting }: Readonly<{ futures: Futures; waiting: Waiting }>,
  items: unknown,
  what: string,
  call: CallSite,
): ItemsInput {
  if (!(items instanceof RunFuture)) return { map: undefined, consumes: [], items: () => items };
  if (items.host !== futures) throw foreignFuture(what, call.at());
  if (isFollowable(items)) return { map: items.followed, consumes: [], items: () => items };
  const { node } = items;
  return {
    map: undefined,
    consumes: node === undefined ? [] : [node],
    items: async () => waiting.value(node ?? (await items.submitted)),
  };
}

/** Is it the future of a map, whose items can be had one by one? */
function isFollowable(future: RunFuture): future is RunFuture & { readonly followed: FollowedItems } {
  return 'followed' in future;
}
