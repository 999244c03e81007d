/**
 * The record of errors: what the journal keeps of them. An error becomes an {@link ErrorRecord}, and is put together
 * again from that: name, message, code, remedy, the stack of where it was
 * thrown, causes, grouped errors and own plain properties. Classes of the language are given back, so that
 * `instanceof TypeError` holds; a class of the author's is known by its name and code.
 */
import type { ErrorRecord } from '@sidereal/core';
import { isSiderealError } from '@sidereal/core/errors';
import { bareError, errorKind } from '../data/bare-error.ts';
import { thrownMessage } from './thrown-message.ts';

/** How much of an error is kept. */
export interface ErrorBounds {
  /** Causes of causes, and groups within groups. */
  readonly depth: number;
  /** Errors of one group. */
  readonly grouped: number;
  /** Characters of a message or a stack. */
  readonly characters: number;
  /** May this property, or what was thrown in place of an error, be kept? */
  readonly keeps: (value: unknown) => boolean;
  /** The user's own line of an error that does not name it itself. */
  readonly lineOf: (error: Error) => string | undefined;
}

/** Properties that have a place of their own in the record. */
const NAMED = new Set(['name', 'message', 'stack', 'cause', 'errors']);

/** As plain data; anything thrown counts as an error. */
export function recordOf(thrown: unknown, bounds: ErrorBounds, depth = 0): ErrorRecord {
  if (!(thrown instanceof Error)) return recordOfValue(thrown, bounds);
  const goesOn = depth < bounds.depth;
  const name = textOf(thrown, 'name');
  const code = property(thrown, 'code');
  const group = property(thrown, 'errors');
  const base = baseOf(thrown);
  const isCoded = isSiderealError(thrown);
  const at = isCoded && thrown.at !== undefined ? thrown.at : bounds.lineOf(thrown);
  const fields = fieldsOf(thrown, bounds);
  return {
    name,
    message: textOf(thrown, 'message').slice(0, bounds.characters),
    ...(typeof code === 'string' ? { code } : {}),
    ...(isCoded ? { remedy: thrown.remedy } : {}),
    ...(at === undefined ? {} : { at }),
    ...(typeof thrown.stack === 'string' ? { stack: thrown.stack.slice(0, bounds.characters) } : {}),
    ...(thrown.cause !== undefined && goesOn ? { cause: recordOf(thrown.cause, bounds, depth + 1) } : {}),
    ...(Array.isArray(group) && group.length > 0 && goesOn
      ? { errors: group.slice(0, bounds.grouped).map((one: unknown) => recordOf(one, bounds, depth + 1)) }
      : {}),
    ...(base === undefined || base === name ? {} : { base }),
    ...(fields === undefined ? {} : { fields }),
  };
}

/** What was thrown, again: what `catch` expects. */
export function thrownOf(record: ErrorRecord): unknown {
  if (record.thrown !== undefined) return record.thrown.value;
  const error = bareError(kindIn(record), record);
  if (record.at !== undefined && isSiderealError(error)) Object.assign(error, { at: record.at });
  Object.assign(error, record.fields);
  if (record.code !== undefined && !('code' in error)) Object.assign(error, { code: record.code });
  if (error.name !== record.name) define(error, 'name', record.name);
  define(error, 'stack', record.stack);
  if (record.cause !== undefined) define(error, 'cause', thrownOf(record.cause));
  if (record.errors !== undefined) define(error, 'errors', record.errors.map(thrownOf));
  return error;
}

function recordOfValue(value: unknown, { keeps, characters }: ErrorBounds): ErrorRecord {
  const words = { name: 'Thrown', message: thrownMessage(value).slice(0, characters) };
  return keeps(value) ? { ...words, thrown: { value } } : words;
}

function fieldsOf(error: Error, { keeps }: ErrorBounds): Readonly<Record<string, unknown>> | undefined {
  const isCoded = isSiderealError(error);
  let fields: Record<string, unknown> | undefined;
  for (const key of Object.keys(error)) {
    if (NAMED.has(key) || (isCoded && (key === 'remedy' || key === 'at'))) continue;
    const value = property(error, key);
    if ((key === 'code' && typeof value === 'string') || !keeps(value)) continue;
    fields ??= {};
    fields[key] = value;
  }
  return fields;
}

/** The nearest of Node's own kinds, where an error is of one that says more than `Error`. */
function baseOf(error: Error): string | undefined {
  const kind = errorKind(error, '');
  return kind === 'Error' || kind === 'SiderealError' ? undefined : kind;
}

/** A group is one even if its class has a name of its own; an error of ours is known by its remedy. */
function kindIn({ name, code, remedy, base, errors }: ErrorRecord): string {
  if (remedy !== undefined && code !== undefined) return 'SiderealError';
  return base ?? (errors === undefined ? name : 'AggregateError');
}

function textOf(error: Error, key: 'name' | 'message'): string {
  const text = property(error, key);
  return typeof text === 'string' ? text : '';
}

/** A property that may be a getter, which may throw. */
function property(error: Error, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch {
    return undefined;
  }
}

/** As errors have them: not enumerable. */
function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}
