import { isMarkedAsUntransferable } from 'node:worker_threads';
import { walkValue } from '@sidereal/core';
import { isOpaquePart, isScalar, needsPacking } from '../../data/index.ts';

/** What must be known of a value before it travels. */
export interface ValueContents {
  /** It holds what a structured clone would not carry whole. */
  readonly needsPacking: boolean;
  /** It is, or holds, what hides state or is code: it cannot travel. Futures and errors do not count. */
  readonly isOpaque: boolean;
  /** Futures stand in it, or may stand in an error of it. */
  readonly mayHoldFutures: boolean;
  /** Memory that can be handed over instead of copied, as far as the value itself tells. */
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Memory below this is copied: that costs no more than handing it over, and a small table at module level that
 * a task returns stays where it is.
 */
const SMALLEST_TRANSFER_BYTES = 64 * 1024;

const PLAIN: ValueContents = { needsPacking: false, isOpaque: false, mayHoldFutures: false, buffers: [] };

/** Looks through a value, once. */
export function contentsOf(value: unknown): ValueContents {
  if (isScalar(value) && typeof value !== 'symbol') return PLAIN;
  /** Buffers, and whether every view of them covers them whole. */
  const buffers = new Map<ArrayBuffer, boolean>();
  let isSpecial = false;
  let isOpaque = false;
  let mayHoldFutures = false;
  walkValue(value, {
    object: (part, valueClass) => {
      if (valueClass.kind === 'thenable') {
        mayHoldFutures = true;
        return false;
      }
      isSpecial ||= needsPacking(part, valueClass);
      if (valueClass.kind === 'error') {
        // It arrives as what it says; what of it cannot is left behind.
        mayHoldFutures = true;
        return false;
      }
      if (isShared(part)) return false;
      isOpaque ||= isOpaquePart(part);
      if (part instanceof ArrayBuffer) note(buffers, part, true);
      else if (ArrayBuffer.isView(part)) noteView(buffers, part);
      return true;
    },
    scalar: (part) => {
      if (typeof part === 'function' && 'then' in part) mayHoldFutures = true;
      else if (typeof part === 'function' || typeof part === 'symbol') isOpaque = true;
    },
  });
  const handable = buffers.size === 0 ? PLAIN.buffers : [...buffers].filter(isHandable).map(bufferOf);
  return { needsPacking: isSpecial, isOpaque, mayHoldFutures, buffers: handable };
}

/** Memory that is shared on purpose is shared by whoever is sent it. */
function isShared(part: object): boolean {
  return (
    part instanceof SharedArrayBuffer ||
    (ArrayBuffer.isView(part) && part.buffer instanceof SharedArrayBuffer)
  );
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

function bufferOf([buffer]: readonly [ArrayBuffer, boolean]): ArrayBuffer {
  return buffer;
}
