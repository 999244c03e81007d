/**
 * Errors inside values, such as the outcomes that a task under a tolerant rule is given. A value that holds
 * any is sent as a copy in which each is replaced by its parts, and put right on arrival.
 */
import type { ErrorRecord } from '@sidereal/core';
import { decodeThrown, encodeThrown } from './thrown.ts';

const MARK = '@sidereal/error';
interface PackedError {
  readonly [MARK]: ErrorRecord;
}

/** A copy of the value in which errors are plain data. */
export function packErrors(value: unknown): unknown {
  return pack(value, new Map());
}

/** Undoes {@link packErrors}, in place: the value is a clone that nobody else has. */
export function unpackErrors(value: unknown): unknown {
  return unpack(value, new Set());
}

function pack(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known !== undefined) return known;
  if (value instanceof Error) {
    const packed: PackedError = { [MARK]: encodeThrown(value) };
    copies.set(value, packed);
    return packed;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copies.set(value, copy);
    for (const part of value) copy.push(pack(part, copies));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    copies.set(value, copy);
    for (const [key, part] of value) copy.set(pack(key, copies), pack(part, copies));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    copies.set(value, copy);
    for (const part of value) copy.add(pack(part, copies));
    return copy;
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') return value;
  const copy: Record<string, unknown> = {};
  copies.set(value, copy);
  for (const [key, part] of Object.entries(value)) copy[key] = pack(part, copies);
  return copy;
}

function unpack(value: unknown, seen: Set<object>): unknown {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  if (isPackedError(value)) return decodeThrown(value[MARK]);
  seen.add(value);
  if (value instanceof Map) {
    const entries = [...value];
    value.clear();
    for (const [key, part] of entries) value.set(unpack(key, seen), unpack(part, seen));
  } else if (value instanceof Set) {
    const parts = [...value];
    value.clear();
    for (const part of parts) value.add(unpack(part, seen));
  } else if (!ArrayBuffer.isView(value)) {
    for (const [key, part] of Object.entries(value)) Reflect.set(value, key, unpack(part, seen));
  }
  return value;
}

function isPackedError(value: object): value is PackedError {
  return MARK in value;
}
