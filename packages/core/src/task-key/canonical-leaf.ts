/** Canonical texts of what has no parts. */
import type { ValueClass } from '../plain-data/class-of.ts';

/** The text of what is no object; undefined of functions and symbols, which hide what they are. */
export function scalarText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return value === 0 && Object.is(value, -0) ? 'n-0' : `n${value}`;
    case 'string':
      return delimited('s', value);
    case 'boolean':
      return value ? 't' : 'f';
    case 'undefined':
      return 'u';
    case 'bigint':
      return `b${value}`;
    case 'object':
      return '0';
    default:
      return undefined;
  }
}

/** Tells an instance from an object literal with the same fields. */
export function ofClass({ kind, name, isDerived }: ValueClass): string {
  return isDerived || kind === 'instance' ? delimited('C', name) : '';
}

/** The text of a date, a pattern, a URL or a boxed value. */
export function leafText(value: object): string {
  if (value instanceof Date) return `D${value.getTime()}`;
  if (value instanceof RegExp) return delimited('R', String(value));
  if (value instanceof URL) return delimited('U', value.href);
  return `X${scalarText(value.valueOf()) ?? ''}`;
}

/** A text that cannot run into what follows it. Digests see half surrogates as one and the same, so these are escaped. */
export function delimited(tag: string, text: string): string {
  if (text.isWellFormed()) return `${tag}${text.length}:${text}`;
  const escaped = JSON.stringify(text);
  return `${tag}w${escaped.length}:${escaped}`;
}
