import { isMarkedAsUntransferable } from 'node:worker_threads';

/** What must be known of a value before it travels. */
export interface ValueContents {
  /** It is, or holds, errors: a structured clone would lose what they carry. */
  readonly hasErrors: boolean;
  /** Memory that can be handed over instead of copied, as far as the value itself tells. */
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Memory below this is copied: that costs no more than handing it over, and a small table at module level that
 * a task returns stays where it is.
 */
const SMALLEST_TRANSFER_BYTES = 64 * 1024;

const NOTHING: ValueContents = { hasErrors: false, buffers: [] };

/** Can it hold anything, or must it only be copied? */
export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function');
}

/** Looks through arrays, objects, maps and sets for errors and for memory that could be handed over. */
export function contentsOf(value: unknown): ValueContents {
  if (typeof value !== 'object' || value === null) return NOTHING;
  const seen = new Set<object>([value]);
  /** Buffers, and whether every view of them covers them whole. */
  const buffers = new Map<ArrayBuffer, boolean>();
  let hasErrors = false;
  // A set is iterated in order of insertion, parts added on the way included.
  for (const holder of seen) {
    if (holder instanceof Error) hasErrors = true;
    else if (holder instanceof ArrayBuffer) note(buffers, holder, true);
    else if (ArrayBuffer.isView(holder)) noteView(buffers, holder);
    else for (const part of partsOf(holder)) if (typeof part === 'object' && part !== null) seen.add(part);
  }
  return { hasErrors, buffers: [...buffers].filter(isHandable).map(([buffer]) => buffer) };
}

function noteView(buffers: Map<ArrayBuffer, boolean>, view: ArrayBufferView): void {
  if (!(view.buffer instanceof ArrayBuffer)) return;
  note(buffers, view.buffer, view.byteLength === view.buffer.byteLength);
}

function note(buffers: Map<ArrayBuffer, boolean>, buffer: ArrayBuffer, isWhole: boolean): void {
  buffers.set(buffer, isWhole && (buffers.get(buffer) ?? true));
}

function isHandable([buffer, isWhole]: readonly [ArrayBuffer, boolean]): boolean {
  return (
    isWhole &&
    buffer.byteLength >= SMALLEST_TRANSFER_BYTES &&
    !buffer.resizable &&
    !isMarkedAsUntransferable(buffer)
  );
}

function partsOf(holder: object): Iterable<unknown> {
  if (Array.isArray(holder) || holder instanceof Set) return holder;
  if (holder instanceof Map) return entriesOf(holder);
  return valuesOf(holder);
}

function entriesOf(map: ReadonlyMap<unknown, unknown>): unknown[] {
  return [...map.keys(), ...map.values()];
}

function valuesOf(holder: object): unknown[] {
  return Object.values(holder);
}
