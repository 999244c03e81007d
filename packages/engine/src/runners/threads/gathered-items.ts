import { SiderealError } from '@sidereal/core/errors';
import { isThenable } from '../../future.ts';
import type { MapSource, ReduceSource } from '../../scope.ts';
import type { ChildCalls } from './child-calls.ts';
import { ThreadMapFuture } from './thread-future.ts';

/** The arguments of a map or reduce call, at once or when its items have come, and the number of items. */
export interface GatheredItems {
  readonly args: List | Promise<List>;
  readonly size: () => number | Promise<number>;
}

type List = readonly unknown[];

/** Items of a map, as `RemoteCall` wants them. A thread gathers what it maps over before it sends it. */
export function gatherMap({ items, args, key, failFast }: MapSource, calls: ChildCalls): GatheredItems {
  if (calls.owns(items) && args === undefined && key === undefined) {
    const size = items instanceof ThreadMapFuture ? items.size : async () => asList(await items).length;
    return { args: [items, { failFast }], size };
  }
  const list = calls.owns(items) && items instanceof ThreadMapFuture ? itemsOf(items) : listOf(items);
  return gathered(list, (known) => [
    known.map((item, index) => (args === undefined ? [item] : args(item, index))),
    key === undefined ? { failFast } : { failFast, keys: known.map(key) },
  ]);
}

/** Items of a reduction, likewise. */
export function gatherReduce({ items, arity, initial }: ReduceSource, calls: ChildCalls): GatheredItems {
  const options = initial === undefined ? { arity } : { arity, initial };
  if (calls.owns(items)) return { args: [items, options], size: () => 1 };
  return gathered(listOf(items), (known) => [known, options]);
}

function gathered(list: List | Promise<List>, toArgs: (list: List) => List): GatheredItems {
  if (!(list instanceof Promise)) return { args: toArgs(list), size: () => list.length };
  return { args: list.then(toArgs), size: () => list.then(({ length }) => length) };
}

function itemsOf(map: ThreadMapFuture): List | Promise<List> {
  const size = map.size();
  return typeof size === 'number' ? map.items(size) : size.then((known) => map.items(known));
}

function listOf(items: unknown): List | Promise<List> {
  if (isThenable(items)) return Promise.resolve(items).then(asList);
  return isAsyncIterable(items) ? Array.fromAsync(items) : asList(items);
}

function asList(items: unknown): List {
  if (Array.isArray(items)) return items;
  if (isIterable(items)) return Array.from(items);
  throw new SiderealError('INVALID_ITEMS', `${String(items)} is not a list of items to map over or reduce`, {
    remedy: 'Give an array, another iterable, an async iterable, or a future of a list.',
  });
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
