import { SiderealError } from '@sidereal/core';
import { isThenable } from '../future/future.ts';

/** Arguments nested deeper than this are taken for cyclic: the same bound as that of task keys. */
const MAX_DEPTH = 64;

/** Is it an array or a plain object, in which futures may be nested? */
export function isNest(value: unknown): value is unknown[] | Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Every thenable in a value, at any depth of arrays and plain objects, given to `found`. */
export function findThenables(
  value: unknown,
  found: (thenable: PromiseLike<unknown>) => void,
  depth = 0,
): void {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'function' && isThenable(value)) found(value);
    return;
  }
  if (isThenable(value)) {
    found(value);
    return;
  }
  if (!isNest(value)) return;
  if (depth > MAX_DEPTH) throw tooDeep();
  if (Array.isArray(value)) for (const item of value) findThenables(item, found, depth + 1);
  else for (const item of Object.values(value)) findThenables(item, found, depth + 1);
}

function tooDeep(): SiderealError {
  return new SiderealError(
    'UNKEYABLE_ARGUMENT',
    `an argument is nested deeper than ${MAX_DEPTH}, or is a cycle: futures in it cannot be found`,
    { remedy: 'Pass plain data without cycles, or keep it in a class or Map of your own.' },
  );
}

/** A copy of a value in which every thenable is replaced; parts without any are shared with the original. */
export function replaceThenables(
  value: unknown,
  replace: (thenable: PromiseLike<unknown>) => unknown,
): unknown {
  if (value === null || typeof value !== 'object') {
    return typeof value === 'function' && isThenable(value) ? replace(value) : value;
  }
  if (isThenable(value)) return replace(value);
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i += 1) {
      const item: unknown = value[i];
      const replaced = replaceThenables(item, replace);
      if (replaced === item) continue;
      copy ??= value.slice();
      copy[i] = replaced;
    }
    return copy ?? value;
  }
  if (!isNest(value)) return value;
  const record = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(record)) {
    const item = record[key];
    const replaced = replaceThenables(item, replace);
    if (replaced === item) continue;
    copy ??= { ...record };
    copy[key] = replaced;
  }
  return copy ?? value;
}

/** A copy of a value in which every thenable is replaced by what `wait` makes of it. Rejects if one does. */
export async function awaitDeep(
  value: unknown,
  wait: (thenable: PromiseLike<unknown>) => PromiseLike<unknown>,
): Promise<unknown> {
  const thenables: PromiseLike<unknown>[] = [];
  findThenables(value, (thenable) => thenables.push(thenable));
  if (thenables.length === 0) return value;
  const values = await Promise.all(thenables.map(wait));
  const byThenable = new Map<unknown, unknown>(thenables.map((thenable, i) => [thenable, values[i]]));
  return replaceThenables(value, (thenable) => byThenable.get(thenable));
}
