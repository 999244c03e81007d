import { isThenable } from '../../future.ts';

/** Every future and promise inside arguments: nested in arrays and plain objects, as authors may write them. */
export function thenablesIn(args: unknown): PromiseLike<unknown>[] {
  const found: PromiseLike<unknown>[] = [];
  const seen = new Set<unknown>([args]);
  // A set is iterated in order of insertion, parts added on the way included.
  for (const holder of seen) {
    if (isThenable(holder)) found.push(holder);
    else if (Array.isArray(holder)) addObjects(seen, holder);
    else if (isPlainObject(holder)) addObjects(seen, Object.values(holder));
  }
  return found;
}

/** A copy of arguments in which every future and promise is replaced. */
export function replaceThenables(
  args: unknown,
  replace: (thenable: PromiseLike<unknown>) => unknown,
): unknown {
  const copies = new Map<unknown, unknown>();
  const copyOf = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (isThenable(value)) return replace(value);
    if (copies.has(value)) return copies.get(value);
    if (Array.isArray(value)) {
      const copy: unknown[] = [];
      copies.set(value, copy);
      for (const part of value) copy.push(copyOf(part));
      return copy;
    }
    if (!isPlainObject(value)) return value;
    const copy: Record<string, unknown> = {};
    copies.set(value, copy);
    for (const [key, part] of Object.entries(value)) copy[key] = copyOf(part);
    return copy;
  };
  return copyOf(args);
}

function addObjects(seen: Set<unknown>, parts: readonly unknown[]): void {
  for (const part of parts) if (typeof part === 'object' && part !== null) seen.add(part);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
