import { SiderealError, type ValueClass } from '@sidereal/core';

/** What an error says of itself. */
export interface ErrorField {
  readonly name: string;
  readonly value: unknown;
  readonly isEnumerable: boolean;
}

const KINDS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;
/** What errors have whether or not it is a field of theirs. */
const SPECIAL: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/**
 * An error of the same kind, if that is one of Node's own or ours, and message; its fields are still to come.
 * Its class is not asked for anything but its name: constructors may do anything.
 */
export function bareError(error: object, { name }: ValueClass): Error {
  const message = textOf(error, 'message');
  if (name === 'AggregateError') return new AggregateError([], message);
  if (name === 'SiderealError') {
    return new SiderealError(textOf(error, 'code'), message, { remedy: textOf(error, 'remedy') });
  }
  if (name in KINDS) return new KINDS[name as keyof typeof KINDS](message);
  return new Error(message);
}

/** Fields that an error's copy is to have beside its message. Getters that throw count as nothing. */
export function errorFields(error: object): ErrorField[] {
  const fields: ErrorField[] = [];
  const kind = textOf(error, 'name');
  if (kind !== '') fields.push({ name: 'name', value: kind, isEnumerable: isEnumerable(error, 'name') });
  fields.push({ name: 'stack', value: read(error, 'stack'), isEnumerable: false });
  for (const name of ['cause', 'errors']) {
    if (Object.hasOwn(error, name))
      fields.push({ name, value: read(error, name), isEnumerable: isEnumerable(error, name) });
  }
  for (const name of namesOf(error)) {
    if (SPECIAL.has(name)) continue;
    const field = Object.getOwnPropertyDescriptor(error, name);
    if (field !== undefined && 'value' in field)
      fields.push({ name, value: field.value, isEnumerable: true });
  }
  return fields;
}

function isEnumerable(error: object, name: string): boolean {
  return Object.prototype.propertyIsEnumerable.call(error, name);
}

function namesOf(error: object): readonly string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

function textOf(error: object, name: string): string {
  const text = read(error, name);
  return typeof text === 'string' ? text : '';
}

/** A property that may be a getter, or behind a trap. */
function read(error: object, name: string): unknown {
  try {
    return Reflect.get(error, name);
  } catch {
    return undefined;
  }
}
