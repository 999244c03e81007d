import { SiderealError } from '@sidereal/core/errors';
import { isThenable } from '../../future/future.ts';
import type { MapSource, ReduceSource } from '../../context/operation.ts';
import { RemoteFuture, RemoteMapFuture } from './remote-future.ts';
import type { RemoteJob } from './remote-job.ts';

type List = readonly unknown[];

/** What a map consists of, at once or when its items have come. */
export interface GatheredItems {
  /** `[items]`: a list, or the future of one. */
  readonly inputs: List | Promise<List>;
  /** Items are argument tuples. */
  readonly areTuples: boolean;
  /** They were pulled one by one. */
  readonly isPulled: boolean;
  /** Keys of the items, if they have any; to be called when the items are there. */
  readonly keys: () => { readonly keys?: readonly string[] };
  /** Number of items. */
  readonly size: () => number | Promise<number>;
}

/** Gathers the items of a map: code elsewhere sends them all at once. Throws `INVALID_ITEMS`. */
export function gatherMap({ items, args, key }: MapSource, job: RemoteJob): GatheredItems {
  if (job.owns(items) && args === undefined && key === undefined) {
    const size = items instanceof RemoteMapFuture ? items.size : async () => asList(await items).length;
    return { inputs: [items], areTuples: false, isPulled: false, keys: () => ({}), size };
  }
  const list = job.owns(items) && items instanceof RemoteMapFuture ? itemsOf(items) : listOf(items);
  let keys: readonly string[] | undefined;
  const toInputs = (known: List): List => {
    keys = key === undefined ? undefined : known.map(key);
    return [args === undefined ? known : known.map(args)];
  };
  return {
    inputs: list instanceof Promise ? list.then(toInputs) : toInputs(list),
    areTuples: args !== undefined,
    isPulled: !isList(items),
    keys: () => (keys === undefined ? {} : { keys }),
    size: list instanceof Promise ? () => list.then(({ length }) => length) : () => list.length,
  };
}

/** Items of a reduction, likewise: `[items]`, or `[items, initial]`. */
export function gatherReduce({ items, initial }: ReduceSource, job: RemoteJob): List | Promise<List> {
  const rest = initial === undefined ? [] : [initial.value];
  if (job.owns(items)) return [items, ...rest];
  const list = listOf(items);
  return list instanceof Promise ? list.then((come) => [come, ...rest]) : [list, ...rest];
}

/** Is it a collection that is all there, or the future of one? What is pulled may be another each time. */
export function isList(items: unknown): boolean {
  return (
    Array.isArray(items) || items instanceof Set || items instanceof Map || items instanceof RemoteFuture
  );
}

function itemsOf(map: RemoteMapFuture): List | Promise<List> {
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
