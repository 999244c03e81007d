import { SiderealError } from '@sidereal/core';

/** What an error says of itself. */
export interface ErrorField {
  readonly name: string;
  readonly value: unknown;
  readonly isEnumerable: boolean;
}

const KINDS = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;
/** What errors have whether or not it is a field of theirs. */
const SPECIAL: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** What {@link bareError} asks; each may be absent. */
export interface ErrorText {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly remedy?: unknown;
  readonly name?: unknown;
}

/**
 * The nearest kind of Node's own, or ours, that an error is of: `instanceof` holds for it in copies. `name`: of its
 * class, by which errors of another realm are known.
 */
export function errorKind(error: object, name: string): string {
  if (textOf(error, 'name') === 'SiderealError' && textOf(error, 'code') !== '') return 'SiderealError';
  if (error instanceof AggregateError) return 'AggregateError';
  if (error instanceof DOMException) return 'DOMException';
  for (const [kind, Kind] of Object.entries(KINDS)) if (error instanceof Kind) return kind;
  return name in KINDS || name === 'AggregateError' ? name : 'Error';
}

/**
 * An error of a kind, if that is one of Node's own or ours, that says the same; its fields are still to come. A
 * class of the author's is not asked for anything but its name: constructors may do anything.
 */
export function bareError(kind: string, said: ErrorText): Error {
  // The stack is to be that of the error which it is made after: taking another costs more than all the rest.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return errorOf(kind, said);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function errorOf(kind: string, said: ErrorText): Error {
  const message = textOf(said, 'message');
  if (kind === 'AggregateError') return new AggregateError([], message);
  if (kind === 'SiderealError') {
    return new SiderealError(textOf(said, 'code'), message, { remedy: textOf(said, 'remedy') });
  }
  if (kind === 'DOMException') return new DOMException(message, textOf(said, 'name'));
  if (kind in KINDS) return new KINDS[kind as keyof typeof KINDS](message);
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

/** A text among what an error says; empty if it is none, or cannot be read. */
export function textOf(error: object, name: string): string {
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
