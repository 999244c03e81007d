import { isThenable } from '../future/future.ts';

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
  return replaceParts(args, isThenable, replace);
}

/** A copy of a value in which every part of one kind, nested in arrays and plain objects, is replaced. */
function replaceParts<P>(
  value: unknown,
  isPart: (part: unknown) => part is P,
  replace: (part: P) => unknown,
): unknown {
  const copies = new Map<unknown, unknown>();
  const copyOf = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (isPart(part)) return replace(part);
    if (copies.has(part)) return copies.get(part);
    if (Array.isArray(part)) {
      const copy: unknown[] = [];
      copies.set(part, copy);
      for (const inner of part) copy.push(copyOf(inner));
      return copy;
    }
    if (!isPlainObject(part)) return part;
    const copy: Record<string, unknown> = {};
    copies.set(part, copy);
    for (const [key, inner] of Object.entries(part)) copy[key] = copyOf(inner);
    return copy;
  };
  return copyOf(value);
}

function addObjects(seen: Set<unknown>, parts: readonly unknown[]): void {
  for (const part of parts) if (typeof part === 'object' && part !== null) seen.add(part);
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
