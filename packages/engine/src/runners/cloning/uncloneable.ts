import { isThenable } from '../../future/future.ts';

/** Something that a structured clone refuses: where inside the value, and what it is. */
export interface Uncloneable {
  /** As code after the value's own name, such as `.filters[0].apply`; empty for the value itself. */
  readonly path: string;
  /** With its article, such as `the function 'apply'`. */
  readonly what: string;
}

/** Would the value survive a structured clone? As costly as the clone, except for primitives. */
export function canClone(value: unknown): boolean {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function'))
    return typeof value !== 'symbol';
  if (typeof value === 'function') return false;
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** The first part of a value that keeps it from being cloned; undefined if nothing does. For error messages. */
export function findUncloneable(value: unknown): Uncloneable | undefined {
  return search(value, '', 0, new Set());
}

const MAX_DEPTH = 200;

function search(value: unknown, path: string, depth: number, seen: Set<unknown>): Uncloneable | undefined {
  if (seen.has(value) || canClone(value)) return undefined;
  seen.add(value);
  if (depth < MAX_DEPTH) {
    for (const [step, part] of partsOf(value)) {
      const found = search(part, path + step, depth + 1, seen);
      if (found !== undefined) return found;
    }
  }
  return { path, what: describe(value) };
}

function* partsOf(value: unknown): Generator<[step: string, part: unknown]> {
  if (typeof value !== 'object' || value === null || isThenable(value)) return;
  if (value instanceof Map) {
    for (const [key, part] of value) {
      yield [' (a key of the map)', key];
      yield [`.get(${typeof key === 'string' ? JSON.stringify(key) : String(key)})`, part];
    }
    return;
  }
  if (value instanceof Set) {
    for (const part of value) yield [' (a member of the set)', part];
    return;
  }
  for (const key of Object.keys(value)) {
    const step = Array.isArray(value)
      ? `[${key}]`
      : /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
        ? `.${key}`
        : `[${JSON.stringify(key)}]`;
    yield [step, Reflect.get(value, key)];
  }
}

function describe(value: unknown): string {
  if (typeof value === 'symbol') return `the symbol ${String(value)}`;
  if (typeof value === 'function') {
    const kind = Function.prototype.toString.call(value).startsWith('class') ? 'class' : 'function';
    return value.name === '' ? `a ${kind}` : `the ${kind} '${value.name}'`;
  }
  if (ArrayBuffer.isView(value) && 'detached' in value.buffer && value.buffer.detached) {
    return 'an array whose memory was given away when a task returned it (return a copy: array.slice())';
  }
  if (isThenable(value)) return 'a promise or future (await it first)';
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return `${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag}`;
}
