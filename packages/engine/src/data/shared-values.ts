import type { CanonicalText } from '@sidereal/core';

interface Declared {
  /** Canonical text of the whole value, once somebody asked. */
  text: CanonicalText | undefined;
}

const declarations = new WeakMap<object, Declared>();
/** Spares most programs the look at every object. */
let isAnyDeclared = false;

/**
 * Declares a value that nobody changes, such as a large table that many tasks are given: it is taken as it is,
 * without a copy, at the first call and at every later one, and its digest is computed once. Returns the value.
 * Whether anybody did change it is checked only if the run says `debugValues`.
 *
 *     const sky = shared(await loadCatalogue());
 *     match.map(fields, (field) => [field, sky]);
 */
export function shared<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !declarations.has(value)) {
    declarations.set(value, { text: undefined });
    isAnyDeclared = true;
  }
  return value;
}

/** Was it declared with {@link shared}? */
export function isShared(value: object): boolean {
  return isAnyDeclared && declarations.has(value);
}

/** The canonical text of a shared value, written once; undefined for any other. */
export function sharedText(
  value: object,
  write: (value: object) => CanonicalText,
): CanonicalText | undefined {
  const declaration = isAnyDeclared ? declarations.get(value) : undefined;
  if (declaration === undefined) return undefined;
  declaration.text ??= write(value);
  return declaration.text;
}
