import { ownFields, walkValue, type ValueClass } from '@sidereal/core';
import { isShared } from './shared-values.ts';

/** Futures and promises where they are looked for: in arrays, objects, Maps and Sets that are nothing more. */
export function futuresAmong(value: unknown): ReadonlySet<object> {
  const futures = new Set<object>();
  walkValue(value, {
    object: (part, valueClass) => {
      if (valueClass.kind === 'thenable') futures.add(part);
      return isOpen(part, valueClass) && !isShared(part);
    },
    scalar: (part) => {
      if (typeof part === 'function' && 'then' in part && typeof part.then === 'function') futures.add(part);
    },
  });
  return futures;
}

function isOpen(value: object, { kind }: ValueClass): boolean {
  switch (kind) {
    case 'array':
      return true;
    case 'record':
    case 'map':
    case 'set':
      return ownFields(value) !== undefined;
    default:
      return false;
  }
}
