import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import type { MapFuture, Settled, TaskFuture } from '../future/future.ts';
import { currentScope } from './current-scope.ts';

/**
 * How a run ends, whatever the outcome: a future that never rejects. May be awaited or passed on to a task.
 *
 * @example
 * const { state, value, error } = await settled(fetchCatalogue(name));
 */
export function settled<T>(future: PromiseLike<T>): TaskFuture<Settled<T>> {
  return currentScope('settled').settled(future) as TaskFuture<Settled<T>>;
}

/** How each run of a map ended, in order of the items: one that failed does not hide the others. */
export async function eachSettled<T>(map: MapFuture<T>): Promise<Settled<T>[]> {
  if (isMapOfItems<T>(map)) {
    // The map as a whole may fail: its items are looked at one by one.
    void settled(map);
    const items = map.items(await map.size());
    return Promise.all(items.map((item) => settled(item)));
  }
  if (!('group' in map)) {
    throw new SiderealError('NOT_A_MAP', 'eachSettled was given something that is not the result of a map', {
      at: userCallSite()?.at,
      remedy: 'Give it what task.map(…) returned in this flow; for one run use settled(future).',
    });
  }
  const { group } = map as { group: { settledItems(): Promise<Settled<T>[]> } };
  return group.settledItems();
}

/** A map as a task on a thread sees it: its items are elsewhere, and referred to one by one. */
interface MapOfItems<T> {
  readonly size: () => number | Promise<number>;
  items(size: number): readonly PromiseLike<T>[];
}

function isMapOfItems<T>(map: object): map is MapOfItems<T> {
  return 'items' in map && typeof map.items === 'function' && 'size' in map;
}
