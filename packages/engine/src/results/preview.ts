import { classOf, fieldOf } from '@sidereal/core';

const LIMIT = 160;

/** What a future is called; undefined for any other thing with a `then`. */
type FutureName = (value: object) => string | undefined;

/** A bounded, human-readable picture of a call's inputs: `(64, 'J1851+0035', Float64Array(1310720))`. */
export function previewArgs(args: readonly unknown[], futureText: FutureName): string {
  let text = '(';
  for (let i = 0; i < args.length; i += 1) {
    if (i > 0) text += ', ';
    text += shown(args[i], futureText, LIMIT - text.length);
    if (text.length >= LIMIT) return `${text.slice(0, LIMIT - 1)}…`;
  }
  return `${text})`;
}

/** A bounded, human-readable picture of a value. */
export function previewValue(value: unknown): string {
  return shown(value, () => undefined, LIMIT).slice(0, LIMIT);
}

/** A proxy that throws must not end what only wanted to look. */
function shown(value: unknown, futureText: FutureName, room: number): string {
  try {
    return preview(value, futureText, room, 0);
  } catch {
    return '(cannot be shown)';
  }
}

function preview(value: unknown, futureText: FutureName, room: number, depth: number): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'symbol':
      return String(value);
    case 'string':
      return value.length > room ? `'${value.slice(0, Math.max(room - 1, 8))}…'` : `'${value}'`;
    case 'function':
      return futureText(value) ?? `function ${value.name}`;
    case 'object':
      return value === null ? 'null' : previewObject(value, futureText, room, depth);
  }
}

function previewObject(value: object, futureText: FutureName, room: number, depth: number): string {
  const { kind, name } = classOf(value);
  switch (kind) {
    case 'thenable':
      return futureText(value) ?? 'future';
    case 'view':
      return `${name}(${'length' in value ? Number(value.length) : sizeOf(value)})`;
    case 'map':
    case 'set':
    case 'buffer':
    case 'shared-buffer':
      return `${name}(${sizeOf(value)})`;
    case 'date':
      return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : 'Invalid Date';
    case 'error':
      return value instanceof Error ? `${value.name}: ${value.message}`.slice(0, room) : 'an error';
    case 'pattern':
      return value instanceof RegExp ? String(value).slice(0, room) : '';
    case 'url':
      return value instanceof URL ? value.href.slice(0, room) : '';
    case 'boxed':
      return preview(value.valueOf(), futureText, room, depth);
    case 'array':
      return Array.isArray(value) ? previewList(value, futureText, room, depth) : '[…]';
    case 'record':
    case 'instance':
    case 'opaque':
      return previewFields(value, futureText, room, depth);
  }
}

function previewList(list: readonly unknown[], futureText: FutureName, room: number, depth: number): string {
  if (depth >= 3) return `Array(${list.length})`;
  let text = '[';
  for (let i = 0; i < list.length; i += 1) {
    if (i > 0) text += ', ';
    if (text.length >= room) return `${text}…`;
    text += preview(list[i], futureText, room - text.length, depth + 1);
  }
  return `${text}]`;
}

function previewFields(value: object, futureText: FutureName, room: number, depth: number): string {
  if (depth >= 3) return '{…}';
  let text = '{ ';
  let isFirst = true;
  for (const key of Object.keys(value)) {
    if (!isFirst) text += ', ';
    isFirst = false;
    if (text.length >= room) return `${text}…`;
    text += `${key}: `;
    text += isGetter(value, key)
      ? '(a getter)'
      : preview(fieldOf(value, key), futureText, room - text.length, depth + 1);
  }
  return `${text} }`;
}

function isGetter(value: object, key: string): boolean {
  return Object.getOwnPropertyDescriptor(value, key)?.get !== undefined;
}

/** Entries of a collection, bytes of memory. */
function sizeOf(value: object): number {
  if (value instanceof Map || value instanceof Set) return value.size;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  return value instanceof SharedArrayBuffer ? value.byteLength : 0;
}
