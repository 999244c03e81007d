/**
 * Errors on their way between threads. A structured clone of an error loses its code, its own properties and
 * the class it names; so errors travel as plain parts and are put together again on the other side: name,
 * message, the stack of where they were thrown, cause, grouped errors and own enumerable properties.
 * Anything else that was thrown arrives as it is.
 */
import { inspect } from 'node:util';
import { SiderealError } from '@sidereal/core/errors';
import { canClone, findUncloneable } from './uncloneable.ts';

/** Something thrown, as plain data. */
export type Thrown =
  | { readonly type: 'error'; readonly parts: ErrorParts }
  | { readonly type: 'value'; readonly value: unknown };

export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly cause: Thrown | undefined;
  readonly errors: readonly Thrown[] | undefined;
}

/** Causes of causes, and groups within groups, that are kept. */
const MAX_DEPTH = 16;
const MAX_GROUP = 256;
const SPECIAL = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** To plain data that always survives a structured clone. */
export function encodeThrown(thrown: unknown, depth = 0): Thrown {
  if (thrown instanceof Error) return { type: 'error', parts: partsOf(thrown, depth) };
  if (canClone(thrown)) return { type: 'value', value: thrown };
  const found = findUncloneable(thrown);
  const error = new SiderealError(
    'UNCLONEABLE_RESULT',
    `the task threw ${found?.what ?? 'something'}${found?.path ? ` (at ${found.path})` : ''}, which cannot leave its thread`,
    { remedy: 'Throw an Error.' },
  );
  return { type: 'error', parts: partsOf(error, depth) };
}

/** In one line, whatever it is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : inspect(thrown, { breakLength: Infinity });
}

/** Back to what `catch` expects. */
export function decodeThrown(thrown: Thrown): unknown {
  return thrown.type === 'error' ? errorOf(thrown.parts) : thrown.value;
}

function partsOf(error: Error, depth: number): ErrorParts {
  const goesOn = depth < MAX_DEPTH;
  const group = read(error, 'errors');
  return {
    name: textOf(error, 'name'),
    message: textOf(error, 'message'),
    stack: typeof error.stack === 'string' ? error.stack : undefined,
    fields: fieldsOf(error),
    cause: error.cause === undefined || !goesOn ? undefined : encodeThrown(error.cause, depth + 1),
    errors:
      Array.isArray(group) && goesOn
        ? group.slice(0, MAX_GROUP).map((one: unknown) => encodeThrown(one, depth + 1))
        : undefined,
  };
}

function fieldsOf(error: Error): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(error)) {
    if (SPECIAL.has(key)) continue;
    const value = read(error, key);
    if (canClone(value)) fields[key] = value;
  }
  return fields;
}

function textOf(error: Error, key: 'name' | 'message'): string {
  const text = read(error, key);
  return typeof text === 'string' ? text : '';
}

/** A property that may be a getter, which may throw. */
function read(error: Error, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}

const BUILT_IN = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;

function errorOf(parts: ErrorParts): Error {
  const error = bare(parts);
  Object.assign(error, parts.fields);
  if (error.name !== parts.name) define(error, 'name', parts.name);
  define(error, 'stack', parts.stack);
  if (parts.cause !== undefined) define(error, 'cause', decodeThrown(parts.cause));
  if (parts.errors !== undefined) define(error, 'errors', parts.errors.map(decodeThrown));
  return error;
}

function bare({ name, message, fields, errors }: ErrorParts): Error {
  if (name === 'SiderealError' && typeof fields['code'] === 'string') {
    const remedy = fields['remedy'];
    return new SiderealError(fields['code'], message, { remedy: typeof remedy === 'string' ? remedy : '' });
  }
  if (name === 'AggregateError' && errors !== undefined) return new AggregateError([], message);
  for (const [known, BuiltIn] of Object.entries(BUILT_IN)) if (known === name) return new BuiltIn(message);
  return new Error(message);
}

/** As errors have them: not enumerable. */
function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}
